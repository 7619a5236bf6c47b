/*+++
id = "MAN008"
name = "rebilled-as-manual"
title = "Massage denied, then billed again as manual therapy"
family = "massage"
severity = "high"
confidence = "likely"
direction = "over"
subject = "line"
partition_by = "patient"
reads = ["claim_line", "superseded_service"]
version = 4
since = "0.1.0"
checks = "97124 was denied, or nothing was allowed and nothing paid for it, and a later claim (by its submitted date, else its number) of the same provider to the same payer bills 97140 for the same patient and date, which none did before. The later claim may stand beside the first or replace it."
why = "A service does not change because it was denied. If massage was given, calling it manual therapy to have it paid is a misstatement, and what was paid is a potential overpayment."
numerator = "97140 lines on a later claim than a 97124 line that was denied or not paid"
denominator = "97140 lines"
applies_to = "every payer. Claims that bill 97124 and 97140 together are left alone: there 97140 was no substitute. So are lines with clock times that do not overlap, unless the later claim replaces the first: another block of time is another service. Likely where submitted dates, or a replacement, tell which came later; possible where the claims' numbers alone do."
not_evaluated_when = "A 97124 line of the day has neither a status nor a paid amount; one of the two lines has no NPI."
flagged_example = "Claim A: 97124, denied. Claim B, sent 20 days later for the same date: 97140."
correct_example = "Claim A: 97124, denied. Claim B: 97124 again, with the record that the payer asked for."
fix = "Read the treatment note. Unless it shows manual therapy, withdraw the later claim and refund what was paid for it."
ask = "the claim that was denied, and technique and aim of the treatment note"
false_positives = "The first claim was miscoded and the note supports manual therapy: then record why the code was corrected."
references = ["31 U.S.C. 3729 (false claims)", "Definition of 97124 and 97140 in plain words: docs/notes.md"]
+++*/
WITH hands_on_line AS (
    SELECT
        line_id,
        claim_id,
        original_claim_id,
        claim_frequency_code,
        patient_id,
        service_date,
        payer_key,
        coverage_order,
        provider_npi,
        procedure_code,
        service_kind,
        submitted_date,
        start_time,
        end_time,
        paid_amount,
        line_amount,
        is_denied,
        status_says,
        is_superseded,
        bool_or(service_kind = 'massage') OVER same_claim AS claim_has_massage,
        bool_or(service_kind = 'manual_therapy') OVER same_claim AS claim_has_manual
    FROM (
        SELECT *, FALSE AS is_superseded FROM claim_line
        UNION ALL BY NAME
        SELECT *, TRUE AS is_superseded FROM superseded_service
    ) AS billed_line
    WHERE service_kind IN ('massage', 'manual_therapy')
    WINDOW same_claim AS (PARTITION BY claim_id, patient_id, service_date, is_superseded)
),

-- Massage billed alone, with no manual therapy of the day on a claim before.
massage_line AS (
    SELECT
        massage.*,
        massage.status_says = 'nothing' AND massage.paid_amount IS NULL AS no_outcome
    FROM hands_on_line AS massage
    ANTI JOIN hands_on_line AS manual
        ON
            massage.patient_id = manual.patient_id
            AND massage.service_date = manual.service_date
            AND massage.payer_key = manual.payer_key
            AND massage.coverage_order = manual.coverage_order
            AND massage.provider_npi = manual.provider_npi
            AND manual.service_kind = 'manual_therapy'
            AND coalesce(massage.submitted_date > manual.submitted_date, massage.claim_id > manual.claim_id)
    WHERE NOT massage.claim_has_manual
),

pair AS (
    SELECT
        manual.line_id,
        manual.procedure_code,
        manual.line_amount,
        manual.submitted_date AS manual_submitted,
        massage,
        manual.provider_npi = massage.provider_npi AS same_provider,
        massage.is_superseded
        OR coalesce(manual.submitted_date > massage.submitted_date, manual.claim_id > massage.claim_id) AS is_later
    FROM hands_on_line AS manual
    LEFT JOIN massage_line AS massage
        ON
            manual.patient_id = massage.patient_id
            AND manual.service_date = massage.service_date
            AND manual.payer_key = massage.payer_key
            AND manual.coverage_order = massage.coverage_order
            AND coalesce(manual.provider_npi = massage.provider_npi, TRUE)
            AND NOT manual.claim_has_massage
            -- In a block of time of its own it was another service; a claim that replaces the first is the same one, whose
            -- times are not kept.
            AND (
                coalesce(manual.start_time < massage.end_time AND manual.end_time > massage.start_time, TRUE)
                OR massage.start_time >= massage.end_time OR manual.start_time >= manual.end_time
            )
            -- A superseded claim counts only for the replacement that names it.
            AND CASE
                WHEN massage.is_superseded
                    THEN
                        manual.claim_frequency_code = '7'
                        AND coalesce(manual.original_claim_id, manual.claim_id) = massage.claim_id
                ELSE manual.claim_id <> massage.claim_id
            END
    WHERE manual.service_kind = 'manual_therapy' AND NOT manual.is_superseded
),

judged_line AS (
    SELECT
        line_id,
        any_value(procedure_code) AS procedure_code,
        any_value(line_amount) AS line_amount,
        any_value(manual_submitted) AS manual_submitted,
        arg_min(massage, (massage.submitted_date, massage.claim_id, massage.line_id))
        FILTER (WHERE massage.is_denied AND is_later AND same_provider) AS first_line,
        bool_or(massage.no_outcome AND is_later) AS lacks_outcome,
        bool_or(massage.is_denied AND is_later) AS lacks_npi
    FROM pair
    GROUP BY line_id
)
SELECT
    line_id AS subject_id,
    first_line IS NOT NULL AS is_flagged,
    CASE
        WHEN is_flagged THEN NULL
        WHEN lacks_outcome THEN 'the massage line has neither status nor payment'
        WHEN lacks_npi THEN reason_no_npi_on_pair()
    END AS reason,
    one_line(line_id, line_amount) AS lines,
    -- A number of a claim is no date: systems give them by patient, by batch, and again.
    CASE WHEN first_line.is_superseded OR manual_submitted > first_line.submitted_date THEN 'likely' ELSE 'possible' END
        AS confidence,
    procedure_code || ' billed after ' || first_line.procedure_code || ' on claim ' || first_line.claim_id
    || ' was not paid: the same patient, date and provider' AS message,
    {
        'procedure_code': procedure_code,
        'first_code': first_line.procedure_code,
        'first_claim_id': first_line.claim_id,
        'first_submitted_date': first_line.submitted_date,
        'first_was_replaced': first_line.is_superseded
    } AS evidence
FROM judged_line
ORDER BY subject_id;
