-- Lines, findings and potential dollars of the lines of line_total (by name, for the table is younger than this macro) that share
-- the columns `keys`: one row for each of their values. Those columns stand first, as the table has them.
CREATE OR REPLACE MACRO totals_by(lines_totalled, keys) AS TABLE
SELECT
    COLUMNS(lambda name : list_contains(keys, name)),
    count(*) AS lines,
    count(DISTINCT visit_id) AS visits,
    CAST(coalesce(sum(line_amount), 0) AS DECIMAL(14, 2)) AS amount,
    CAST(sum(findings) AS BIGINT) AS findings,
    count(*) FILTER (WHERE has_error) AS lines_with_error,
    CAST(sum(over_gross) AS DECIMAL(14, 2)) AS over_gross,
    CAST(sum(over_once) AS DECIMAL(14, 2)) AS over_once,
    CAST(sum(under_gross) AS DECIMAL(14, 2)) AS under_gross
FROM query_table(lines_totalled)
GROUP BY ALL;
