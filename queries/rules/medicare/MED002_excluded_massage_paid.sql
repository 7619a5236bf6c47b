/*+++
id = "MED002"
name = "excluded-massage-paid"
title = "Service billed to Medicare as not covered, and paid"
family = "medicare"
severity = "high"
confidence = "certain"
direction = "over"
subject = "line"
partition_by = "line"
reads = ["claim_line"]
version = 3
since = "0.1.0"
checks = "A line went to Medicare with GY, GX or GZ, which say that no payment is expected, and was paid all the same."
why = "Money received for a service that the practice itself declared not covered is a potential overpayment whose existence the practice knows."
numerator = "lines to Medicare with GY, GX or GZ and a paid amount above 0"
denominator = "lines to Medicare with GY, GX or GZ"
applies_to = "Medicare fee-for-service"
not_evaluated_when = "The line has no paid amount."
flagged_example = "97124-GY to Medicare Part B, paid 28.50."
correct_example = "97124-GY to Medicare Part B, paid 0.00."
fix = "Refund the paid amount; ask the contractor why the modifier did not deny the line."
false_positives = "A patient's or secondary payer's payment posted as Medicare's."
references = ["CMS Pub. 100-04, ch. 1, sec. 60.4 (liability modifiers)", "42 CFR 401.305 (report and return)"]
+++*/
SELECT
    line_id AS subject_id,
    paid_amount > 0 AS is_flagged,
    CASE WHEN paid_amount IS NULL THEN 'the line has no paid amount' END AS reason,
    one_line(line_id, paid_amount) AS lines,
    procedure_code || ' ' || array_to_string(modifiers, ' ') || ' was billed as not covered, and '
    || dollars_text(paid_amount) || ' was paid' AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers, 'paid_amount': paid_amount} AS evidence
FROM claim_line
WHERE payer_class = 'medicare_ffs' AND is_billed_to_be_denied
ORDER BY subject_id;
