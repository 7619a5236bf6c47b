/*+++
id = "MOD011"
name = "modifier-of-another-field"
title = "Modifier of visits, surgery or the laboratory on a therapy line"
family = "modifier"
severity = "medium"
confidence = "certain"
direction = "coding"
subject = "line"
partition_by = "line"
reads = ["claim_line"]
version = 1
since = "0.1.0"
checks = "A therapy code carries modifier 24, 25, 27, 57, 58, 78, 79 or 91."
why = "24, 25 and 57 belong to office visits, 27 to hospital visits, 58, 78 and 79 to surgery, 91 to the laboratory. On a therapy line they separate nothing from anything, although a claim system may take them for a bypass of an edit."
numerator = "therapy lines with one of these modifiers"
denominator = "therapy lines with a modifier"
applies_to = "every payer"
not_evaluated_when = "Never: a line either carries such a modifier or not."
flagged_example = "97140-25 beside 98941."
correct_example = "99213-25 beside 97140."
fix = "Take the modifier off. If the service was separate from another of the day, 59 or an X modifier says so, and the record must show it."
false_positives = "A payer that asks for one of them on therapy in its own manual."
references = ["NCCI policy manual 2026, ch. I, sec. E"]
+++*/
WITH therapy_line AS (
    SELECT
        *,
        array_to_string(modifiers, ' ') AS modifiers_billed
    FROM claim_line
    WHERE is_therapy_code AND NOT is_billed_to_be_denied AND len(list_filter(modifiers, lambda one : one IS NOT NULL)) > 0
)
SELECT
    line_id AS subject_id,
    has_other_field AS is_flagged,
    CAST(NULL AS VARCHAR) AS reason,
    one_line(line_id, 0) AS lines,
    procedure_code || ' carries ' || modifiers_billed
    || ': a modifier of visits, surgery or the laboratory separates no therapy line' AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers_billed} AS evidence
FROM therapy_line
ORDER BY subject_id;
