/*+++
id = "MAN002"
name = "manual-billed-as-massage"
title = "Note describes manual therapy, massage was billed"
family = "massage"
severity = "medium"
confidence = "likely"
direction = "coding"
subject = "line"
partition_by = "line"
reads = ["claim_line", "note"]
version = 3
since = "0.1.0"
checks = "The line bills massage (97124). Its note tells of manual therapy techniques delivered, and of no massage technique."
why = "The code does not say what was done. A payer that does not cover massage denies a service that it would have paid under the right code."
numerator = "97124 lines whose note has delivered manual therapy terms and no delivered massage terms"
denominator = "97124 lines"
applies_to = "every payer"
not_evaluated_when = "The line has no note, or one in another language than English."
flagged_example = "97124 with the note: myofascial release to upper trapezius, 12 min."
correct_example = "97124 with the note: kneading and effleurage to upper trapezius, 12 min."
fix = "Read the whole note and correct the code to 97140 if manual therapy is what was done."
false_positives = "A massage technique written in words that the lexicon does not know (extend it in audit.toml)."
references = ["Definition of 97124 and 97140 in plain words: docs/notes.md"]
+++*/
WITH judged_line AS (
    SELECT
        claim_line.line_id,
        claim_line.procedure_code,
        note.manual_terms,
        CASE
            WHEN note.note_id IS NULL THEN reason_no_note()
            WHEN note.is_in_other_language THEN reason_other_language()
        END AS reason,
        note.has_manual AND NOT note.has_massage AS is_manual_only
    FROM claim_line
    LEFT JOIN note USING (note_id)
    WHERE claim_line.service_kind = 'massage'
)
SELECT
    line_id AS subject_id,
    is_manual_only AS is_flagged,
    reason,
    one_line(line_id, 0) AS lines,
    procedure_code || ' billed, but the note tells of manual therapy only (' || array_to_string(manual_terms, ', ') || ')'
        AS message,
    {'procedure_code': procedure_code, 'manual_terms': manual_terms} AS evidence
FROM judged_line
ORDER BY subject_id;
