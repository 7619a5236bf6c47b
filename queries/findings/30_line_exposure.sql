-- Each dollar once: a line flagged by several rules is exposed to the largest of its `over` amounts, and never to more
-- than the line itself. Under-billing and coding findings are no exposure.
CREATE OR REPLACE TABLE line_exposure AS
SELECT
    finding_line.line_id,
    CAST(least(max(finding_line.amount_at_risk), greatest(any_value(claim_line.line_amount), 0)) AS DECIMAL(12, 2))
        AS exposed_amount
FROM finding_line
INNER JOIN claim_line USING (line_id)
WHERE finding_line.direction = 'over' AND finding_line.amount_at_risk > 0 AND finding_line.is_counted
GROUP BY finding_line.line_id;
