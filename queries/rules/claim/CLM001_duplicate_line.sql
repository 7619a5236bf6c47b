/*+++
id = "CLM001"
name = "duplicate-line"
title = "The same service billed twice"
family = "claim"
severity = "high"
confidence = "likely"
direction = "over"
subject = "line"
partition_by = "patient"
reads = ["claim_line"]
version = 2
since = "0.1.0"
checks = "Two lines bill one payer for the same patient, date, provider, discipline, code, modifiers and units, and neither a modifier 76, 77 or 91 nor the clock says that the service was given twice."
why = "The later line asks payment for a service that was billed already; what was paid for it is a potential overpayment."
numerator = "lines that repeat an earlier line of the day"
denominator = "audited lines without modifier 76, 77 or 91"
applies_to = "every payer. Voids, replacements, reversals and secondary claims are settled before. Lines denied or billed to be denied are neither a first nor a second; nor is a first line for which nothing was allowed and nothing paid. Without a column of modifiers the finding is likely and carries no dollars."
not_evaluated_when = "The same service stands twice, and one of the lines has no NPI: they may be two providers' services."
flagged_example = "97110, 2 units, GP, on claims A and B for one patient, date and provider."
correct_example = "The second line carries modifier 76; or the first line was denied and this is the resubmission."
fix = "Check whether the service was given twice. If not, void the later claim line and refund it."
ask = "whether the service was given a second time, and when"
false_positives = "Two sessions on one day, both documented, billed without modifier 76 and without clock times."
references = ["CMS Pub. 100-04, ch. 1, sec. 120 (duplicate claims)"]
+++*/
WITH service_line AS NOT MATERIALIZED (
    SELECT * FROM claim_line WHERE counts_units AND NOT has_repeat_service
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
        modifiers,
        units,
        provider_npi,
        submitted_date,
        allowed_amount,
        paid_amount,
        start_time,
        end_time
    FROM service_line
    SEMI JOIN (
        SELECT patient_id, service_date, procedure_code
        FROM service_line
        GROUP BY patient_id, service_date, procedure_code
        HAVING count(*) > 1
    ) AS repeated_code USING (patient_id, service_date, procedure_code)
),

earlier AS (
    SELECT
        line.line_id,
        first(other ORDER BY other.submitted_date NULLS FIRST, other.claim_id, other.claim_line_number)
        FILTER (WHERE line.provider_npi = other.provider_npi) AS first_line
    FROM repeated_line AS line
    INNER JOIN repeated_line AS other
        ON
            line.patient_id = other.patient_id
            AND line.service_date = other.service_date
            AND line.payer_key = other.payer_key
            AND line.coverage_order = other.coverage_order
            AND line.discipline = other.discipline
            AND line.procedure_code = other.procedure_code
            AND line.modifiers = other.modifiers
            AND line.units = other.units
            -- A line without an NPI may be anyone's.
            AND coalesce(line.provider_npi = other.provider_npi, TRUE)
            AND (coalesce(other.submitted_date, DATE '0001-01-01'), other.claim_id, other.claim_line_number, other.line_id)
            < (coalesce(line.submitted_date, DATE '0001-01-01'), line.claim_id, line.claim_line_number, line.line_id)
            -- For a line with nothing allowed and nothing paid nobody was paid before.
            AND NOT coalesce(other.allowed_amount = 0 AND other.paid_amount = 0, FALSE)
            -- Two sessions on the clock are two services.
            AND NOT coalesce(line.start_time >= other.end_time OR line.end_time <= other.start_time, FALSE)
    GROUP BY line.line_id
)
SELECT
    line_id AS subject_id,
    first_line IS NOT NULL AS is_flagged,
    CASE WHEN earlier.line_id IS NOT NULL AND NOT is_flagged THEN 'a repeated line has no NPI' END AS reason,
    one_line(line_id, CASE WHEN has_modifier_column THEN line_amount ELSE 0 END) AS lines,
    procedure_code || ', ' || counted(units, 'unit', 'units')
    || ', billed again: the same patient, date, provider, code and modifiers stand on claim ' || first_line.claim_id
    || ' line ' || first_line.claim_line_number AS message,
    {
        'first_claim_id': first_line.claim_id,
        'first_claim_line_number': first_line.claim_line_number
    } AS evidence
FROM service_line
LEFT JOIN earlier USING (line_id)
ORDER BY subject_id;
