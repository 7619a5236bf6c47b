/*+++
id = "MED008"
name = "not-covered-by-payer"
title = "Code that the payer does not cover, or never pays beside another"
family = "medicare"
severity = "high"
confidence = "certain"
direction = "over"
subject = "line"
partition_by = "line"
reads = ["claim_line", "payer_limit", "payer_never_beside"]
version = 2
since = "0.1.0"
checks = "The payer's policy says that it does not cover the code: the code is listed under not_covered, or it is massage (97124) and the policy is massage = not_covered. Or the policy never pays the code on the day of another (never_beside), and that one stands there."
why = "What a payer paid for a service outside its coverage it may take back. Whether it is covered is what the practice itself has written down in audit.toml."
numerator = "lines with a code that the payer's policy does not cover, or not on that day"
denominator = "audited lines; of massage sent to Medicare Part A or B, which MED001 judges, only where never_beside names it"
applies_to = "every payer with a [[payer]] table in audit.toml that says what it does not cover. The day is that of patient and practice; a denied line beside is none. Lines billed to be denied (GX, GY, GZ) are found only if they were paid."
not_evaluated_when = "No policy says what the payer does not cover; self-pay."
flagged_example = "97124 to a plan with massage = not_covered, paid 28.50. Or 97140-59 on the day of 98941 to a plan with never_beside = { 97140 = 98940, 98941, 98942 }."
correct_example = "97124 to the same plan with GY, denied, and billed to the patient who had agreed."
fix = "Refund what was paid; tell front desk and patients that this payer does not cover it."
ask = "the payer's leave for the service, if there is one"
false_positives = "The patient's own plan differs from what audit.toml says of the payer; the policy has changed and audit.toml has not."
references = ["The payer's medical policy, as written down in audit.toml"]
+++*/
WITH policy_list AS (
    SELECT setting_position, list(procedure_code) AS codes
    FROM payer_limit
    WHERE is_not_covered
    GROUP BY setting_position
),

beside AS (
    SELECT line.line_id, min(other.procedure_code) AS other_code
    FROM claim_line AS line
    LEFT JOIN payer_never_beside AS never USING (setting_position, procedure_code)
    LEFT JOIN claim_line AS other
        ON
            never.beside_code = other.procedure_code
            AND line.patient_id = other.patient_id
            AND line.service_date = other.service_date
            AND line.practice_npi IS NOT DISTINCT FROM other.practice_npi
            AND NOT other.is_denied
    WHERE line.setting_position IN (SELECT setting_position FROM payer_never_beside)
    GROUP BY line.line_id
),

judged_line AS (
    SELECT
        claim_line.*,
        beside.other_code,
        coalesce(claim_line.service_kind = 'massage', FALSE) AS is_massage,
        NOT (is_massage AND claim_line.payer_class = 'medicare_ffs') AND (
            coalesce(list_contains(policy_list.codes, claim_line.procedure_code), FALSE)
            OR (is_massage AND claim_line.massage_coverage = 'not_covered')
        ) AS is_not_covered,
        -- Billed to be denied, a line matters once it was paid.
        NOT claim_line.is_billed_to_be_denied OR coalesce(claim_line.paid_amount > 0, FALSE) AS asks_payment,
        CASE
            WHEN claim_line.unit_rule = 'none' THEN reason_self_pay()
            -- Of massage every payer has a policy, be it that nobody knows it.
            WHEN is_massage AND claim_line.massage_coverage <> 'unknown' THEN NULL
            WHEN policy_list.codes IS NULL AND beside.line_id IS NULL THEN 'no policy says what the payer does not cover'
        END AS reason
    FROM claim_line
    LEFT JOIN policy_list USING (setting_position)
    LEFT JOIN beside USING (line_id)
    WHERE coalesce(claim_line.service_kind <> 'massage', TRUE) OR payer_class <> 'medicare_ffs' OR beside.other_code IS NOT NULL
)
SELECT
    line_id AS subject_id,
    (is_not_covered OR other_code IS NOT NULL) AND asks_payment AS is_flagged,
    reason,
    one_line(line_id, line_amount) AS lines,
    procedure_code || ' sent to ' || coalesce(payer_name, payer_id, 'the payer')
    || ', whose policy (audit.toml payer ' || setting_position || ') '
    || CASE WHEN is_not_covered THEN 'does not cover it' ELSE 'never pays it on the day of ' || other_code END AS message,
    {
        'procedure_code': procedure_code, 'payer_setting': setting_position, 'massage_coverage': massage_coverage,
        'beside': other_code
    } AS evidence
FROM judged_line
ORDER BY subject_id;
