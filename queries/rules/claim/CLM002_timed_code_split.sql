/*+++
id = "CLM002"
name = "timed-code-split"
title = "A timed code split over two lines of one date"
family = "claim"
severity = "low"
confidence = "likely"
direction = "coding"
subject = "line"
partition_by = "patient"
reads = ["claim_line"]
version = 1
since = "0.1.0"
checks = "A timed code stands on two lines of one patient, date, plan of care and provider to Medicare, with other modifiers or other units than the first, and not because an assistant gave a part of it (CQ, CO)."
why = "Medicare counts the units of a code over the date. Split over lines they slip past edits that read one line, and the second line looks like a duplicate."
numerator = "later lines of a timed code that stands on an earlier line of the day already"
denominator = "lines of timed codes to Medicare, or to a payer of unknown class"
applies_to = "Medicare fee-for-service. The same code with the same modifiers and units is a duplicate (CLM001)."
not_evaluated_when = "The payer matches no class: it may be Medicare; or one of the two lines has no NPI: they may be two providers' services."
flagged_example = "97110-GP with 2 units and 97110-GP with 1 unit on one date."
correct_example = "97110-GP with 3 units; or 97110-GP with 2 and 97110-GP-CQ with 1, the part that the assistant gave."
fix = "Put the units of the code on one line and send a corrected claim."
false_positives = "Two sessions of a day, each documented, billed apart without modifier 76."
references = ["CMS Pub. 100-04, ch. 5, sec. 20.1 (CQ and CO) and 20.2 (units of a date)"]
+++*/
WITH timed_line AS (
    SELECT * FROM claim_line
    WHERE starts_with(unit_basis, 'timed_') AND payer_class IN ('medicare_ffs', 'unknown')
),

-- A denied line was not paid: what follows it is a resubmission. The same modifiers and units again are CLM001's.
judged_line AS (
    SELECT
        timed_line.line_id,
        any_value(timed_line.payer_class) AS payer_class,
        any_value(timed_line.procedure_code) AS procedure_code,
        any_value(timed_line.units) AS units,
        arg_min(earlier, (earlier.claim_id, earlier.claim_line_number, earlier.line_id))
        FILTER (WHERE timed_line.provider_npi = earlier.provider_npi) AS first_line,
        count(earlier.line_id) AS earlier_lines
    FROM timed_line
    LEFT JOIN timed_line AS earlier
        ON
            timed_line.patient_id = earlier.patient_id
            AND timed_line.service_date = earlier.service_date
            AND timed_line.payer_key = earlier.payer_key
            AND timed_line.coverage_order = earlier.coverage_order
            AND timed_line.discipline = earlier.discipline
            AND timed_line.procedure_code = earlier.procedure_code
            AND coalesce(timed_line.provider_npi = earlier.provider_npi, TRUE)
            AND timed_line.has_assistant = earlier.has_assistant
            AND (timed_line.claim_id, timed_line.claim_line_number, timed_line.line_id)
            > (earlier.claim_id, earlier.claim_line_number, earlier.line_id)
            AND (timed_line.modifiers <> earlier.modifiers OR timed_line.units <> earlier.units)
            AND NOT earlier.is_denied
            AND NOT (timed_line.has_repeat_service OR earlier.has_repeat_service)
    GROUP BY timed_line.line_id
)
SELECT
    line_id AS subject_id,
    first_line IS NOT NULL AS is_flagged,
    CASE
        WHEN payer_class = 'unknown' THEN reason_payer_class_unknown()
        WHEN earlier_lines > 0 AND NOT is_flagged THEN reason_no_npi_on_code()
    END AS reason,
    one_line(line_id, 0) AS lines,
    procedure_code || ' stands on two lines of the date: ' || counted(first_line.units, 'unit', 'units') || ' on claim '
    || first_line.claim_id || ' line ' || first_line.claim_line_number || ', ' || counted(units, 'unit', 'units') || ' here'
        AS message,
    {
        'procedure_code': procedure_code,
        'first_claim_id': first_line.claim_id,
        'first_claim_line_number': first_line.claim_line_number,
        'first_modifiers': first_line.modifiers,
        'first_units': first_line.units
    } AS evidence
FROM judged_line
ORDER BY subject_id;
