/*+++
id = "MED003"
name = "therapy-without-plan-modifier"
title = "Therapy billed without GP, GO or GN"
family = "medicare"
severity = "medium"
confidence = "certain"
direction = "coding"
subject = "line"
partition_by = "line"
reads = ["claim_line"]
version = 3
since = "0.1.0"
checks = "A code that Medicare always treats as therapy stands without the modifier of its plan of care, on a line to Medicare or to a payer that wants it too."
why = "Medicare, and payers that follow it here, return or deny always-therapy codes without GP, GO or GN, and Medicare cannot count them toward the therapy thresholds."
numerator = "always-therapy lines without GP, GO or GN"
denominator = "always-therapy lines whose payer is Medicare Part A or B, is of unknown class, or wants the modifiers by audit.toml"
applies_to = "Medicare fee-for-service, dates of service from required_from; payers with plan_modifiers = required in audit.toml"
not_evaluated_when = "The payer matches no class: it may be Medicare. The export has no column of modifiers."
flagged_example = "97110 to Medicare Part B with no modifier."
correct_example = "97110-GP to Medicare Part B."
fix = "Add the modifier of the plan under which the service was furnished; correct and resend denied lines."
false_positives = "The export drops modifiers after the first or second."
references = ["CMS Pub. 100-04, ch. 5, sec. 10.4 and 20.1", "CMS Change Request 10176 (always-therapy codes), effective 2018-01-01"]

[params.required_from]
type = "text"
default = "2018-01-01"
help = "first date of service (YYYY-MM-DD) on which the modifier is required"
+++*/
SELECT
    line_id AS subject_id,
    NOT has_plan_of_care AS is_flagged,
    CASE
        WHEN payer_class = 'unknown' AND NOT requires_plan THEN reason_payer_class_unknown()
        WHEN NOT has_modifier_column THEN reason_no_modifier_column()
    END AS reason,
    one_line(line_id, 0) AS lines,
    procedure_code || CASE WHEN len(modifiers) > 0 THEN ' with ' || array_to_string(modifiers, ' ') ELSE '' END
    || ' sent to ' || coalesce(payer_name, payer_id, 'Medicare') || ' without GP, GO or GN' AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers} AS evidence
FROM claim_line
WHERE
    is_always_therapy
    AND (
        requires_plan
        OR (payer_class IN ('medicare_ffs', 'unknown') AND service_date >= CAST($required_from AS DATE))
    )
ORDER BY subject_id;
