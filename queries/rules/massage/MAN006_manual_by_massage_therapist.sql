/*+++
id = "MAN006"
name = "manual-by-massage-therapist"
title = "Manual therapy rendered by a massage therapist"
family = "massage"
severity = "medium"
confidence = "likely"
direction = "none"
subject = "line"
partition_by = "line"
reads = ["claim_line"]
version = 1
since = "0.1.0"
checks = "97140 was rendered by a person whose taxonomy is that of a massage therapist."
why = "What massage therapists are trained and licensed to do is massage; joint mobilization and manipulation lie outside it in most states. Medicare pays nothing that a massage therapist renders, not even incident to a physician: there the line is a potential overpayment."
numerator = "97140 lines rendered by a massage therapist"
denominator = "97140 lines"
applies_to = "every payer; dollars for Medicare fee-for-service"
not_evaluated_when = "The line has no taxonomy of the person who treated."
flagged_example = "97140 with rendering taxonomy 225700000X."
correct_example = "97124 with rendering taxonomy 225700000X, to a payer that covers massage; or 97140 by a physical therapist."
fix = "Check who treated and under which licence. Medicare: refund. Other payers: read the note, correct the code to 97124 if it was massage, and look up the payer's rule on who may render 97140."
ask = "who gave the service, and under what licence"
false_positives = "A person with two licences who is enrolled under the first; states and payers that allow it."
references = ["CMS Pub. 100-02, ch. 15, sec. 230.5 (massage therapists)", "NUCC health care provider taxonomy"]
+++*/
SELECT
    line_id AS subject_id,
    coalesce(provider_role = 'massage_therapist', FALSE) AS is_flagged,
    CASE WHEN rendering_taxonomy IS NULL THEN reason_no_taxonomy() END AS reason,
    -- Medicare pays for nothing that a massage therapist renders; other payers have rules of their own.
    CASE payer_class WHEN 'medicare_ffs' THEN 'over' ELSE 'none' END AS direction,
    one_line(line_id, CASE payer_class WHEN 'medicare_ffs' THEN line_amount ELSE 0 END) AS lines,
    procedure_code || ' rendered by a massage therapist (taxonomy ' || rendering_taxonomy || '), billed to '
    || coalesce(payer_name, payer_id, 'the payer') AS message,
    {'procedure_code': procedure_code, 'rendering_taxonomy': rendering_taxonomy, 'payer_class': payer_class} AS evidence
FROM claim_line
WHERE service_kind = 'manual_therapy'
ORDER BY subject_id;
