/*+++
id = "CLM005"
name = "malformed-code"
title = "Procedure code or modifier of a wrong shape"
family = "claim"
severity = "low"
confidence = "certain"
direction = "none"
subject = "line"
partition_by = "patient"
reads = ["claim_line"]
version = 1
since = "0.1.0"
checks = "A CPT code has five digits, or four and a letter; a HCPCS code has a letter and four digits; a modifier has two letters or digits. The line holds something else."
why = "A payer rejects such a line, and no rule about the code or the modifier can recognise it: it passes every check unread."
numerator = "lines with a procedure code or a modifier of a wrong shape"
denominator = "audited lines"
applies_to = "every payer"
not_evaluated_when = "Never: the line itself tells."
flagged_example = "Procedure code 9714, modifier 5."
correct_example = "Procedure code 97140, modifier 59."
fix = "Correct the code in the billing system. If only the export is wrong (a lost zero, code and modifier in one cell), mend the export and audit again."
false_positives = "A payer's own local code."
references = ["45 CFR 162.1002 (code sets)", "CMS Pub. 100-04, ch. 26, sec. 10.4 (item 24D)"]
+++*/
WITH judged_line AS (
    SELECT
        line_id,
        list_concat(
            CASE
                WHEN regexp_full_match(procedure_code, '[0-9]{4}[0-9A-Z]|[A-Z][0-9]{4}') THEN []
                ELSE ['procedure code ' || procedure_code]
            END,
            list_transform(
                list_filter(modifiers, lambda modifier : NOT regexp_full_match(modifier, '[0-9A-Z]{2}')),
                lambda modifier : 'modifier ' || modifier
            )
        ) AS faults
    FROM claim_line
)
SELECT
    line_id AS subject_id,
    len(faults) > 0 AS is_flagged,
    CAST(NULL AS VARCHAR) AS reason,
    one_line(line_id, 0) AS lines,
    array_to_string(faults, ', ') || ': not the shape of a code' AS message,
    {'malformed': faults} AS evidence
FROM judged_line
ORDER BY subject_id;
