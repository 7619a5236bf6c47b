-- Lines, findings and potential dollars of each clinic or site.
SELECT * FROM totals_by('line_total', ['location'])
ORDER BY location;
