/*+++
id = "MED005"
name = "chiropractor-therapy"
title = "Chiropractor's service other than spinal adjustment billed to Medicare as covered"
family = "medicare"
severity = "high"
confidence = "certain"
direction = "over"
subject = "line"
partition_by = "line"
reads = ["claim_line"]
version = 1
since = "0.1.0"
checks = "A chiropractor billed Medicare something other than spinal adjustment (98940-98942) without GY, or a therapy code with GY but without GP, GO or GN."
why = "Of what chiropractors do, Medicare covers spinal adjustment by hand and nothing else, by statute. Such a line without GY asks for money that is not due. An always-therapy code needs the modifier of its plan even to be denied properly."
numerator = "such lines without GY, or with GY and without the plan modifier that the code needs"
denominator = "lines rendered by a chiropractor, or by nobody named, whose payer is Medicare Part A or B or of unknown class"
applies_to = "Medicare fee-for-service. Without GY the line is at risk, with GZ or GX what was paid of it; with GY only the missing plan modifier is found, and what was paid."
not_evaluated_when = "The payer matches no class; the line has no taxonomy."
flagged_example = "97110-GP to Medicare Part B by a chiropractor."
correct_example = "97110-GP-GY to Medicare Part B by a chiropractor, billed to be denied; or 98941-AT."
fix = "Refund what was paid. From now on bill such services to Medicare with GY (and GP for therapy codes) only where a denial is needed, else bill the patient."
false_positives = "A therapist's service that the system filed under the chiropractor."
references = ["42 CFR 410.21(b) (limits on chiropractors' services)", "CMS Pub. 100-02, ch. 15, sec. 30.5 and 240", "CMS Pub. 100-04, ch. 5, sec. 20.1"]
+++*/
WITH judged_line AS (
    SELECT
        *,
        coalesce(service_kind = 'spinal_adjustment', FALSE) AS is_covered,
        NOT is_statutory_exclusion AS lacks_exclusion,
        is_always_therapy AND NOT has_plan_of_care AS lacks_plan,
        CASE
            WHEN payer_class = 'unknown' THEN reason_payer_class_unknown()
            WHEN rendering_taxonomy IS NULL THEN reason_no_taxonomy()
        END AS reason,
        -- A line billed to be denied asks for nothing: what was paid all the same is at risk.
        CASE WHEN is_billed_to_be_denied THEN coalesce(paid_amount, 0) ELSE line_amount END AS amount
    FROM claim_line
    WHERE
        payer_class IN ('medicare_ffs', 'unknown')
        AND (provider_role = 'chiropractor' OR rendering_taxonomy IS NULL)
)
SELECT
    line_id AS subject_id,
    NOT is_covered AND (lacks_exclusion OR lacks_plan) AS is_flagged,
    reason,
    CASE WHEN lacks_exclusion OR amount > 0 THEN 'over' ELSE 'coding' END AS direction,
    one_line(line_id, amount) AS lines,
    procedure_code || ' by a chiropractor sent to ' || coalesce(payer_name, 'Medicare') || ' without '
    || CASE WHEN lacks_exclusion AND lacks_plan THEN 'GP and GY' WHEN lacks_exclusion THEN 'GY' ELSE 'GP, GO or GN' END
        AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers, 'lacks_gy': lacks_exclusion, 'lacks_plan': lacks_plan} AS evidence
FROM judged_line
ORDER BY subject_id;
