-- Each rendering provider's lines that stand in an NCCI pair, and how many of them carry a modifier of the 59 family.
WITH paired_line AS (
    SELECT column_1_line_id AS line_id FROM ptp_pair
    UNION
    SELECT column_2_line_id AS line_id FROM ptp_pair
)
SELECT
    rendering_npi,
    count(*) AS lines,
    count(*) FILTER (WHERE has_distinct_service) AS lines_59
FROM paired_line
INNER JOIN claim_line USING (line_id)
WHERE rendering_npi IS NOT NULL
GROUP BY rendering_npi
ORDER BY rendering_npi;
