/*+++
id = "MED007"
name = "payer-identity-mismatch"
title = "Member number does not fit the payer"
family = "medicare"
severity = "low"
confidence = "likely"
direction = "none"
subject = "line"
partition_by = "line"
reads = ["claim_line"]
version = 2
since = "0.1.0"
checks = "A member number of the shape of a Medicare number (MBI) stands under a payer that is neither Medicare, nor an Advantage plan, nor a supplement, on a primary claim; or, from required_from on, Medicare Part A or B has a number of another shape."
why = "One of the two is wrong. If the payer is wrong, every rule that asks who pays has judged the line by the wrong payer's rules: massage sent to Medicare under another name would not be found."
numerator = "lines whose member number and payer do not fit each other"
denominator = "lines from required_from on, whatever the payer"
applies_to = "every payer but self-pay"
not_evaluated_when = "The line has no member number; the payer matches no class; self-pay."
flagged_example = "Member 1EG4-TE5-MK73 under BCBS PPO; or member XYZ123456 under Medicare Part B."
correct_example = "Member 1EG4-TE5-MK73 under Medicare Part B."
fix = "Check the patient's card. Correct the payer or the number, and audit the patient's lines again under the right payer."
ask = "the member's card, and what the payer answered on coverage"
false_positives = "A supplement or secondary claim that repeats the number of the primary; a plan whose own numbers have the same shape."
references = ["CMS: Understanding the Medicare beneficiary identifier format", "CMS Pub. 100-04, ch. 26, sec. 10.2 (item 1a)"]

[params.required_from]
type = "text"
default = "2020-01-01"
help = "first date of service (YYYY-MM-DD) on which Medicare accepts no older number"
+++*/
WITH judged_line AS (
    SELECT
        *,
        is_mbi(member_id) AS has_mbi,
        CASE
            WHEN unit_rule = 'none' THEN reason_self_pay()
            WHEN member_id IS NULL THEN 'the line has no member number'
            WHEN payer_class = 'unknown' THEN reason_payer_class_unknown()
        END AS reason
    FROM claim_line
)
SELECT
    line_id AS subject_id,
    CASE payer_class
        WHEN 'medicare_ffs' THEN NOT has_mbi AND service_date >= CAST($required_from AS DATE)
        -- Advantage plans keep numbers of their own, but may use Medicare's.
        WHEN 'medicare_advantage' THEN FALSE
        -- A supplement, or whoever pays after another, repeats the number of the first.
        ELSE has_mbi AND coverage_order = 'P' AND NOT is_supplement
    END AS is_flagged,
    reason,
    one_line(line_id, 0) AS lines,
    'the member number ' || CASE WHEN has_mbi THEN 'has' ELSE 'does not have' END
    || ' the shape of a Medicare number, and the payer is ' || coalesce(payer_name, payer_id, claim_filing_indicator)
    || ' (' || CASE payer_class WHEN 'medicare_ffs' THEN 'fee-for-service' ELSE replace(payer_class, '_', ' ') END || ')'
        AS message,
    {'has_medicare_shape': has_mbi, 'payer_class': payer_class} AS evidence
FROM judged_line
ORDER BY subject_id;
