-- Each provider's lines that an NCCI edit pairs, and how many of them are told apart by a modifier of the 59 family: the lines that
-- MOD010 counts, those outside the period too.
SELECT
    provider_npi AS rendering_npi,
    count(*) AS lines,
    count(*) FILTER (WHERE is_separated) AS lines_59
FROM paired_line
WHERE provider_npi IS NOT NULL
GROUP BY provider_npi
ORDER BY provider_npi;
