-- What became of the rows of each file and of their dollars: audited rows are counted in claim_line, the very table that
-- rules read, so that a row lost on the way breaks the tie. Rejected rows never reached the tables and are not here.
WITH fate AS (
    SELECT source_file, 'audited' AS fate, charge_amount, allowed_amount, paid_amount FROM claim_line
    UNION ALL
    SELECT source_file, 'excluded' AS fate, charge_amount, allowed_amount, paid_amount FROM excluded_row
    UNION ALL
    -- Dollars of audited lines that are the claim's total over again: no row of their own, and no line's amount.
    SELECT
        source_file,
        'claim_totals' AS fate,
        CASE WHEN list_contains(totals, 'charge_amount') THEN charge_amount END AS charge_amount,
        CASE WHEN list_contains(totals, 'allowed_amount') THEN allowed_amount END AS allowed_amount,
        CASE WHEN list_contains(totals, 'paid_amount') THEN paid_amount END AS paid_amount
    FROM claim_row
    INNER JOIN claim_total_line USING (line_id)
    ANTI JOIN excluded_line USING (line_id)
)
SELECT
    source_file,
    fate,
    count(*) AS "rows",
    CAST(coalesce(sum(charge_amount), 0) AS DECIMAL(14, 2)) AS charge_amount,
    CAST(coalesce(sum(allowed_amount), 0) AS DECIMAL(14, 2)) AS allowed_amount,
    CAST(coalesce(sum(paid_amount), 0) AS DECIMAL(14, 2)) AS paid_amount
FROM fate
GROUP BY source_file, fate
ORDER BY source_file, fate;
