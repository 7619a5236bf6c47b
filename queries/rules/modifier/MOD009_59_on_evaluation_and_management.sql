/*+++
id = "MOD009"
name = "59-on-evaluation-and-management"
title = "Modifier 59 on an office visit"
family = "modifier"
severity = "medium"
confidence = "certain"
direction = "coding"
subject = "line"
partition_by = "line"
reads = ["claim_line"]
version = 1
since = "0.1.0"
checks = "An office visit (99202-99215) carries modifier 59, XE, XS, XP or XU."
why = "The 59 family is for procedures. That an office visit was significant and separate from a procedure of the day is said with modifier 25; with a 59 payers deny the visit or read the claim as careless."
numerator = "office visit lines with a modifier of the 59 family"
denominator = "office visit lines"
applies_to = "every payer"
not_evaluated_when = "Never: the line itself tells."
flagged_example = "99213-59 beside 98941."
correct_example = "99213-25 beside 98941."
fix = "Use modifier 25 if the record shows a visit beyond the usual work of the procedure; else take the modifier off."
false_positives = "None known."
references = ["NCCI policy manual 2026, ch. I, sec. D and E (modifiers 25 and 59)"]
+++*/
SELECT
    line_id AS subject_id,
    has_distinct_service AS is_flagged,
    CAST(NULL AS VARCHAR) AS reason,
    one_line(line_id, 0) AS lines,
    procedure_code || ' carries ' || array_to_string(modifiers, ' ') || ': the 59 family is not for office visits' AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers} AS evidence
FROM claim_line
WHERE service_kind = 'office_visit' AND NOT is_billed_to_be_denied
ORDER BY subject_id;
