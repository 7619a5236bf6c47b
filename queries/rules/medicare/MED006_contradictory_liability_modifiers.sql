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
version = 1
since = "0.1.0"
checks = "A line carries two of the modifiers GA, GX, GY and GZ that cannot both be true, or GX without the GY that it belongs to."
why = "These modifiers say who owes for a denied service and whether the patient was told. A contradiction leaves that open: the payer returns the line, or the patient is billed what the practice must bear."
numerator = "lines with GY and GZ, GA and GZ, or GX without GY"
denominator = "lines with any of GA, GX, GY and GZ"
applies_to = "every payer but self-pay"
not_evaluated_when = "Self-pay."
flagged_example = "97124-GY-GZ: never covered, and expected to be denied this once."
correct_example = "97124-GX-GY: never covered, and the patient signed a voluntary notice."
fix = "Look for the signed notice. Keep the one modifier that is true (GY where Medicare never covers the service), correct the claim."
false_positives = "None known."
references = ["CMS Pub. 100-04, ch. 30, sec. 50 and 60 (notices of non-coverage)", "CMS Change Request 6563 (GX)"]
+++*/
WITH judged_line AS (
    SELECT
        claim_line.line_id,
        any_value(claim_line.modifiers) AS modifiers,
        any_value(claim_line.procedure_code) AS procedure_code,
        any_value(claim_line.unit_rule) = 'none' AS is_self_pay,
        list(
            modifier_conflict.modifier || CASE modifier_conflict.relation WHEN 'excludes' THEN ' with ' ELSE ' without ' END
            || modifier_conflict.other_modifier || ': ' || modifier_conflict.why
            ORDER BY modifier_conflict.modifier
        ) FILTER (
            WHERE
            list_contains(claim_line.modifiers, modifier_conflict.other_modifier) = (modifier_conflict.relation = 'excludes')
        ) AS conflicts
    FROM claim_line
    LEFT JOIN modifier_conflict
        ON
            list_contains(claim_line.modifiers, modifier_conflict.modifier)
            AND claim_line.service_date BETWEEN modifier_conflict.effective_from AND modifier_conflict.effective_to
    WHERE claim_line.has_liability_notice
    GROUP BY claim_line.line_id
)
SELECT
    line_id AS subject_id,
    conflicts IS NOT NULL AS is_flagged,
    CASE WHEN is_self_pay THEN reason_self_pay() END AS reason,
    one_line(line_id, 0) AS lines,
    procedure_code || ' carries ' || array_to_string(conflicts, '; ') AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers, 'conflicts': conflicts} AS evidence
FROM judged_line
ORDER BY subject_id;
