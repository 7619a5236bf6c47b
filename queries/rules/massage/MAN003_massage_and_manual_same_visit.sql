/*+++
id = "MAN003"
name = "massage-and-manual-same-visit"
title = "Massage and manual therapy billed on one date"
family = "massage"
severity = "medium"
confidence = "certain"
direction = "over"
subject = "line"
partition_by = "patient"
reads = ["claim_line"]
version = 3
since = "0.1.0"
checks = "97124 and 97140 were billed for one patient, one date, by one provider to one payer, without a modifier of the 59 family; for payers that do not follow NCCI edits with one too, because the record must then show separate areas."
why = "97140 is column 1 and 97124 column 2 of an NCCI edit with indicator 0: for a payer that follows NCCI the massage line is never payable beside manual therapy and is a potential overpayment. Other payers often bundle the two as well."
numerator = "97124 lines, not denied, with a 97140 line beside them (payers that follow NCCI: and no modifier of the 59 family on either)"
denominator = "97124 lines"
applies_to = "every payer; dollars for payers that follow NCCI, unless the 97140 line was denied. With a 59 on the pair and a payer that follows NCCI see MOD003."
not_evaluated_when = "Self-pay; a 97140 line stands beside it, the export has no column of modifiers and the payer does not follow NCCI; a 97140 line stands beside it but one of the two has no NPI."
flagged_example = "97140 and 97124 on one date to Medicare, no modifier: 97124 is not payable."
correct_example = "97124 on Monday, 97140 on Wednesday."
fix = "Payer follows NCCI: take 97124 off the claim and refund it; no modifier mends this pair. Other payers: look up their edit."
false_positives = "Two providers who bill under one NPI; a payer with no such edit (then it is a coding question only)."
references = ["CMS NCCI procedure-to-procedure edits, practitioner services: 97140 / 97124, indicator 0", "NCCI policy manual 2026, ch. XI"]
+++*/
WITH massage_line AS (
    SELECT * FROM claim_line WHERE service_kind = 'massage' AND NOT is_billed_to_be_denied
),

judged_line AS (
    SELECT
        massage.line_id,
        any_value(massage.procedure_code) AS procedure_code,
        any_value(massage.line_amount) AS line_amount,
        any_value(massage.unit_rule) = 'none' AS is_self_pay,
        any_value(massage.follows_ncci) AS follows_ncci,
        -- That hospitals' table has the pair with indicator 0 is a provisional fact.
        any_value(massage.is_ncci_stated AND massage.has_modifier_column AND massage.bill_type IS NULL) AS is_certain,
        any_value(massage.payer_class) AS payer_class,
        -- A manual therapy line that was paid comes before one that was denied.
        min({
            'is_denied': manual.is_denied,
            'claim_id': manual.claim_id,
            'claim_line_number': manual.claim_line_number,
            'line_id': manual.line_id,
            'procedure_code': manual.procedure_code
        }) FILTER (WHERE manual.provider_npi = massage.provider_npi) AS beside,
        count(manual.line_id) FILTER (WHERE manual.provider_npi IS NULL OR massage.provider_npi IS NULL) AS beside_without_npi,
        -- Where nothing stands beside the massage no modifier is missed.
        coalesce(
            bool_or(NOT manual.has_modifier_column OR NOT massage.has_modifier_column)
            FILTER (WHERE manual.line_id IS NOT NULL AND coalesce(manual.provider_npi = massage.provider_npi, TRUE)), FALSE
        ) AS no_modifiers,
        bool_or(massage.has_distinct_service OR manual.has_distinct_service) AS has_59
    FROM massage_line AS massage
    LEFT JOIN claim_line AS manual
        ON
            massage.patient_id = manual.patient_id
            AND massage.service_date = manual.service_date
            AND massage.payer_key = manual.payer_key
            AND massage.coverage_order = manual.coverage_order
            AND manual.service_kind = 'manual_therapy'
            AND NOT manual.is_billed_to_be_denied
            AND NOT massage.is_denied
            -- Where NCCI rules, a 59 on the pair is MOD003's; elsewhere it may be right, and the record must show it.
            AND NOT (
                coalesce(massage.follows_ncci, FALSE) AND (manual.has_distinct_service OR massage.has_distinct_service)
            )
    GROUP BY massage.line_id
)
SELECT
    line_id AS subject_id,
    beside IS NOT NULL AS is_flagged,
    CASE
        WHEN is_self_pay THEN reason_self_pay()
        WHEN no_modifiers AND NOT coalesce(follows_ncci, FALSE) THEN reason_no_modifier_column()
        WHEN beside_without_npi > 0 AND NOT is_flagged THEN reason_no_npi_on_pair()
    END AS reason,
    CASE WHEN is_certain OR NOT coalesce(follows_ncci, FALSE) THEN 'certain' ELSE 'likely' END AS confidence,
    CASE WHEN follows_ncci AND NOT beside.is_denied THEN 'over' ELSE 'coding' END AS direction,
    one_line(line_id, CASE WHEN follows_ncci AND NOT beside.is_denied THEN line_amount ELSE 0 END) AS lines,
    procedure_code || ' billed beside ' || beside.procedure_code || ' (claim ' || beside.claim_id || ' line '
    || beside.claim_line_number || CASE WHEN beside.is_denied THEN ', denied' ELSE '' END || ') by one provider on one date'
    || CASE
        WHEN no_modifiers THEN ''
        WHEN has_59 THEN ', with a modifier of the 59 family'
        ELSE ', no modifier of the 59 family on either'
    END || '; '
    || CASE
        WHEN follows_ncci THEN 'NCCI pays ' || beside.procedure_code || ' only (indicator 0)'
        WHEN has_59 THEN 'the record must show that they were given to separate areas'
        WHEN NOT follows_ncci THEN 'audit.toml says that the payer does not follow NCCI edits'
        ELSE reason_ncci_not_known(payer_class)
    END AS message,
    {
        'column_1_code': beside.procedure_code,
        'column_1_claim_id': beside.claim_id,
        'column_1_claim_line_number': beside.claim_line_number,
        'follows_ncci': follows_ncci
    } AS evidence
FROM judged_line
ORDER BY subject_id;
