/*+++
id = "MED008"
name = "not-covered-by-payer"
title = "Service billed to a payer that does not cover it"
family = "medicare"
severity = "high"
confidence = "certain"
direction = "over"
subject = "line"
partition_by = "line"
reads = ["claim_line", "payer_limit"]
version = 1
since = "0.1.0"
checks = "The payer's policy says that it does not cover the code: the code is listed under not_covered, or it is massage (97124) and the policy is massage = not_covered."
why = "What a payer paid for a service outside its coverage it may take back. Whether it is covered is what the practice itself has written down in audit.toml."
numerator = "lines with a code that the payer's policy does not cover"
denominator = "audited lines; of massage sent to Medicare Part A or B, which MED001 judges, only where the code is listed under not_covered"
applies_to = "every payer with a [[payer]] table in audit.toml that says what it does not cover. Lines billed to be denied (GX, GY, GZ) are found only if they were paid."
not_evaluated_when = "No policy says what the payer does not cover; self-pay."
flagged_example = "97124 to a plan with massage = not_covered, paid 28.50."
correct_example = "97124 to the same plan with GY, denied, and billed to the patient who had agreed."
fix = "Refund what was paid; tell front desk and patients that this payer does not cover it."
false_positives = "The patient's own plan differs from what audit.toml says of the payer; the policy has changed and audit.toml has not."
references = ["The payer's medical policy, as written down in audit.toml"]
+++*/
WITH policy_list AS (
    SELECT setting_position, list(procedure_code) AS codes
    FROM payer_limit
    WHERE is_not_covered
    GROUP BY setting_position
),

judged_line AS (
    SELECT
        claim_line.*,
        coalesce(list_contains(policy_list.codes, claim_line.procedure_code), FALSE) AS is_listed,
        coalesce(claim_line.service_kind = 'massage', FALSE) AS is_massage,
        -- Billed to be denied, a line matters once it was paid.
        NOT claim_line.is_billed_to_be_denied OR coalesce(claim_line.paid_amount > 0, FALSE) AS asks_payment,
        CASE
            WHEN claim_line.unit_rule = 'none' THEN reason_self_pay()
            -- Of massage every payer has a policy, be it that nobody knows it.
            WHEN is_massage AND claim_line.massage_coverage <> 'unknown' THEN NULL
            WHEN policy_list.codes IS NULL THEN 'no policy says what the payer does not cover'
        END AS reason
    FROM claim_line
    LEFT JOIN policy_list USING (setting_position)
)
SELECT
    line_id AS subject_id,
    (is_listed OR (is_massage AND massage_coverage = 'not_covered')) AND asks_payment AS is_flagged,
    reason,
    one_line(line_id, CASE WHEN is_billed_to_be_denied THEN paid_amount ELSE line_amount END) AS lines,
    procedure_code || ' sent to ' || coalesce(payer_name, payer_id, 'the payer')
    || ', whose policy (audit.toml payer ' || setting_position || ') does not cover it' AS message,
    {'procedure_code': procedure_code, 'payer_setting': setting_position, 'massage_coverage': massage_coverage} AS evidence
FROM judged_line
WHERE NOT (is_massage AND payer_class = 'medicare_ffs') OR is_listed
ORDER BY subject_id;
