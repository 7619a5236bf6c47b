-- Lines, findings and potential dollars of each procedure code.
SELECT
    procedure_code,
    (
        SELECT min(plain_name) FROM procedure WHERE procedure.procedure_code = line_total.procedure_code
    ) AS plain_name,
    count(*) AS lines,
    count(DISTINCT visit_id) AS visits,
    CAST(coalesce(sum(line_amount), 0) AS DECIMAL(14, 2)) AS amount,
    CAST(sum(findings) AS BIGINT) AS findings,
    count(*) FILTER (WHERE has_error) AS lines_with_error,
    CAST(sum(over_gross) AS DECIMAL(14, 2)) AS over_gross,
    CAST(sum(over_once) AS DECIMAL(14, 2)) AS over_once,
    CAST(sum(under_gross) AS DECIMAL(14, 2)) AS under_gross
FROM line_total
GROUP BY procedure_code
ORDER BY procedure_code;
