-- Lines, findings and potential dollars of each rendering provider.
SELECT * FROM totals_by('line_total', ['rendering_npi', 'provider_role'])
ORDER BY rendering_npi, provider_role;
