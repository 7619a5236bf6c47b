-- The discipline and the visit of each line.
-- A line that states no GP, GO or GN joins the only discipline stated for that patient, date and practice.
CREATE OR REPLACE TABLE line_discipline AS
WITH only_discipline AS (
    SELECT patient_id, service_date, practice_npi, min(stated_discipline) AS discipline
    FROM line_fact
    GROUP BY patient_id, service_date, practice_npi
    HAVING min(stated_discipline) = max(stated_discipline)
)
SELECT
    line_fact.line_id,
    line_fact.patient_id,
    line_fact.service_date,
    line_fact.practice_npi,
    line_fact.payer_key,
    line_fact.coverage_order,
    coalesce(line_fact.stated_discipline, only_discipline.discipline, 'unstated') AS discipline
FROM line_fact
LEFT JOIN only_discipline
    ON
        line_fact.patient_id = only_discipline.patient_id
        AND line_fact.service_date = only_discipline.service_date
        AND line_fact.practice_npi IS NOT DISTINCT FROM only_discipline.practice_npi;

-- visit = patient, date, practice, discipline; a secondary claim repeats the primary's services, so payers stay apart.
CREATE OR REPLACE TABLE visit_number AS
WITH lines_of_visit AS (
    SELECT min(line_id) AS visit_id, discipline, list(line_id) AS line_ids
    FROM line_discipline
    GROUP BY patient_id, service_date, practice_npi, discipline, payer_key, coverage_order
)
SELECT
    visit_id,
    discipline,
    unnest(line_ids) AS line_id
FROM lines_of_visit;
