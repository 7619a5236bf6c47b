-- Time that was billed and cannot have been, asked three ways: of a patient over all who treated, of a provider over all
-- patients, and of a provider over the lines alone on which an assistant would be marked.
CREATE OR REPLACE TABLE missing_time AS
SELECT
    question.asked_of,
    session.* EXCLUDE (asked, kept_of_patient, kept_with_provider, kept_of_provider, kept_of_marked),
    CASE question.asked_of WHEN 'patient' THEN asked ELSE kept_with_provider END AS asked,
    CASE question.asked_of
        WHEN 'patient' THEN kept_of_patient WHEN 'provider' THEN kept_of_provider ELSE kept_of_marked
    END AS kept
FROM session
CROSS JOIN (VALUES ('patient'), ('provider'), ('marked provider')) AS question (asked_of)
WHERE question.asked_of = 'patient' OR (is_provider_time AND (question.asked_of = 'provider' OR marks_assistants));

-- The lines whose units the minutes kept must support: of a visit from which timed minutes are missing the patient's lines,
-- or those of the provider. Lines without clock times keep their minutes; without either, those of their units.
CREATE OR REPLACE TABLE kept_line AS
WITH short_visit AS (
    SELECT
        row_number() OVER (ORDER BY asked_of, visit_id, who) AS short_id,
        asked_of,
        visit_id,
        CASE WHEN asked_of <> 'patient' THEN rendering_npi END AS who,
        any_value(patient_id) AS patient_id,
        any_value(service_date) AS service_date,
        -- Nothing kept is nothing to share out.
        nullif(sum(kept) FILTER (WHERE is_implied), 0) AS implied_kept
    FROM missing_time
    -- Nobody knows the units of a visit where some look like minutes or are of several days, whoever gave them.
    ANTI JOIN (SELECT visit_id FROM code_of_visit WHERE looks_like_minutes OR is_of_several_days) AS unclear_visit
        USING (visit_id)
    WHERE is_timed
    GROUP BY asked_of, visit_id, who
    HAVING sum(asked - kept) > 0
),

kept_minutes AS (
    SELECT asked_of, unnest(line_ids) AS line_id, is_implied, kept FROM missing_time
)
SELECT
    short_visit.* EXCLUDE (visit_id),
    claim_line.line_id,
    claim_line.timed_as AS procedure_code,
    claim_line.unit_rule,
    claim_line.units,
    -- Lines without minutes share those of their session.
    CASE WHEN kept_minutes.is_implied THEN 0 ELSE coalesce(kept_minutes.kept, claim_line."minutes", 15 * claim_line.units) END
        AS line_kept
FROM short_visit
INNER JOIN claim_line
    ON
        short_visit.visit_id = claim_line.visit_id
        AND claim_line.is_timed AND claim_line.counts_units
        AND (
            short_visit.asked_of = 'patient'
            OR (short_visit.who = claim_line.rendering_npi AND NOT claim_line.has_assistant)
        )
LEFT JOIN kept_minutes ON claim_line.line_id = kept_minutes.line_id AND short_visit.asked_of = kept_minutes.asked_of;

-- Units of those lines beyond what the minutes kept support by the payer's method.
CREATE OR REPLACE TABLE unit_without_time AS
WITH kept_code AS (
    SELECT
        short_id,
        procedure_code,
        any_value(unit_rule) AS unit_rule,
        any_value(implied_kept) AS implied_kept,
        sum(units) AS units,
        floor(sum(line_kept)) AS code_kept
    FROM kept_line
    GROUP BY short_id, procedure_code
),

kept_visit AS (
    SELECT
        short_id,
        -- Under ama a code's spare minutes help no other code; without minutes of its own a code's are not known.
        any_value(unit_rule) = 'ama' AND any_value(implied_kept) IS NULL AS is_by_code,
        sum(units) AS units,
        units_supported(floor(sum(code_kept) + coalesce(any_value(implied_kept), 0))) AS cms_units,
        CASE
            WHEN any_value(implied_kept) IS NULL THEN sum(units_supported(code_kept))
            ELSE most_units_of_any_split(floor(sum(code_kept) + any_value(implied_kept)), count(*))
        END AS ama_units,
        CASE any_value(unit_rule)
            WHEN 'cms' THEN sum(units) - cms_units
            WHEN 'ama'
                THEN
                    CASE
                        WHEN is_by_code THEN sum(greatest(0, units - units_supported(code_kept)))
                        ELSE sum(units) - ama_units
                    END
            ELSE sum(units) - greatest(cms_units, ama_units)
        END AS excess
    FROM kept_code
    GROUP BY short_id
)
SELECT
    kept_line.asked_of,
    kept_line.short_id,
    kept_line.who,
    kept_line.patient_id,
    kept_line.service_date,
    kept_line.line_id,
    kept_line.procedure_code,
    CASE WHEN is_by_code THEN kept_code.units - units_supported(kept_code.code_kept) ELSE kept_visit.excess END
        AS code_surplus,
    kept_visit.excess,
    kept_line.units
FROM kept_line
INNER JOIN kept_code USING (short_id, procedure_code)
INNER JOIN kept_visit USING (short_id)
WHERE kept_visit.excess > 0;
