-- Rows that were read and not audited, by reason.
SELECT
    excluded_line.reason,
    count(*) AS "rows",
    CAST(sum(charge_amount) AS DECIMAL(14, 2)) AS charge_amount,
    CAST(sum(allowed_amount) AS DECIMAL(14, 2)) AS allowed_amount,
    CAST(sum(paid_amount) AS DECIMAL(14, 2)) AS paid_amount
FROM excluded_line
INNER JOIN claim_row USING (line_id)
GROUP BY excluded_line.reason
ORDER BY excluded_line.reason;
