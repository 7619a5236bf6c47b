-- A line whose modifier (XP) says that a separate practitioner gave it: does another practitioner's line of the patient
-- stand on the date? NULL: a line of the day does not say who treated (a billing NPI is the practice's).
CREATE OR REPLACE TABLE other_practitioner AS
WITH final_line AS NOT MATERIALIZED (
    SELECT claim_row.*
    FROM claim_row
    LEFT JOIN excluded_line USING (line_id)
    WHERE coalesce(excluded_line.reason = 'outside the period', TRUE)
)
SELECT
    line.line_id,
    CASE
        WHEN bool_or(other.rendering_npi <> line.rendering_npi) THEN TRUE
        WHEN count(other.rendering_npi <> line.rendering_npi) = count(*) THEN FALSE
    END AS has_other_practitioner
FROM final_line AS line
INNER JOIN modifier_set
    ON
        line.service_date = modifier_set.service_date
        AND line.modifier_1 IS NOT DISTINCT FROM modifier_set.modifier_1
        AND line.modifier_2 IS NOT DISTINCT FROM modifier_set.modifier_2
        AND line.modifier_3 IS NOT DISTINCT FROM modifier_set.modifier_3
        AND line.modifier_4 IS NOT DISTINCT FROM modifier_set.modifier_4
        AND modifier_set.has_distinct_practitioner
INNER JOIN final_line AS other
    ON
        line.patient_id = other.patient_id
        AND line.service_date = other.service_date
        AND line.line_id <> other.line_id
GROUP BY line.line_id;
