-- The discipline and the visit of each line.
-- A line that states no GP, GO or GN joins the only discipline stated for that patient, date and practice; where therapists of
-- several disciplines treated there that day, it is of its own therapist's.
CREATE OR REPLACE TABLE own_discipline AS
SELECT
    claim_row.line_id,
    claim_row.patient_id,
    claim_row.service_date,
    -- Where no billing NPI stands all of the export is one practice.
    claim_row.billing_npi AS practice_npi,
    policy.payer_key,
    coverage_of(claim_row.payer_sequence) AS coverage_order,
    modifier_set.stated_discipline,
    taxonomy_role.discipline AS therapist_discipline,
    coalesce(stated_discipline, therapist_discipline) AS known_discipline
FROM claim_row
LEFT JOIN excluded_line USING (line_id)
INNER JOIN modifier_set
    ON
        claim_row.service_date = modifier_set.service_date
        AND claim_row.modifier_1 IS NOT DISTINCT FROM modifier_set.modifier_1
        AND claim_row.modifier_2 IS NOT DISTINCT FROM modifier_set.modifier_2
        AND claim_row.modifier_3 IS NOT DISTINCT FROM modifier_set.modifier_3
        AND claim_row.modifier_4 IS NOT DISTINCT FROM modifier_set.modifier_4
INNER JOIN payer_policy AS policy
    ON
        claim_row.service_date = policy.service_date
        AND claim_row.payer_name IS NOT DISTINCT FROM policy.payer_name
        AND claim_row.payer_id IS NOT DISTINCT FROM policy.payer_id
        AND claim_row.claim_filing_indicator IS NOT DISTINCT FROM policy.claim_filing_indicator
LEFT JOIN taxonomy_role
    ON
        claim_row.rendering_taxonomy = taxonomy_role.rendering_taxonomy
        AND claim_row.service_date BETWEEN taxonomy_role.effective_from AND taxonomy_role.effective_to
WHERE coalesce(excluded_line.reason = 'outside the period', TRUE);

-- visit = patient, date, practice, discipline; a secondary claim repeats the primary's services, so payers stay apart. What makes
-- lines a visit stands here once, with the lines; the first line's number is the visit's.
CREATE OR REPLACE TABLE visit_header AS
-- The day is asked for the lines that state none.
WITH unstated_line AS (
    SELECT * FROM own_discipline WHERE stated_discipline IS NULL
),

day_discipline AS (
    SELECT
        patient_id,
        service_date,
        practice_npi,
        CASE WHEN min(stated_discipline) = max(stated_discipline) THEN min(stated_discipline) END AS only_discipline,
        coalesce(min(known_discipline) < max(known_discipline), FALSE) AS has_several
    FROM own_discipline
    WHERE patient_id IN (SELECT patient_id FROM unstated_line)
    GROUP BY patient_id, service_date, practice_npi
),

line_discipline AS (
    SELECT
        line_id,
        patient_id,
        service_date,
        practice_npi,
        payer_key,
        coverage_order,
        stated_discipline AS discipline
    FROM own_discipline
    WHERE stated_discipline IS NOT NULL
    UNION ALL
    SELECT
        line.line_id,
        line.patient_id,
        line.service_date,
        line.practice_npi,
        line.payer_key,
        line.coverage_order,
        coalesce(
            CASE WHEN day_discipline.has_several THEN line.therapist_discipline END, day_discipline.only_discipline, 'unstated'
        ) AS discipline
    FROM unstated_line AS line
    INNER JOIN day_discipline
        ON
            line.patient_id = day_discipline.patient_id
            AND line.service_date = day_discipline.service_date
            AND line.practice_npi IS NOT DISTINCT FROM day_discipline.practice_npi
)
SELECT
    min(line_id) AS visit_id,
    patient_id,
    service_date,
    practice_npi,
    discipline,
    payer_key,
    coverage_order,
    list(line_id) AS line_ids
FROM line_discipline
GROUP BY patient_id, service_date, practice_npi, discipline, payer_key, coverage_order;

CREATE OR REPLACE TABLE visit_number AS
SELECT
    visit_id,
    discipline,
    unnest(line_ids) AS line_id
FROM visit_header;

DROP TABLE IF EXISTS own_discipline;
