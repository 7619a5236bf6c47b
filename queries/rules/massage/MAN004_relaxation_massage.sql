/*+++
id = "MAN004"
name = "relaxation-massage"
title = "Massage for relaxation only"
family = "massage"
severity = "high"
confidence = "likely"
direction = "over"
subject = "line"
partition_by = "line"
reads = ["claim_line", "note"]
version = 3
since = "0.1.0"
checks = "The note of a 97124 or 97140 line tells of massage delivered, in one clause with relaxation, wellness, spa or stress relief as its aim, and names no therapeutic aim."
why = "Massage for well-being alone is not therapy that an insurer covers; billed to one, the line is a potential overpayment."
numerator = "97124 and 97140 lines whose note has massage with relaxation as its aim and no therapeutic aim"
denominator = "97124 and 97140 lines billed to a payer"
applies_to = "every payer except self-pay"
not_evaluated_when = "The line has no note, or one in another language than English; self-pay (a patient may buy what they like)."
flagged_example = "97124 with the note: full-body relaxation massage, patient enjoyed the session."
correct_example = "97124 with the note: massage to reduce lumbar muscle spasm and pain; patient relaxed during treatment."
fix = "Read the plan of care. If no therapeutic aim stands in the record, the service was not covered: refund it."
false_positives = "The aim stands in the plan of care and the daily note does not repeat it."
references = ["CMS Pub. 100-02, ch. 15, sec. 220.2 (reasonable and necessary)", "Definition of 97124 in plain words: docs/notes.md"]
+++*/
WITH judged_line AS (
    SELECT
        claim_line.line_id,
        claim_line.procedure_code,
        claim_line.line_amount,
        note.relaxation_terms,
        note.has_relaxation AND NOT note.has_therapeutic_aim AS is_relaxation_only,
        CASE
            WHEN claim_line.unit_rule = 'none' THEN reason_self_pay()
            WHEN note.note_id IS NULL THEN reason_no_note()
            WHEN note.is_in_other_language THEN reason_other_language()
        END AS reason
    FROM claim_line
    LEFT JOIN note USING (note_id)
    WHERE claim_line.service_kind IN ('massage', 'manual_therapy')
)
SELECT
    line_id AS subject_id,
    is_relaxation_only AS is_flagged,
    reason,
    one_line(line_id, line_amount) AS lines,
    procedure_code || ' billed; of the aim of the massage the note says "' || array_to_string(relaxation_terms, '", "')
    || '" alone and names no therapeutic aim' AS message,
    {'procedure_code': procedure_code, 'relaxation_terms': relaxation_terms} AS evidence
FROM judged_line
ORDER BY subject_id;
