/*+++
id = "MOD007"
name = "59-where-x-fits"
title = "Modifier 59 where the record shows which X modifier fits"
family = "modifier"
severity = "low"
confidence = "likely"
direction = "coding"
subject = "line"
partition_by = "patient"
reads = ["claim_line", "line_area", "modifier_role", "ptp_edit"]
version = 3
since = "0.1.0"
checks = "The payer prefers the X modifiers, the line carries plain 59, and the record of the line and its companion shows why they are separate: another practitioner of the practice (XP), another body area (XS), times that do not overlap (XU), or such times at least min_gap minutes apart (XE: the patient left and came back)."
why = "59 is for services that no narrower modifier describes. Payers that prefer the X modifiers review or deny lines with 59."
numerator = "lines with plain 59 whose record shows which X modifier fits"
denominator = "lines with 59 and no X modifier, to payers that prefer X modifiers, beside a code that an indicator 1 edit pairs with theirs, or, for a payer that states no edits, beside any other code (patient, date, practice, payer)"
applies_to = "payers for which audit.toml says x_modifiers = \"preferred\"; dates of service from 2015-01-01 (when the X modifiers began)"
not_evaluated_when = "Nothing shows an X modifier, and clock times or body areas are missing on the line or its companions."
flagged_example = "98941 to the low back and 97140-59 to the shoulder: XS."
correct_example = "98941 to the low back and 97140-XS to the shoulder."
fix = "Bill the X modifier that the record supports; a claim that was paid need not be sent again."
false_positives = "Clock times rounded so that they only seem to follow each other."
references = ["NCCI policy manual 2026, ch. I, sec. E", "CMS, Transmittal 1422 (X modifiers, 2014)"]

[params.min_gap]
type = "integer"
default = 60
help = "minutes between two times from which on they are two encounters"
+++*/
WITH edit_pair AS (
    SELECT column_1 AS procedure_code, column_2 AS companion_code, TRUE AS is_column_1, * EXCLUDE (column_1, column_2)
    FROM ptp_edit
    UNION ALL
    SELECT column_2 AS procedure_code, column_1 AS companion_code, FALSE AS is_column_1, * EXCLUDE (column_1, column_2)
    FROM ptp_edit
),

compared_line AS (
    SELECT
        line.*,
        companion.procedure_code AS companion_code,
        companion.claim_id AS companion_claim_id,
        companion.claim_line_number AS companion_line_number,
        line.rendering_npi <> companion.rendering_npi AS other_practitioner,
        CASE
            WHEN edit_pair.is_column_1 THEN areas_differ(companion_area.record, line_area.record)
            ELSE areas_differ(line_area.record, companion_area.record)
        END AS other_area,
        shared_minutes(line.start_time, line.end_time, companion.start_time, companion.end_time) = 0 AS other_time,
        coalesce(
            clock_minutes(line.end_time, companion.start_time), clock_minutes(companion.end_time, line.start_time)
        ) AS minutes_between,
        -- Beside an adjustment of the spine another time is no reason.
        'spinal_adjustment' IN (coalesce(line.service_kind, ''), coalesce(companion.service_kind, ''))
        AND (line.procedure_code IN ('97112', '97124', '97140') OR companion.procedure_code IN ('97112', '97124', '97140'))
            AS is_by_region_only,
        -- The narrowest that the record shows.
        CASE
            WHEN other_practitioner THEN 'distinct_practitioner'
            WHEN other_area THEN 'distinct_structure'
            WHEN is_by_region_only THEN NULL
            WHEN minutes_between >= $min_gap THEN 'distinct_encounter'
            WHEN other_time THEN 'distinct_other'
        END AS fitting_role
    FROM claim_line AS line
    INNER JOIN claim_line AS companion
        ON
            line.patient_id = companion.patient_id
            AND line.service_date = companion.service_date
            AND line.practice_npi IS NOT DISTINCT FROM companion.practice_npi
            AND line.payer_key = companion.payer_key
            AND line.coverage_order = companion.coverage_order
            AND line.procedure_code <> companion.procedure_code
            AND NOT companion.is_billed_to_be_denied
    INNER JOIN line_area ON line.line_id = line_area.line_id
    INNER JOIN line_area AS companion_area ON companion.line_id = companion_area.line_id
    LEFT JOIN edit_pair
        ON
            line.procedure_code = edit_pair.procedure_code
            AND companion.procedure_code = edit_pair.companion_code
            AND line.setting = edit_pair.setting
            AND line.service_date BETWEEN edit_pair.effective_from AND edit_pair.effective_to
            AND edit_pair.modifier_indicator = 1
    WHERE
        line.prefers_x_modifiers AND line.has_plain_59 AND NOT line.has_distinct_service_x AND NOT line.is_billed_to_be_denied
        -- A payer that states no edits may look at any other code of the day.
        AND (edit_pair.procedure_code IS NOT NULL OR NOT coalesce(line.follows_ncci, FALSE))
),

judged_line AS (
    SELECT
        line_id,
        any_value(compared_line.procedure_code) AS procedure_code,
        any_value(array_to_string(compared_line.modifiers, ' ')) AS modifiers,
        bool_or(other_area IS NULL OR (other_time IS NULL AND NOT is_by_region_only)) AS lacks_record,
        min({
            'claim_id': companion_claim_id, 'claim_line_number': companion_line_number, 'companion_code': companion_code,
            'modifier': modifier_role.modifier, 'shows': fitting_role
        }) FILTER (WHERE modifier_role.modifier IS NOT NULL) AS fitting
    FROM compared_line
    LEFT JOIN modifier_role
        ON
            compared_line.fitting_role = modifier_role.role
            AND compared_line.service_date BETWEEN modifier_role.effective_from AND modifier_role.effective_to
    GROUP BY line_id
)
SELECT
    line_id AS subject_id,
    fitting IS NOT NULL AS is_flagged,
    CASE WHEN lacks_record AND NOT is_flagged THEN 'clock times or body areas are missing on the pair' END AS reason,
    one_line(line_id, 0) AS lines,
    procedure_code || ' carries 59, the payer prefers X modifiers: ' || fitting.modifier || ' fits, against '
    || fitting.companion_code || ' (claim ' || fitting.claim_id || ' line ' || fitting.claim_line_number || ') the record shows '
    || CASE fitting.shows
        WHEN 'distinct_practitioner' THEN 'another practitioner of the practice'
        WHEN 'distinct_structure' THEN 'another body area'
        WHEN 'distinct_encounter' THEN 'another encounter, ' || counted($min_gap, 'minute', 'minutes') || ' or more apart'
        ELSE 'a time that does not overlap'
    END AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers, 'fitting_modifier': fitting.modifier, 'companion': fitting}
        AS evidence
FROM judged_line
ORDER BY subject_id;
