-- Lines, findings and potential dollars of each payer.
SELECT * FROM totals_by('line_total', ['payer_name', 'payer_class'])
ORDER BY payer_name, payer_class;
