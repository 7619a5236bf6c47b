/*+++
id = "MOD002"
name = "59-without-edit"
title = "Modifier 59 where no edit stands between the codes"
family = "modifier"
severity = "low"
confidence = "likely"
direction = "coding"
subject = "line"
partition_by = "patient"
reads = ["claim_line", "ptp_pair"]
version = 4
since = "0.1.0"
checks = "The line carries modifier 59, XE, XS, XP or XU, other codes stand beside it, but no NCCI edit in force that day pairs it with any of them. XP, which says a separate practitioner, is right where another one's line stands on the date."
why = "The modifier bypasses nothing. It adds no payment, draws attention, and hides the lines on which it is needed."
numerator = "lines of the 59 family with companion codes, none of which stands in an edit in force with the line's code"
denominator = "lines of the 59 family with at least one other code by the provider for the patient, date and payer"
applies_to = "payers that follow NCCI edits: that Medicare has no edit says nothing of a payer with edits of its own. Lines billed to be denied are left out, and so are other payers' lines: an edit stands between lines of one payer."
not_evaluated_when = "The payer is not known to follow NCCI edits; self-pay; no edit was found, but a code of the day lies outside the coverage of the loaded edits; or a line of the day has no NPI; with XP, a line of the patient and date does not say who treated."
flagged_example = "97124-59 beside 97110: no edit pairs the two."
correct_example = "97124-59 beside 98941: an edit with indicator 1 pairs the two."
fix = "Take the modifier off. Check whether a system appends it by itself."
ask = "why the modifier was set"
false_positives = "An edit newer than the loaded edition; an Advantage plan with edits of its own."
references = ["NCCI policy manual 2026, ch. I, sec. E", "CMS NCCI procedure-to-procedure edits, practitioner services"]
+++*/
WITH distinct_line AS (
    SELECT * FROM claim_line
    WHERE
        has_distinct_service
        AND NOT is_billed_to_be_denied
        AND (follows_ncci OR follows_ncci IS NULL OR unit_rule = 'none')
),

edited_line AS (
    SELECT column_1_line_id AS line_id FROM ptp_pair WHERE provider_known AND same_payer
    UNION
    SELECT column_2_line_id AS line_id FROM ptp_pair WHERE provider_known AND same_payer
),

judged_line AS (
    SELECT
        distinct_line.line_id,
        any_value(distinct_line.procedure_code) AS procedure_code,
        any_value(array_to_string(distinct_line.modifiers, ' ')) AS modifiers,
        list_sort(list(DISTINCT companion.procedure_code)) AS companions,
        any_value(distinct_line.unit_rule) AS unit_rule,
        any_value(distinct_line.follows_ncci) AS follows_ncci,
        any_value(distinct_line.payer_class) AS payer_class,
        any_value(edited_line.line_id) IS NOT NULL AS has_edit,
        any_value(distinct_line.has_other_practitioner) AS other_practitioner,
        bool_or(distinct_line.provider_npi IS NULL OR companion.provider_npi IS NULL) AS no_npi,
        bool_or(NOT distinct_line.is_ptp_covered OR NOT companion.is_ptp_covered) AS outside_coverage
    FROM distinct_line
    INNER JOIN claim_line AS companion
        ON
            distinct_line.patient_id = companion.patient_id
            AND distinct_line.service_date = companion.service_date
            AND distinct_line.payer_key = companion.payer_key
            AND distinct_line.coverage_order = companion.coverage_order
            AND NOT companion.is_billed_to_be_denied
            AND distinct_line.procedure_code <> companion.procedure_code
            AND coalesce(distinct_line.provider_npi = companion.provider_npi, TRUE)
    LEFT JOIN edited_line ON distinct_line.line_id = edited_line.line_id
    GROUP BY distinct_line.line_id
)
SELECT
    line_id AS subject_id,
    NOT has_edit AND NOT other_practitioner AS is_flagged,
    CASE
        WHEN unit_rule = 'none' THEN reason_self_pay()
        WHEN follows_ncci IS NULL THEN reason_ncci_not_known(payer_class)
        WHEN NOT is_flagged THEN NULL
        WHEN other_practitioner IS NULL THEN reason_unknown_who_treated()
        WHEN no_npi THEN 'a line of the day has no NPI'
        WHEN outside_coverage THEN reason_outside_edits()
    END AS reason,
    one_line(line_id, 0) AS lines,
    procedure_code || ' carries ' || modifiers || ', but no NCCI edit of the ' || ptp_edition() || ' pairs it with '
    || array_to_string(companions, ', ') AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers, 'other_codes_of_the_day': companions} AS evidence
FROM judged_line
ORDER BY subject_id;
