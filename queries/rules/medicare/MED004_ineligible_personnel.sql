/*+++
id = "MED004"
name = "ineligible-personnel"
title = "Therapy billed to Medicare by a person who may not furnish it"
family = "medicare"
severity = "high"
confidence = "likely"
direction = "over"
subject = "line"
partition_by = "line"
reads = ["claim_line"]
version = 2
since = "0.1.0"
checks = "A therapy line to Medicare was rendered by a massage therapist, an athletic trainer, a student, an aide, an orthotist or another person whose services Medicare does not pay as therapy, not even incident to a physician."
why = "Medicare pays therapy only by therapists, their assistants, physicians and certain practitioners. What anyone else rendered is a potential overpayment, however good the work."
numerator = "therapy lines rendered by a person who may not furnish therapy to Medicare patients (chiropractors: see MED005)"
denominator = "lines with an always-therapy code, with 97010 or with GP, GO or GN whose payer is Medicare Part A or B, or of unknown class"
applies_to = "Medicare fee-for-service. Lines billed to be denied (GX, GY, GZ) are found only if they were paid."
not_evaluated_when = "The payer matches no class; the line has no taxonomy; the taxonomy is not in the table of provider roles."
flagged_example = "97110-GP to Medicare Part B, rendering taxonomy 225700000X (massage therapist)."
correct_example = "97110-GP to Medicare Part B, rendering taxonomy 225100000X (physical therapist)."
fix = "Check who treated. If the taxonomy is right, refund; if the record shows a therapist, correct the claim and the provider's enrolment."
ask = "who gave the service, and under what licence"
false_positives = "A person with two licences who is listed under the other one; a taxonomy that was entered wrongly."
references = ["CMS Pub. 100-02, ch. 15, sec. 220 (who may furnish therapy; sec. 220.3: Rev. 255, effective 2019-01-01)", "CMS Pub. 100-02, ch. 15, sec. 230.2 and 230.5 (Rev. 179, effective 2014-01-07)", "NUCC health care provider taxonomy"]
+++*/
WITH judged_line AS (
    SELECT
        *,
        -- A line billed to be denied asks for nothing; it matters once it was paid.
        is_billed_to_be_denied AND NOT coalesce(paid_amount > 0, FALSE) AS asks_nothing,
        CASE
            WHEN payer_class = 'unknown' THEN reason_payer_class_unknown()
            WHEN rendering_taxonomy IS NULL THEN reason_no_taxonomy()
            WHEN provider_role IS NULL THEN 'the taxonomy is not in the table of provider roles'
        END AS reason
    FROM claim_line
    WHERE
        (is_always_therapy OR has_plan_of_care OR procedure_code = '97010')
        AND payer_class IN ('medicare_ffs', 'unknown')
)
SELECT
    line_id AS subject_id,
    NOT bills_medicare_therapy AND provider_role <> 'chiropractor' AND NOT asks_nothing AS is_flagged,
    reason,
    one_line(line_id, line_amount) AS lines,
    procedure_code || ' sent to ' || coalesce(payer_name, 'Medicare') || ', rendered by a person listed as '
    || replace(provider_role, '_', ' ') || ' (taxonomy ' || rendering_taxonomy || ')' AS message,
    {'procedure_code': procedure_code, 'rendering_taxonomy': rendering_taxonomy, 'provider_role': provider_role} AS evidence
FROM judged_line
ORDER BY subject_id;
