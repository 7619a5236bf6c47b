-- Rows that were read and not audited, by reason.
SELECT
    reason,
    count(*) AS "rows",
    CAST(sum(charge_amount) AS DECIMAL(14, 2)) AS charge_amount,
    CAST(sum(allowed_amount) AS DECIMAL(14, 2)) AS allowed_amount,
    CAST(sum(paid_amount) AS DECIMAL(14, 2)) AS paid_amount
FROM excluded_row
GROUP BY reason
ORDER BY reason;
