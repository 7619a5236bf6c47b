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
version = 3
since = "0.1.0"
checks = "A timed code stands on two lines of one patient, date, plan of care and provider to Medicare, with other modifiers or other units than the first, or in another session of the day, and not because an assistant gave a part of it (CQ, CO)."
why = "Medicare counts the units of a code over the date. Split over lines they slip past edits that read one line, and the second line looks like a duplicate."
numerator = "later lines of a timed code that stands on an earlier line of the day already"
denominator = "lines of timed codes to Medicare, or to a payer of unknown class"
applies_to = "Medicare fee-for-service. The same code with the same modifiers and units, and no clock times that set the two apart, is a duplicate (CLM001). Lines denied or billed to be denied are left out."
not_evaluated_when = "The payer matches no class: it may be Medicare; or one of the two lines has no NPI: they may be two providers' services."
flagged_example = "97110-GP with 2 units and 97110-GP with 1 unit on one date."
correct_example = "97110-GP with 3 units; or 97110-GP with 2 and 97110-GP-CQ with 1, the part that the assistant gave."
fix = "Put the units of the code on one line and send a corrected claim."
ask = "whether the service was given in one session or in two"
false_positives = "Two sessions of a day, each documented, billed apart without modifier 76."
references = ["CMS Pub. 100-04, ch. 5, sec. 20.1 (CQ and CO)", "CMS Pub. 100-04, ch. 5, sec. 20.2 (units of a date; Transmittal 2121, CR 7247, effective 2011-03-21)"]
+++*/
WITH timed_line AS NOT MATERIALIZED (
    SELECT * FROM claim_line
    WHERE starts_with(unit_basis, 'timed_') AND payer_class IN ('medicare_ffs', 'unknown') AND counts_units
),

-- Few codes stand twice on a date: only their lines are held against each other.
repeated_line AS (
    SELECT
        line_id,
        claim_id,
        claim_line_number,
        patient_id,
        service_date,
        payer_key,
        coverage_order,
        discipline,
        procedure_code,
        provider_npi,
        modifiers,
        has_assistant,
        has_repeat_service,
        units,
        start_time,
        end_time,
        (coalesce(submitted_date, DATE '0001-01-01'), claim_id, claim_line_number, line_id) AS place_sent,
        (claim_id, claim_line_number, line_id) AS place
    FROM timed_line
    SEMI JOIN (
        SELECT patient_id, service_date, procedure_code
        FROM timed_line
        GROUP BY patient_id, service_date, procedure_code
        HAVING count(*) > 1
    ) AS repeated_code USING (patient_id, service_date, procedure_code)
),

beside AS (
    SELECT
        line.line_id,
        other,
        line.provider_npi = other.provider_npi AS is_same_provider,
        line.modifiers = other.modifiers AND line.units = other.units
        -- Two sessions on the clock are two services.
        AND NOT coalesce(line.start_time >= other.end_time OR other.start_time >= line.end_time, FALSE) AS is_alike,
        is_alike AND other.place_sent < line.place_sent AS is_repetition,
        NOT is_alike AND other.place < line.place AS is_part
    FROM repeated_line AS line
    INNER JOIN repeated_line AS other
        ON
            line.patient_id = other.patient_id
            AND line.service_date = other.service_date
            AND line.payer_key = other.payer_key
            AND line.coverage_order = other.coverage_order
            AND line.discipline = other.discipline
            AND line.procedure_code = other.procedure_code
            AND coalesce(line.provider_npi = other.provider_npi, TRUE)
            AND line.has_assistant = other.has_assistant
            AND NOT (line.has_repeat_service OR other.has_repeat_service)
),

judged_line AS (
    SELECT
        line_id,
        arg_min(other, other.place) FILTER (WHERE is_part AND is_same_provider) AS first_line,
        count(*) FILTER (WHERE is_part) AS earlier_lines,
        -- The same modifiers and units again are CLM001's.
        bool_or(is_repetition AND is_same_provider) AS is_duplicate
    FROM beside
    GROUP BY line_id
)
SELECT
    line_id AS subject_id,
    first_line IS NOT NULL AND NOT is_duplicate AS is_flagged,
    CASE
        WHEN payer_class = 'unknown' THEN reason_payer_class_unknown()
        WHEN earlier_lines > 0 AND first_line IS NULL AND NOT is_duplicate THEN reason_no_npi_on_code()
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
FROM timed_line
LEFT JOIN judged_line USING (line_id)
ORDER BY subject_id;
