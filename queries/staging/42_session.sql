-- One-on-one sessions with clock times: a line with minutes is one (of at most its span); without minutes the lines of one
-- visit and therapist with the same start and end are one, of the fewest minutes that their units need. Start and end may be
-- an appointment's. What was denied, is self-pay or a secondary claim is no session, nor is an evaluation without minutes.
CREATE OR REPLACE TABLE session_line AS
SELECT
    line_id,
    visit_id,
    patient_id,
    service_date,
    rendering_npi,
    claim_id,
    claim_line_number,
    epoch(start_time) / 60 AS began,
    epoch(end_time) / 60 AS ended,
    is_timed,
    marks_assistants,
    who_else,
    has_modifier_column,
    "minutes",
    -- An assistant works beside the therapist under one NPI, and an institution's lines name the facility.
    rendering_npi IS NOT NULL AND bill_type IS NULL AND NOT has_assistant AS is_provider_time,
    -- Units that look like minutes are taken for those minutes.
    CASE WHEN looks_like_minutes THEN units / 15 ELSE greatest(units, 0) END AS units_at_least,
    min(line_id) OVER (
        PARTITION BY
            visit_id, start_time, end_time, rendering_npi, is_provider_time, "minutes" IS NULL,
            CASE WHEN "minutes" IS NOT NULL THEN line_id END
    ) AS first_line_id
FROM claim_line
WHERE
    is_one_on_one AND counts_units AND coverage_order = 'P' AND unit_rule <> 'none'
    AND end_time > start_time AND ("minutes" IS NOT NULL OR is_timed)
    -- On which of several days the time was given is not known.
    AND days = 1;

CREATE OR REPLACE TABLE session_asked AS
SELECT
    row_number() OVER (
        ORDER BY min({'claim_id': claim_id, 'claim_line_number': claim_line_number, 'line_id': line_id})
    ) AS session_id,
    min({'claim_id': claim_id, 'claim_line_number': claim_line_number, 'line_id': line_id}) AS first_line,
    any_value(visit_id) AS visit_id,
    any_value(patient_id) AS patient_id,
    any_value(service_date) AS service_date,
    any_value(rendering_npi) AS rendering_npi,
    any_value(is_provider_time) AS is_provider_time,
    bool_and(marks_assistants) AS marks_assistants,
    any_value(who_else) AS who_else,
    bool_and(has_modifier_column) AS has_modifier_column,
    any_value(began) AS began,
    any_value(ended) AS ended,
    bool_or(is_timed) AS is_timed,
    bool_or("minutes" IS NULL) AS is_implied,
    least(
        coalesce(any_value("minutes"), fewest_minutes_of(sum(units_at_least))), any_value(ended) - any_value(began)
    ) AS asked,
    list(line_id ORDER BY line_id) AS line_ids
FROM session_line
GROUP BY first_line_id;

-- What each session keeps on the clock of its patient, over all who treated.
CREATE OR REPLACE VIEW patient_clock AS
SELECT dense_rank() OVER (ORDER BY patient_id, service_date) AS clock_key, session_id, began, ended, asked
FROM session_asked;

-- On the clock of the patient with one provider: what does not fit there is the patient's own missing time.
CREATE OR REPLACE VIEW patient_clock_with_provider AS
SELECT dense_rank() OVER (ORDER BY rendering_npi, service_date, patient_id) AS clock_key, session_id, began, ended, asked
FROM session_asked
WHERE is_provider_time;

CREATE OR REPLACE TABLE kept_with_provider AS
SELECT session_id, kept FROM minutes_kept('patient_clock_with_provider');

-- On the provider's clock, of what is left after that; and of the lines alone on which an assistant would be marked.
CREATE OR REPLACE VIEW provider_clock AS
SELECT
    dense_rank() OVER (ORDER BY session_asked.rendering_npi, session_asked.service_date) AS clock_key,
    session_id,
    session_asked.began,
    session_asked.ended,
    kept_with_provider.kept AS asked
FROM session_asked
INNER JOIN kept_with_provider USING (session_id);

CREATE OR REPLACE VIEW marked_provider_clock AS
SELECT provider_clock.*
FROM provider_clock
INNER JOIN session_asked USING (session_id)
WHERE session_asked.marks_assistants;

CREATE OR REPLACE TABLE session AS
SELECT
    session_asked.*,
    of_patient.kept AS kept_of_patient,
    kept_with_provider.kept AS kept_with_provider,
    of_provider.kept AS kept_of_provider,
    of_marked.kept AS kept_of_marked
FROM session_asked
INNER JOIN minutes_kept('patient_clock') AS of_patient USING (session_id)
LEFT JOIN kept_with_provider USING (session_id)
LEFT JOIN minutes_kept('provider_clock') AS of_provider USING (session_id)
LEFT JOIN minutes_kept('marked_provider_clock') AS of_marked USING (session_id);
