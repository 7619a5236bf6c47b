/*+++
id = "MOD001"
name = "59-without-companion"
title = "Modifier 59 on a line that has no other line beside it"
family = "modifier"
severity = "medium"
confidence = "certain"
direction = "coding"
subject = "line"
partition_by = "patient"
reads = ["claim_line"]
version = 3
since = "0.1.0"
checks = "Modifier 59, XE, XS, XP or XU says that a service is distinct from another one of the day. Here the provider billed no other line for the patient on that date: no other code, and the same code no second time. With XP, which says a separate practitioner, nobody did."
why = "There is nothing the service could be distinct from. A modifier put on by habit invites a payer's review of every line that carries it."
numerator = "lines with a modifier of the 59 family and no other line by the provider (XP: by anybody) for the patient on the date"
denominator = "lines with a modifier of the 59 family"
applies_to = "every payer"
not_evaluated_when = "The line has no NPI, or another line of the patient and date has none."
flagged_example = "97140-59 alone on the date."
correct_example = "97140-59 beside 98941 on the same date; 97140 in the morning and 97140-XE in the afternoon."
fix = "Take the modifier off unless another service of the day is missing from the export."
false_positives = "The companion code was billed by another system, or in a file that was not part of the export."
references = ["NCCI policy manual 2026, ch. I, sec. E"]
+++*/
WITH distinct_line AS (
    SELECT * FROM claim_line WHERE has_distinct_service AND NOT is_billed_to_be_denied
),

judged_line AS (
    SELECT
        distinct_line.line_id,
        any_value(distinct_line.procedure_code) AS procedure_code,
        any_value(array_to_string(distinct_line.modifiers, ' ')) AS modifiers,
        any_value(distinct_line.provider_npi) IS NULL AS no_npi,
        -- XP says that another practitioner gave the service: any other line of the day is its companion.
        count(*) FILTER (
            WHERE companion.provider_npi = distinct_line.provider_npi
            OR (distinct_line.has_distinct_practitioner AND companion.line_id IS NOT NULL)
        ) AS companions,
        count(*) FILTER (WHERE companion.line_id IS NOT NULL AND companion.provider_npi IS NULL) AS companions_without_npi
    FROM distinct_line
    LEFT JOIN claim_line AS companion
        ON
            distinct_line.patient_id = companion.patient_id
            AND distinct_line.service_date = companion.service_date
            AND distinct_line.coverage_order = companion.coverage_order
            AND distinct_line.line_id <> companion.line_id
    GROUP BY distinct_line.line_id
)
SELECT
    line_id AS subject_id,
    companions = 0 AS is_flagged,
    CASE
        WHEN NOT is_flagged THEN NULL
        WHEN no_npi THEN reason_no_npi()
        WHEN companions_without_npi > 0 THEN 'another line of the day has no NPI'
    END AS reason,
    one_line(line_id, 0) AS lines,
    procedure_code || ' carries ' || modifiers || ', but the provider billed nothing else for the patient on that date'
        AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers, 'other_lines_of_the_day': companions} AS evidence
FROM judged_line
ORDER BY subject_id;
