-- Lines, findings and potential dollars of each procedure code.
SELECT
    procedure_code,
    (SELECT min(plain_name) FROM procedure WHERE procedure.procedure_code = total.procedure_code) AS plain_name,
    * EXCLUDE (procedure_code)
FROM totals_by('line_total', ['procedure_code']) AS total
ORDER BY procedure_code;
