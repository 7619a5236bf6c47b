-- The role of each taxonomy code in the export (reference prefixes are matched once a code, not once a line).
CREATE OR REPLACE TABLE taxonomy_role AS
SELECT
    seen.rendering_taxonomy,
    provider_role.provider_role,
    provider_role.bills_medicare_therapy,
    provider_role.discipline,
    provider_role.effective_from,
    provider_role.effective_to
FROM (SELECT DISTINCT rendering_taxonomy FROM claim_row WHERE rendering_taxonomy IS NOT NULL) AS seen
INNER JOIN provider_role ON starts_with(seen.rendering_taxonomy, provider_role.taxonomy_prefix);

-- Rendering NPIs behind which several people may stand: a physician's or practitioner's, under which therapists' services
-- incident to theirs are billed, and that of a practice that bills under it while others render for it too. (A practice of
-- one bills and renders under one NPI.)
CREATE OR REPLACE TABLE shared_npi AS
WITH practitioner AS (
    SELECT DISTINCT claim_row.rendering_npi
    FROM claim_row
    INNER JOIN taxonomy_role USING (rendering_taxonomy)
    WHERE
        taxonomy_role.provider_role IN (
            'physician', 'podiatrist', 'nurse_practitioner', 'physician_assistant', 'clinical_nurse_specialist'
        )
),

practice AS (
    SELECT billing_npi AS rendering_npi
    FROM claim_row
    GROUP BY billing_npi
    HAVING bool_or(rendering_npi = billing_npi) AND bool_or(rendering_npi <> billing_npi)
)
SELECT
    rendering_npi,
    CASE
        WHEN bool_or(is_practice) THEN 'the NPI is also the practice''s, for which others render too'
        ELSE 'a therapist whose service is billed incident to this practitioner''s may have given some of it'
    END AS who_else
FROM (
    SELECT rendering_npi, TRUE AS is_practice FROM practice
    UNION ALL
    SELECT rendering_npi, FALSE AS is_practice FROM practitioner
) AS shared
WHERE rendering_npi IS NOT NULL
GROUP BY rendering_npi;
