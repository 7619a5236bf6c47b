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
reads = ["claim_line", "modifier_role", "ptp_edit"]
version = 1
since = "0.1.0"
checks = "The payer prefers the X modifiers, the line carries plain 59, and the record of the line and its companion in an NCCI edit shows why they are separate: another practitioner of the practice (XP), another body area (XS), times that do not overlap (XE)."
why = "59 is for services that no narrower modifier describes. Payers that prefer the X modifiers review or deny lines with 59."
numerator = "lines with plain 59 whose record shows which X modifier fits"
denominator = "lines with 59 and no X modifier, to payers that prefer X modifiers, beside a code that an indicator 1 edit pairs with theirs (patient, date, practice, payer)"
applies_to = "payers for which audit.toml says x_modifiers = \"preferred\"; dates of service from 2015-01-01 (when the X modifiers began)"
not_evaluated_when = "Nothing shows an X modifier, and clock times or body areas are missing on the line or its companions."
flagged_example = "98941 to the low back and 97140-59 to the shoulder: XS."
correct_example = "98941 to the low back and 97140-XS to the shoulder."
fix = "Bill the X modifier that the record supports; a claim that was paid need not be sent again."
false_positives = "A body area recorded under two names; clock times rounded so that they only seem to follow each other."
references = ["NCCI policy manual 2026, ch. I, sec. E", "CMS, Transmittal 1422 (X modifiers, 2014)"]
+++*/
WITH edit_pair AS (
    SELECT column_1 AS procedure_code, column_2 AS companion_code, * EXCLUDE (column_1, column_2) FROM ptp_edit
    UNION ALL
    SELECT column_2 AS procedure_code, column_1 AS companion_code, * EXCLUDE (column_1, column_2) FROM ptp_edit
),

compared_line AS (
    SELECT
        line.*,
        companion.procedure_code AS companion_code,
        companion.claim_id AS companion_claim_id,
        companion.claim_line_number AS companion_line_number,
        line.rendering_npi <> companion.rendering_npi AS other_practitioner,
        areas_differ(
            body_areas(line.body_region, line.area_minutes), body_areas(companion.body_region, companion.area_minutes)
        ) AS other_area,
        shared_minutes(line.start_time, line.end_time, companion.start_time, companion.end_time) = 0 AS other_time,
        -- The narrowest that the record shows.
        CASE
            WHEN other_practitioner THEN 'distinct_practitioner'
            WHEN other_area THEN 'distinct_structure'
            WHEN other_time THEN 'distinct_encounter'
        END AS fitting_role
    FROM claim_line AS line
    INNER JOIN claim_line AS companion
        ON
            line.patient_id = companion.patient_id
            AND line.service_date = companion.service_date
            AND line.practice_npi = companion.practice_npi
            AND line.payer_key = companion.payer_key
            AND line.coverage_order = companion.coverage_order
    INNER JOIN edit_pair
        ON
            line.procedure_code = edit_pair.procedure_code
            AND companion.procedure_code = edit_pair.companion_code
            AND line.setting = edit_pair.setting
            AND line.service_date BETWEEN edit_pair.effective_from AND edit_pair.effective_to
            AND edit_pair.modifier_indicator = 1
    WHERE line.prefers_x_modifiers AND line.has_plain_59 AND NOT line.has_distinct_service_x
),

judged_line AS (
    SELECT
        line_id,
        any_value(compared_line.procedure_code) AS procedure_code,
        any_value(array_to_string(compared_line.modifiers, ' ')) AS modifiers,
        bool_or(other_area IS NULL OR other_time IS NULL) AS lacks_record,
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
        ELSE 'a time that does not overlap'
    END AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers, 'fitting_modifier': fitting.modifier, 'companion': fitting}
        AS evidence
FROM judged_line
ORDER BY subject_id;
