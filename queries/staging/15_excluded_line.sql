-- Claim rows that are not audited, one reason each. What remains is the final action of each claim within the period.
CREATE OR REPLACE TABLE excluded_line AS
WITH candidate AS (
    SELECT line_id, 1 AS priority, reason FROM voided_line
    UNION ALL
    SELECT line_id, 2 AS priority, reason FROM superseded_line
    UNION ALL
    SELECT line_id, 3 AS priority, reason FROM cms_adjusted_line
    UNION ALL
    SELECT line_id, 4 AS priority, reason FROM reversal_pair
    UNION ALL
    SELECT line_id, 5 AS priority, reason FROM repeated_row
    UNION ALL
    SELECT line_id, 6 AS priority, 'outside the period' AS reason
    FROM claim_row
    WHERE
        service_date < getvariable('period_start')
        OR service_date > getvariable('period_end')
)
SELECT
    line_id,
    arg_min(reason, priority) AS reason
FROM candidate
GROUP BY line_id;
