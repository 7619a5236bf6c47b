-- Findings and gross potential dollars by direction. Over and under stand apart and are never netted.
SELECT
    direction,
    count(*) AS findings,
    CAST(coalesce(sum(amount_at_risk), 0) AS DECIMAL(14, 2)) AS gross
FROM finding
WHERE is_counted
GROUP BY direction
ORDER BY direction;
