-- Lines, findings and potential dollars of each month of service.
SELECT * FROM totals_by('line_total', ['month'])
ORDER BY month;
