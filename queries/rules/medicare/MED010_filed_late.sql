/*+++
id = "MED010"
name = "filed-late"
title = "Claim sent after the payer's filing limit"
family = "medicare"
severity = "medium"
confidence = "likely"
direction = "over"
subject = "line"
partition_by = "patient"
reads = ["claim_line", "export_line"]
version = 3
since = "0.1.0"
checks = "The service was first submitted after the last day on which the payer accepts it: filing_days of the payer in audit.toml, for Medicare Part A and B twelve months from the date of service unless audit.toml says otherwise. An institutional claim's time runs from its last date of service (the Through date)."
why = "A claim filed late is not payable, and the patient may not be billed instead. What was paid for it is a potential overpayment."
numerator = "lines whose first submission was after the last filing date"
denominator = "lines not billed to be denied"
applies_to = "Medicare fee-for-service, and payers whose filing_days audit.toml states. The first submission is the earliest submitted date of the same patient, date, code, modifiers, provider and payer, a denied line's too, in all that was given."
not_evaluated_when = "The line has no submitted date; a secondary claim to a payer other than Medicare fee-for-service, whose limit most contracts count from the primary payer's decision; the payer's filing limit is not known; the claim is a replacement or names the claim that it replaces, for the date of the first claim counts; self-pay."
flagged_example = "Date of service 2024-11-04, submitted 2025-11-05 to Medicare Part B."
correct_example = "Date of service 2024-11-04, submitted 2025-11-04 to Medicare Part B."
fix = "Look for an earlier submission or an exception (the payer's error, retroactive coverage). Without one refund, and do not bill the patient."
ask = "proof of the day on which the claim was sent"
false_positives = "The export shows the date of the last resubmission; the payer granted an exception."
references = ["42 CFR 424.44 (time limits for filing claims)", "CMS Pub. 100-04, ch. 1, sec. 70", "The payer's contract, as written down in audit.toml"]
+++*/
WITH first_submission AS (
    SELECT
        line_id, min(submitted_date) OVER (
            PARTITION BY patient_id, service_date, procedure_code, modifiers, provider_npi, payer_key
        ) AS first_submitted
    FROM export_line
),

judged_line AS (
    SELECT
        *,
        first_submitted > last_filing_date AS is_late,
        CASE
            WHEN unit_rule = 'none' THEN reason_self_pay()
            WHEN last_filing_date IS NULL THEN 'the payer''s filing limit is not known'
            -- Most contracts count from the primary payer's decision, of which no line tells the day.
            WHEN coverage_order <> 'P' AND payer_class <> 'medicare_ffs'
                THEN 'a secondary claim: the limit runs from the primary payer''s decision'
            WHEN submitted_date IS NULL THEN 'the line has no submitted date'
            -- A replacement may follow long after a claim that was filed in time.
            WHEN is_late AND (claim_frequency_code = '7' OR original_claim_id IS NOT NULL)
                THEN 'a replacement: the date of the first claim counts'
        END AS reason
    FROM claim_line
    INNER JOIN first_submission USING (line_id)
    WHERE NOT is_billed_to_be_denied
)
SELECT
    line_id AS subject_id,
    is_late AS is_flagged,
    reason,
    one_line(line_id, line_amount) AS lines,
    procedure_code || ' of ' || service_date || ' was submitted on ' || first_submitted || ', '
    || counted(first_submitted - last_filing_date, 'day', 'days')
    || ' after the last filing date '
    || last_filing_date AS message,
    {
        'submitted_date': first_submitted,
        'last_filing_date': last_filing_date,
        'days_late': first_submitted - last_filing_date
    } AS evidence
FROM judged_line
ORDER BY subject_id;
