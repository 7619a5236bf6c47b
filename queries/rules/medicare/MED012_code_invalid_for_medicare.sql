/*+++
id = "MED012"
name = "code-invalid-for-medicare"
title = "Code that Medicare does not accept or never pays apart"
family = "medicare"
severity = "medium"
confidence = "certain"
direction = "over"
subject = "line"
partition_by = "line"
reads = ["claim_line", "export_column"]
version = 4
since = "0.1.0"
checks = "The code has status I (Medicare uses another code for it), B (its payment is always bundled into other services) or N (Medicare does not cover it) in the Medicare fee schedule, and the line went to Medicare."
why = "None of them is payable to anyone. Money received for it is a potential overpayment; unpaid, the line costs a denial and hides what was done under a code that Medicare does not count."
numerator = "lines to Medicare with a code of status B, I or N"
denominator = "lines whose payer is Medicare Part A or B, or of unknown class"
applies_to = "Medicare fee-for-service. Dollars are what was paid; without a paid amount the finding is a matter of coding. Lines billed to be denied (GX, GY, GZ) are found only if they were paid."
not_evaluated_when = "The payer matches no class; the code is not in the fee schedule table."
flagged_example = "97014 (unattended electrical stimulation), 97010 (hot or cold pack) or 98943 (adjustment of an arm or leg) to Medicare Part B."
correct_example = "G0283 in the place of 97014; no line at all for 97010; 98943 with GY."
fix = "97014: bill G0283. 97010: take it off the claim. 98943: bill with GY or not at all. Refund what was paid."
false_positives = "None known."
references = ["CMS physician fee schedule, July 2024 (status indicators B, I and N)", "CMS Pub. 100-04, ch. 5, sec. 20"]
+++*/
WITH judged_line AS (
    SELECT
        *,
        -- Billed to be denied, a line matters once it was paid.
        NOT is_billed_to_be_denied OR coalesce(paid_amount > 0, FALSE) AS asks_payment,
        CASE
            WHEN payer_class = 'unknown' THEN reason_payer_class_unknown()
            WHEN medicare_status IS NULL THEN 'the code is not in the fee schedule table'
        END AS reason
    FROM claim_line
    LEFT JOIN (
        SELECT
            source_file,
            TRUE AS states_payments
        FROM export_column
        WHERE column_name = 'paid_amount'
    ) AS payment USING (source_file)
    WHERE payer_class IN ('medicare_ffs', 'unknown')
)
SELECT
    line_id AS subject_id,
    medicare_status IN ('B', 'I', 'N') AND asks_payment AS is_flagged,
    reason,
    CASE WHEN states_payments THEN 'over' ELSE 'coding' END AS direction,
    one_line(line_id, coalesce(paid_amount, 0)) AS lines,
    procedure_code || ' sent to ' || coalesce(payer_name, 'Medicare')
    || CASE WHEN paid_amount > 0 THEN ' and paid (' || dollars_text(paid_amount) || ')' ELSE '' END || ': '
    || CASE medicare_status
        WHEN 'I' THEN 'Medicare uses another code for it'
        WHEN 'N' THEN 'Medicare does not cover it'
        ELSE 'its payment is bundled into other services'
    END AS message,
    {'procedure_code': procedure_code, 'medicare_status': medicare_status, 'paid_amount': paid_amount} AS evidence
FROM judged_line
ORDER BY subject_id;
