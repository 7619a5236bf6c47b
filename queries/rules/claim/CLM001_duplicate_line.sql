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
version = 1
since = "0.1.0"
checks = "Two lines bill one payer for the same patient, date, provider, code, modifiers and units, and no modifier 76, 77 or 91 says that the service was repeated."
why = "The later line asks payment for a service that was billed already; what was paid for it is a potential overpayment."
numerator = "lines that repeat an earlier line of the day"
denominator = "audited lines without modifier 76, 77 or 91"
applies_to = "every payer. Voids, replacements, reversals and secondary claims are settled before."
not_evaluated_when = "The same service stands twice, and one of the lines has no NPI: they may be two providers' services."
flagged_example = "97110, 2 units, GP, on claims A and B for one patient, date and provider."
correct_example = "The second line carries modifier 76; or the first line was denied and this is the resubmission."
fix = "Check whether the service was given twice. If not, void the later claim line and refund it."
false_positives = "Two sessions on one day, both documented, billed without modifier 76; a batch sent twice that the payer denied (then the paid amount is 0)."
references = ["CMS Pub. 100-04, ch. 1, sec. 120 (duplicate claims)"]
+++*/
WITH repeated_service AS (
    SELECT min(line_id) AS service_id, list(line_id) AS line_ids
    FROM claim_line
    GROUP BY patient_id, service_date, payer_key, coverage_order, procedure_code, modifiers, units
    HAVING count(*) > 1
),

line_of_service AS (
    SELECT service_id, unnest(line_ids) AS line_id FROM repeated_service
),

repeated_line AS (
    SELECT
        line_id,
        -- A line that was denied was not paid: what follows it is a resubmission.
        CASE
            WHEN provider_npi IS NOT NULL
                THEN first_value(CASE WHEN NOT is_denied THEN line_id END IGNORE NULLS) OVER earlier_of_provider
        END AS first_line_id,
        -- A line without an NPI may be anyone's.
        coalesce(
            bool_or(NOT is_denied AND provider_npi IS NULL) OVER earlier_of_anyone
            OR (provider_npi IS NULL AND bool_or(NOT is_denied) OVER earlier_of_anyone), FALSE
        ) AS may_repeat
    FROM claim_line
    INNER JOIN line_of_service USING (line_id)
    WINDOW
        earlier_of_anyone AS (
            PARTITION BY service_id
            ORDER BY submitted_date NULLS FIRST, claim_id, claim_line_number, line_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ),
        earlier_of_provider AS (
            PARTITION BY service_id, provider_npi
            ORDER BY submitted_date NULLS FIRST, claim_id, claim_line_number, line_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
)
SELECT
    line.line_id AS subject_id,
    first_line_id IS NOT NULL AS is_flagged,
    CASE WHEN may_repeat AND NOT is_flagged THEN 'a repeated line has no NPI' END AS reason,
    one_line(line.line_id, line.line_amount) AS lines,
    line.procedure_code || ', ' || counted(line.units, 'unit', 'units')
    || ', billed again: the same patient, date, provider, code and modifiers stand on claim ' || first_line.claim_id
    || ' line ' || first_line.claim_line_number AS message,
    {
        'first_claim_id': first_line.claim_id,
        'first_claim_line_number': first_line.claim_line_number
    } AS evidence
FROM claim_line AS line
LEFT JOIN repeated_line USING (line_id)
LEFT JOIN claim_line AS first_line ON repeated_line.first_line_id = first_line.line_id
WHERE NOT line.has_repeat_service
ORDER BY subject_id;
