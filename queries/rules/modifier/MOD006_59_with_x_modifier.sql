/*+++
id = "MOD006"
name = "59-with-x-modifier"
title = "Modifier 59 and an X modifier on one line"
family = "modifier"
severity = "medium"
confidence = "certain"
direction = "coding"
subject = "line"
partition_by = "line"
reads = ["claim_line"]
version = 2
since = "0.1.0"
checks = "XE, XS, XP and XU are narrower forms of modifier 59. A line carries one or the other, never both."
why = "The two together contradict each other; some payers deny the line, all see a modifier put on without thought."
numerator = "lines with modifier 59 and at least one of XE, XS, XP, XU"
denominator = "lines with a modifier of the 59 family that were not billed to be denied"
applies_to = "every payer, dates of service from 2015-01-01 (when the X modifiers began). Lines billed to be denied are left out."
not_evaluated_when = "Never: the line itself tells."
flagged_example = "97112 with modifiers 59 and XS."
correct_example = "97112 with modifier XS."
fix = "Keep the X modifier if the record shows its reason, else 59 alone; send a corrected claim where the line was denied."
false_positives = "None known."
references = ["NCCI policy manual 2026, ch. I, sec. E"]
+++*/
SELECT
    line_id AS subject_id,
    has_distinct_service_x AND has_plain_59 AS is_flagged,
    CAST(NULL AS VARCHAR) AS reason,
    one_line(line_id, 0) AS lines,
    procedure_code || ' carries ' || array_to_string(modifiers, ' ') || ': 59 and an X modifier exclude each other' AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers} AS evidence
FROM claim_line
WHERE has_distinct_service AND NOT is_billed_to_be_denied
ORDER BY subject_id;
