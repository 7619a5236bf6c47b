-- What the export calls each person who treated. A column of that name may hold patients' names in some system: a name is taken
-- for a provider's where it stands on nine of ten of the lines that name one, and on lines of five patients at least.
WITH named_line AS (
    SELECT
        rendering_npi,
        trim(rendering_name) AS provider_name,
        patient_id
    FROM claim_line
    WHERE rendering_npi IS NOT NULL AND regexp_matches(rendering_name, '[A-Za-z]{2}')
),

counted_name AS (
    SELECT
        rendering_npi,
        provider_name,
        count(*) AS lines,
        count(DISTINCT patient_id) AS patients,
        sum(count(*)) OVER (PARTITION BY rendering_npi) AS lines_of_npi
    FROM named_line
    GROUP BY rendering_npi, provider_name
)

SELECT
    rendering_npi,
    provider_name
FROM counted_name
WHERE lines * 10 >= lines_of_npi * 9 AND patients >= 5
ORDER BY rendering_npi;
