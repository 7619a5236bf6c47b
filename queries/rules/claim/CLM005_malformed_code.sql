/*+++
id = "CLM005"
name = "malformed-code"
title = "Modifier of a wrong shape"
family = "claim"
severity = "low"
confidence = "certain"
direction = "none"
subject = "line"
partition_by = "line"
reads = ["claim_line"]
version = 2
since = "0.1.0"
checks = "A modifier has two letters or digits; the line holds one that has not. Letters are shown as A and digits as 9, because a cell out of its place may hold anything."
why = "A payer rejects such a line, and no rule about the modifier can recognise it: it passes every check unread."
numerator = "lines with a modifier of a wrong shape"
denominator = "audited lines"
applies_to = "every payer"
not_evaluated_when = "Never: the line itself tells."
flagged_example = "97140 with modifier 5."
correct_example = "97140 with modifier 59."
fix = "Correct the modifier in the billing system. If only the export is wrong (a lost zero, two modifiers run together), mend the export and audit again."
false_positives = "A payer's own local modifier."
references = ["45 CFR 162.1002 (code sets)", "CMS Pub. 100-04, ch. 26, sec. 10.4 (item 24D)"]
+++*/
WITH judged_line AS (
    SELECT
        line_id,
        list_transform(
            list_filter(modifiers, lambda modifier : NOT regexp_full_match(modifier, '[0-9A-Z]{2}')),
            lambda modifier : masked(modifier)
        ) AS faults
    FROM claim_line
)
SELECT
    line_id AS subject_id,
    len(faults) > 0 AS is_flagged,
    CAST(NULL AS VARCHAR) AS reason,
    one_line(line_id, 0) AS lines,
    'modifier ' || array_to_string(faults, ', ') || ': not two letters or digits' AS message,
    {'malformed': faults} AS evidence
FROM judged_line
ORDER BY subject_id;
