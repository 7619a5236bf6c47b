/*+++
id = "MED010"
name = "filed-late"
title = "Claim sent after the payer's filing limit"
family = "medicare"
severity = "medium"
confidence = "likely"
direction = "over"
subject = "line"
partition_by = "line"
reads = ["claim_line"]
version = 1
since = "0.1.0"
checks = "The claim was submitted after the last day on which the payer accepts it: filing_days of the payer in audit.toml, for Medicare Part A and B twelve months from the date of service unless audit.toml says otherwise."
why = "A claim filed late is not payable, and the patient may not be billed instead. What was paid for it is a potential overpayment."
numerator = "lines submitted after the last filing date"
denominator = "lines with a submitted date and a known filing limit"
applies_to = "Medicare fee-for-service, and payers whose filing_days audit.toml states"
not_evaluated_when = "The line has no submitted date; the payer's filing limit is not known; a replacement went out late, for the date of the first claim counts; self-pay."
flagged_example = "Date of service 2024-11-04, submitted 2025-11-05 to Medicare Part B."
correct_example = "Date of service 2024-11-04, submitted 2025-11-04 to Medicare Part B."
fix = "Look for an earlier submission or an exception (the payer's error, retroactive coverage). Without one refund, and do not bill the patient."
false_positives = "The export shows the date of the last resubmission; the payer granted an exception."
references = ["42 CFR 424.44 (time limits for filing claims)", "CMS Pub. 100-04, ch. 1, sec. 70", "The payer's contract, as written down in audit.toml"]
+++*/
WITH judged_line AS (
    SELECT
        *,
        submitted_date > last_filing_date AS is_late,
        CASE
            WHEN unit_rule = 'none' THEN reason_self_pay()
            WHEN last_filing_date IS NULL THEN 'the payer''s filing limit is not known'
            WHEN submitted_date IS NULL THEN 'the line has no submitted date'
            -- A replacement may follow long after a claim that was filed in time.
            WHEN is_late AND claim_frequency_code = '7' THEN 'a replacement: the date of the first claim counts'
        END AS reason
    FROM claim_line
)
SELECT
    line_id AS subject_id,
    is_late AS is_flagged,
    reason,
    one_line(line_id, line_amount) AS lines,
    procedure_code || ' of ' || service_date || ' was submitted on ' || submitted_date || ', '
    || counted(submitted_date - last_filing_date, 'day', 'days') || ' after the last filing date ' || last_filing_date AS message,
    {
        'submitted_date': submitted_date,
        'last_filing_date': last_filing_date,
        'days_late': submitted_date - last_filing_date
    } AS evidence
FROM judged_line
ORDER BY subject_id;
