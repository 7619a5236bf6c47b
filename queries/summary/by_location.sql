-- Lines, findings and potential dollars of each clinic or site.
SELECT
    location,
    count(*) AS lines,
    count(DISTINCT visit_id) AS visits,
    CAST(coalesce(sum(line_amount), 0) AS DECIMAL(14, 2)) AS amount,
    CAST(sum(findings) AS BIGINT) AS findings,
    count(*) FILTER (WHERE has_error) AS lines_with_error,
    CAST(sum(over_gross) AS DECIMAL(14, 2)) AS over_gross,
    CAST(sum(over_once) AS DECIMAL(14, 2)) AS over_once,
    CAST(sum(under_gross) AS DECIMAL(14, 2)) AS under_gross
FROM line_total
GROUP BY location
ORDER BY location;
