/*+++
id = "TIM007"
name = "units-over-mue"
title = "More units of a code in a day than the medically unlikely edit allows"
family = "time"
severity = "medium"
confidence = "likely"
direction = "over"
subject = "line"
partition_by = "patient"
reads = ["claim_line", "mue"]
version = 1
since = "0.1.0"
checks = "The units of a code are added up over all lines of one patient, date, provider and payer and compared with the medically unlikely edit (MUE) in force on the date of service: the hospital value for lines with a bill type, else the practitioner value."
why = "Above the edit Medicare denies every unit of the code that day, not only the surplus. Other payers look twice at units that few patients ever need. What was paid is a potential overpayment."
numerator = "patient-days of a code with more units than its MUE"
denominator = "patient-days of a code (patient, date, provider, payer, code)"
applies_to = "every payer except self-pay. Medicare fee-for-service: all units of the code that day are at risk; other payers: the units over the MUE, cheapest lines first."
not_evaluated_when = "The code has no MUE in the loaded edition; no edition is loaded for the setting, or the date of service is before the first one (after the last one, the last one counts); a payer other than Medicare and an MUE of 0, which only says that Medicare does not pay the code; lines of the day without an NPI decide whether the units are over; self-pay."
flagged_example = "97140 with 4 units on one claim and 3 on another for one date to Medicare: 7 units, the MUE is 6."
correct_example = "97140 with 6 units in all on the date."
fix = "Check units against minutes and for minutes sent as units. If the units stand, be ready to show why they were needed; else correct them and refund."
false_positives = "Units above the edit that were needed and are documented (an edit of kind 3 can be appealed); a payer that publishes limits of its own."
references = ["CMS medically unlikely edits, practitioner and outpatient hospital services", "NCCI policy manual 2026, ch. I, sec. V"]
+++*/
WITH first_edition AS (
    SELECT setting, min(effective_from) AS first_day FROM mue GROUP BY setting
),

code_line AS (
    SELECT
        line_id, patient_id, service_date, payer_key, coverage_order, provider_npi, payer_class, unit_rule, units, line_amount,
        claim_line.setting, claim_line.procedure_code, mue.mue, mue.mai,
        coalesce(service_date < first_day, TRUE) AS before_first_edition
    FROM claim_line
    LEFT JOIN first_edition ON claim_line.setting = first_edition.setting
    LEFT JOIN mue
        ON
            claim_line.setting = mue.setting
            AND claim_line.procedure_code = mue.procedure_code
            AND claim_line.service_date BETWEEN mue.effective_from AND mue.effective_to
),

code_of_day AS (
    SELECT
        *,
        sum(units) OVER same_code AS units_of_day,
        count(*) OVER same_code AS lines_of_day,
        min(line_id) OVER same_code AS first_line_id,
        -- A line without an NPI may be anyone's.
        sum(units * CAST(provider_npi IS NULL AS INTEGER)) OVER (
            PARTITION BY patient_id, service_date, payer_key, coverage_order, setting, procedure_code
        ) AS units_without_npi,
        -- Units over the edit, cheapest lines first: this many are still to be taken when it is this line's turn.
        units_to_take(
            sum(units) OVER same_code - mue,
            sum(units) OVER (
                PARTITION BY patient_id, service_date, payer_key, coverage_order, setting, procedure_code, provider_npi
                ORDER BY unit_price(line_amount, units), line_id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), units
        ) AS units_over
    FROM code_line
    WINDOW
        same_code AS (
            PARTITION BY patient_id, service_date, payer_key, coverage_order, setting, procedure_code, provider_npi
        )
),

judged_line AS (
    SELECT
        *,
        units_of_day > mue AND (provider_npi IS NOT NULL OR lines_of_day = 1) AS is_over,
        CASE
            WHEN unit_rule = 'none' THEN 'self-pay: no payer rule applies'
            WHEN mue IS NULL AND before_first_edition THEN 'no MUE edition is loaded for the date and setting'
            WHEN mue IS NULL THEN 'the code has no MUE in the loaded edition'
            WHEN mue = 0 AND payer_class <> 'medicare_ffs' THEN 'the MUE of 0 is Medicare''s own'
            WHEN NOT is_over AND units_of_day + CASE WHEN provider_npi IS NULL THEN 0 ELSE units_without_npi END > mue
                THEN 'a line of the code has no NPI'
        END AS reason,
        -- Medicare denies the whole day of the code; what another payer has too many is the units over.
        CASE
            WHEN payer_class = 'medicare_ffs' THEN at_risk(line_amount)
            WHEN units_over > 0 THEN amount_of_units(line_amount, units_over, units)
        END AS amount_at_risk
    FROM code_of_day
)
SELECT
    first_line_id AS subject_id,
    CASE WHEN reason IS NOT NULL THEN 'not evaluated' WHEN is_over THEN 'flag' ELSE 'ok' END AS verdict,
    reason,
    list({'line_id': line_id, 'amount_at_risk': amount_at_risk} ORDER BY line_id)
    FILTER (WHERE payer_class = 'medicare_ffs' OR units_over > 0) AS lines,
    units_of_day AS units_billed,
    mue AS units_supported,
    procedure_code || ': ' || counted(units_of_day, 'unit', 'units') || ' billed for the day on '
    || counted(lines_of_day, 'line', 'lines') || '; the medically unlikely edit is ' || mue
    || CASE payer_class WHEN 'medicare_ffs' THEN ', above it Medicare denies the code''s whole day' ELSE '' END AS message,
    {
        'procedure_code': procedure_code,
        'units_of_day': units_of_day,
        'lines_of_day': lines_of_day,
        'mue': mue,
        'mue_adjudication_indicator': mai,
        'units_over': units_of_day - mue
    } AS evidence
FROM judged_line
GROUP BY first_line_id, procedure_code, units_of_day, lines_of_day, mue, mai, is_over, reason, payer_class
ORDER BY subject_id;
