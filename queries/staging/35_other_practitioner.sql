-- A line whose modifier (XP) says that a separate practitioner gave it: does another practitioner's line of the patient
-- stand on the date? NULL: a line of the day does not say who treated (a billing NPI is the practice's).
CREATE OR REPLACE TABLE other_practitioner AS
SELECT
    line_fact.line_id,
    CASE
        WHEN bool_or(other.rendering_npi <> line.rendering_npi) THEN TRUE
        WHEN count(other.rendering_npi <> line.rendering_npi) = count(*) THEN FALSE
    END AS has_other_practitioner
FROM line_fact
INNER JOIN claim_row AS line USING (line_id)
INNER JOIN line_fact AS other_fact
    ON
        line_fact.patient_id = other_fact.patient_id
        AND line_fact.service_date = other_fact.service_date
        AND line_fact.line_id <> other_fact.line_id
INNER JOIN claim_row AS other ON other_fact.line_id = other.line_id
WHERE line_fact.has_distinct_practitioner
GROUP BY line_fact.line_id;
