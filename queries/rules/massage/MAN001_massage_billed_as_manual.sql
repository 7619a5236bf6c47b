/*+++
id = "MAN001"
name = "massage-billed-as-manual"
title = "Note describes massage, manual therapy was billed"
family = "massage"
severity = "medium"
confidence = "likely"
direction = "coding"
subject = "line"
partition_by = "line"
reads = ["claim_line", "note"]
version = 3
since = "0.1.0"
checks = "The line bills manual therapy (97140). Its note tells of massage techniques delivered, and of no manual therapy technique and none that may be either."
why = "Massage belongs under 97124. Where the payer does not cover massage, billing it as manual therapy makes it paid: the line is a potential overpayment. Elsewhere it is a coding error; massage is valued slightly higher than manual therapy."
numerator = "97140 lines whose note has delivered massage terms and no delivered manual therapy terms"
denominator = "97140 lines"
applies_to = "every payer; dollars only where the payer's policy does not cover massage"
not_evaluated_when = "The line has no note; beside massage the note tells of work that may be either kind (trigger points, STM, IASTM, cupping, cross friction); the note is in another language than English."
flagged_example = "97140 with the note: effleurage and petrissage to lumbar paraspinals, 15 min."
correct_example = "97140 with the note: grade III joint mobilization L4-5, then effleurage to calm tissue."
fix = "Read the whole note. If massage is all that was done, correct the code to 97124 and apply the payer's massage policy."
false_positives = "A manual technique written in words that the lexicon does not know (extend it in audit.toml)."
references = ["Definition of 97124 and 97140 in plain words: docs/notes.md", "CMS Pub. 100-02, ch. 15, sec. 220.2"]
+++*/
WITH judged_line AS (
    SELECT
        claim_line.line_id,
        claim_line.procedure_code,
        claim_line.line_amount,
        claim_line.massage_coverage,
        note.massage_terms,
        note.note_id IS NULL AS no_note,
        note.has_massage AND NOT note.has_manual AS is_massage_only,
        note.has_ambiguous,
        note.is_in_other_language
    FROM claim_line
    LEFT JOIN note USING (note_id)
    WHERE claim_line.service_kind = 'manual_therapy'
)
SELECT
    line_id AS subject_id,
    is_massage_only AS is_flagged,
    CASE
        WHEN no_note THEN reason_no_note()
        -- what may be either may be the manual therapy that was billed
        WHEN is_massage_only AND has_ambiguous THEN reason_either_kind()
        WHEN is_in_other_language THEN reason_other_language()
    END AS reason,
    -- Where massage is covered, or nobody has said, billing it under the other code costs the payer nothing.
    CASE massage_coverage WHEN 'not_covered' THEN 'over' ELSE 'coding' END AS direction,
    one_line(line_id, CASE massage_coverage WHEN 'not_covered' THEN line_amount ELSE 0 END) AS lines,
    procedure_code || ' billed, but the note tells of massage only (' || array_to_string(massage_terms, ', ') || ')' AS message,
    {'procedure_code': procedure_code, 'massage_terms': massage_terms, 'massage_coverage': massage_coverage} AS evidence
FROM judged_line
ORDER BY subject_id;
