/*+++
id = "MED006"
name = "contradictory-liability-modifiers"
title = "Liability modifiers that contradict each other"
family = "medicare"
severity = "low"
confidence = "certain"
direction = "coding"
subject = "line"
partition_by = "line"
reads = ["claim_line", "modifier_conflict"]
version = 3
since = "0.1.0"
checks = "A line carries modifiers that cannot both be true: two of GA, GY and GZ; GX with EY, GA, GL, GZ, KB, QL or TQ; KX with GA; AT with GA on a spinal adjustment."
why = "These modifiers say who owes for a denied service and whether the patient was told. A contradiction leaves that open: the payer returns the line, or the patient is billed what the practice must bear."
numerator = "lines with two modifiers that contradict each other"
denominator = "lines with any of GA, GX, GY and GZ"
applies_to = "Medicare fee-for-service and Medicare Advantage. GX may stand alone, or beside GY or TS. AT with GA, from 2015-11-01, is a rule of some contractors (Palmetto among them), not of all. On Advantage plans, which take over Medicare's modifiers of their own will, the finding is likely."
not_evaluated_when = "The payer matches no class: it may be Medicare."
flagged_example = "97124-GY-GZ: never covered, and expected to be denied this once."
correct_example = "97124-GX-GY: never covered, and the patient signed a voluntary notice."
fix = "Look for the signed notice. Keep the one modifier that is true (GY where Medicare never covers the service), correct the claim."
false_positives = "None known."
references = ["CMS Pub. 100-04, ch. 1, sec. 60.4 (liability modifiers)", "CMS Change Request 6563 (GX)"]
+++*/
WITH judged_line AS (
    SELECT
        claim_line.line_id,
        any_value(claim_line.modifiers) AS modifiers,
        any_value(claim_line.procedure_code) AS procedure_code,
        any_value(claim_line.payer_class) AS payer_class,
        list(
            modifier_conflict.modifier || ' with ' || modifier_conflict.other_modifier || ': ' || modifier_conflict.why
            ORDER BY modifier_conflict.modifier, modifier_conflict.other_modifier
        ) FILTER (WHERE modifier_conflict.modifier IS NOT NULL) AS conflicts
    FROM claim_line
    LEFT JOIN modifier_conflict
        ON
            list_has_all(claim_line.modifiers, [modifier_conflict.modifier, modifier_conflict.other_modifier])
            AND (modifier_conflict.service_kind IS NULL OR claim_line.service_kind = modifier_conflict.service_kind)
            AND claim_line.service_date BETWEEN modifier_conflict.effective_from AND modifier_conflict.effective_to
    WHERE
        claim_line.has_liability_notice
        AND claim_line.payer_class IN ('medicare_ffs', 'medicare_advantage', 'unknown')
    GROUP BY claim_line.line_id
)
SELECT
    line_id AS subject_id,
    conflicts IS NOT NULL AS is_flagged,
    CASE WHEN payer_class = 'unknown' THEN reason_payer_class_unknown() END AS reason,
    one_line(line_id, 0) AS lines,
    CASE WHEN payer_class = 'medicare_ffs' THEN 'certain' ELSE 'likely' END AS confidence,
    procedure_code || ' carries ' || array_to_string(conflicts, '; ') AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers, 'conflicts': conflicts} AS evidence
FROM judged_line
ORDER BY subject_id;
