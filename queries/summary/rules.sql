-- Lines concerned and gross potential dollars of each rule that flagged anything. A line counts once a rule.
SELECT
    rule_id,
    count(DISTINCT line_id) AS lines_flagged,
    CAST(coalesce(sum(amount_at_risk), 0) AS DECIMAL(14, 2)) AS gross_at_risk
FROM finding_line
WHERE is_counted
GROUP BY rule_id
ORDER BY rule_id;
