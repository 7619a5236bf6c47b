/*+++
id = "MED013"
name = "assistant-without-modifier"
title = "Assistant's therapy billed without CQ or CO"
family = "medicare"
severity = "medium"
confidence = "likely"
direction = "over"
subject = "line"
partition_by = "patient"
reads = ["claim_line"]
version = 1
since = "0.2.0"
checks = "The line names a physical or occupational therapy assistant as the person who treated, and carries neither CQ nor CO."
why = "Medicare pays 85 % of what an assistant furnished, in whole or in part, since 2022-01-01; the modifier says so. Without it the line was paid in full: 15 % of the payment is a potential overpayment. An assistant cannot be enrolled as the rendering provider, so the line is wrong in that too."
numerator = "lines rendered by an assistant without CQ and CO"
denominator = "lines whose payer is Medicare Part A or B, is of unknown class, or wants the modifiers by audit.toml, from required_from on, but for critical access hospitals (bill type 85x)"
applies_to = "Medicare fee-for-service, and payers with assistant_modifiers = required in audit.toml. Dollars are 15 % of what was paid, from reduced_from on; before that, and without a paid amount, the finding is a matter of coding."
not_evaluated_when = "The payer matches no class; the line has no taxonomy; the export has no column of modifiers."
flagged_example = "97110-GP to Medicare Part B, rendering taxonomy 225200000X (physical therapist assistant), paid 56.00: 8.40 at risk."
correct_example = "97110-GP-CQ under the supervising therapist's NPI."
fix = "Check who treated. Correct the claim: the therapist's NPI, CQ or CO; refund the difference."
ask = "who gave the service, and for how many of its minutes"
false_positives = "The assistant gave no more than a tenth of the service (then no modifier is due); a therapist who is still listed as an assistant."
references = ["CMS Pub. 100-04, ch. 5, sec. 20.1 (CQ and CO)", "42 CFR 410.59 and 410.60 (assistants), 85 % from 2022-01-01", "CMS Pub. 100-02, ch. 15, sec. 230.2 (Rev. 179, effective 2014-01-07)"]

[params.required_from]
type = "text"
default = "2020-01-01"
help = "first date of service (YYYY-MM-DD) on which the modifier is required"

[params.reduced_from]
type = "text"
default = "2022-01-01"
help = "first date of service (YYYY-MM-DD) on which an assistant's part is paid less"
+++*/
WITH judged_line AS (
    SELECT
        *,
        coalesce(provider_role IN ('physical_therapist_assistant', 'occupational_therapy_assistant'), FALSE) AS by_assistant,
        paid_amount IS NOT NULL AND service_date >= CAST($reduced_from AS DATE) AS is_reduced,
        CASE
            WHEN payer_class = 'unknown' AND NOT requires_assistant THEN reason_payer_class_unknown()
            WHEN rendering_taxonomy IS NULL THEN reason_no_taxonomy()
            WHEN NOT has_modifier_column AND by_assistant THEN reason_no_modifier_column()
        END AS reason
    FROM claim_line
    WHERE
        (requires_assistant OR payer_class IN ('medicare_ffs', 'unknown'))
        AND service_date >= CAST($required_from AS DATE)
        -- Critical access hospitals are paid in full.
        AND NOT coalesce(regexp_matches(bill_type, '^0?85'), FALSE)
)
SELECT
    line_id AS subject_id,
    by_assistant AND NOT has_assistant AS is_flagged,
    reason,
    CASE WHEN is_reduced THEN 'over' ELSE 'coding' END AS direction,
    -- Half up to the cent, in whole-number arithmetic.
    one_line(line_id, CASE WHEN is_reduced THEN amount_of_units(paid_amount, 15, 100) ELSE 0 END) AS lines,
    -- A part of the price: no unit is too many.
    no_surplus() AS surplus,
    procedure_code
    || ' rendered by a person listed as '
    || replace(provider_role, '_', ' ')
    || ' (taxonomy '
    || rendering_taxonomy
    || ') without CQ or CO' AS message,
    {
        'procedure_code': procedure_code,
        'rendering_taxonomy': rendering_taxonomy,
        'modifiers': modifiers,
        'paid_amount': paid_amount
    }
        AS evidence
FROM judged_line
ORDER BY subject_id;
