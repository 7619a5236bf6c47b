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
version = 2
since = "0.1.0"
checks = "A chiropractor billed Medicare something other than spinal adjustment (98940-98942) without GY or GX, or a therapy code with GY or GX but without GP, GO or GN."
why = "Of what chiropractors do, Medicare covers spinal adjustment by hand and nothing else, by statute. Such a line without GY or GX asks for money that is not due. An always-therapy code needs the modifier of its plan even to be denied properly."
numerator = "such lines without GY and GX, or with one of them and without the plan modifier that the code needs"
denominator = "lines rendered by a chiropractor, or by nobody named, whose payer is Medicare Part A or B or of unknown class"
applies_to = "Medicare fee-for-service. Without GY and GX the line is at risk, with GZ what was paid of it; a missing plan modifier beside GY or GX is a matter of coding (what was paid for such a line is found by MED002)."
not_evaluated_when = "The payer matches no class; the line has no taxonomy; the export has no column of modifiers."
flagged_example = "97110-GP to Medicare Part B by a chiropractor."
correct_example = "97110-GP-GY to Medicare Part B by a chiropractor, billed to be denied; or 98941-AT."
fix = "Refund what was paid. From now on bill such services to Medicare with GY (and GP for therapy codes) only where a denial is needed, else bill the patient."
false_positives = "A therapist's service that the system filed under the chiropractor."
references = ["42 CFR 410.21(b) (limits on chiropractors' services)", "CMS Pub. 100-02, ch. 15, sec. 30.5 and 240", "CMS Pub. 100-04, ch. 5, sec. 20.1; ch. 1, sec. 60.4 (GX, GY)"]
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
            WHEN NOT has_modifier_column AND NOT is_covered THEN reason_no_modifier_column()
        END AS reason
    FROM claim_line
    WHERE
        payer_class IN ('medicare_ffs', 'unknown')
        AND (provider_role = 'chiropractor' OR rendering_taxonomy IS NULL)
)
SELECT
    line_id AS subject_id,
    NOT is_covered AND (lacks_exclusion OR lacks_plan) AS is_flagged,
    reason,
    CASE WHEN lacks_exclusion THEN 'over' ELSE 'coding' END AS direction,
    one_line(line_id, CASE WHEN lacks_exclusion THEN line_amount ELSE 0 END) AS lines,
    procedure_code || ' by a chiropractor sent to ' || coalesce(payer_name, 'Medicare') || ' without '
    || CASE
        WHEN lacks_exclusion AND lacks_plan THEN 'GP, and without GY or GX'
        WHEN lacks_exclusion THEN 'GY or GX'
        ELSE 'GP, GO or GN'
    END AS message,
    {
        'procedure_code': procedure_code, 'modifiers': modifiers, 'lacks_exclusion': lacks_exclusion,
        'lacks_plan': lacks_plan
    } AS evidence
FROM judged_line
ORDER BY subject_id;
