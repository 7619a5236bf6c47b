/*+++
id = "TIM006"
name = "untimed-code-multiple-units"
title = "Untimed code billed more than once a day"
family = "time"
severity = "medium"
confidence = "certain"
direction = "over"
subject = "line"
examines = "patient day"
partition_by = "patient"
reads = ["claim_line"]
version = 5
since = "0.1.0"
checks = "An untimed (service-based) code is billed once a day however long it takes, and so is the first code of a series (97129, 97545, 97810, 97813), whose further units have codes of their own. Units are added up over the lines of one patient, date, provider, discipline and payer."
why = "Minutes do not earn further units of an untimed code or of a first code; units over 1 are a potential overpayment."
numerator = "patient-days of an untimed or first code with more than max_units units"
denominator = "patient-days of untimed and first codes (patient, date, provider, discipline, payer, order of coverage, code)"
applies_to = "every payer class except self-pay. Physical and occupational therapists' lines are not added up. Group therapy may stand twice on institutional claims. Denied lines and lines billed to be denied are left out."
not_evaluated_when = "A code billed on two or more lines of the day, none naming a provider: they may be two providers' services; a professional line covers several days, and its units are no more than max_units for each of them; self-pay."
flagged_example = "97161 (an evaluation) with 2 units because it took 30 minutes."
correct_example = "97161 with 1 unit."
fix = "Correct the units to 1 and refund what was paid for the rest."
false_positives = "A payer that pays a service-based modality twice a day when two sessions are documented."
references = ["CMS Pub. 100-04, ch. 5, sec. 20.2.A (Transmittal 2121, effective 2011-03-21)", "CMS medically unlikely edits, outpatient hospital services (97150)"]

[params.max_units]
type = "integer"
default = 1
help = "units of an untimed code that a day may hold"
+++*/
WITH code_of_day AS (
    SELECT
        line_id,
        units,
        line_amount,
        procedure_code,
        is_first_code,
        provider_npi,
        unit_rule,
        $max_units + CAST(service_kind IS NOT DISTINCT FROM 'group' AND bill_type IS NOT NULL AS INTEGER) AS units_allowed,
        unit_price(line_amount, units) AS price,
        sum(units) OVER same_code AS units_of_day,
        -- Each day that a line covers may hold as many.
        units_allowed * max(days) OVER same_code AS units_supported,
        max(days) OVER same_code AS days_of_code,
        count(*) OVER same_code AS lines_of_day,
        min(line_id) OVER same_code AS first_line_id,
        -- Units over the limit, cheapest lines first: this many are still to be taken when it is this line's turn.
        units_to_take(
            sum(units) OVER same_code - units_supported,
            sum(units) OVER (
                same_code
                ORDER BY price, claim_id DESC, claim_line_number DESC, line_id DESC
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), units
        ) AS units_over
    FROM claim_line
    WHERE (unit_basis = 'untimed' OR is_first_code) AND counts_units
    WINDOW
        same_code AS (
            PARTITION BY patient_id, service_date, provider_npi, discipline, payer_key, coverage_order, procedure_code
        )
),

judged_day AS (
    SELECT
        first_line_id,
        any_value(procedure_code) AS procedure_code,
        any_value(units_of_day) AS units_of_day,
        any_value(units_supported) AS units_supported,
        any_value(days_of_code) AS days_of_code,
        any_value(lines_of_day) AS lines_of_day,
        any_value(units_allowed) AS units_allowed,
        any_value(is_first_code) AS is_first_code,
        CASE
            WHEN min(unit_rule) = 'none' THEN reason_self_pay()
            WHEN any_value(provider_npi) IS NULL AND any_value(lines_of_day) > 1 THEN 'no NPI on several lines of the day'
            WHEN
                any_value(units_of_day) > any_value(units_allowed)
                AND any_value(units_of_day) <= any_value(code_of_day.units_supported)
                THEN reason_units_of_days()
        END AS reason,
        list({'line_id': line_id, 'amount_at_risk': amount_of_units(line_amount, units_over, units)} ORDER BY line_id)
        FILTER (WHERE units_over > 0) AS lines,
        list(line_id ORDER BY line_id) AS line_ids
    FROM code_of_day
    GROUP BY first_line_id
)
SELECT
    first_line_id AS subject_id,
    units_of_day > units_supported AS is_flagged,
    reason,
    lines,
    [one_surplus(units_of_day - units_supported, line_ids)] AS surplus,
    units_of_day AS units_billed,
    units_supported,
    procedure_code || CASE WHEN is_first_code THEN ' is a first code: ' ELSE ' is not a timed code: ' END
    || counted(units_of_day, 'unit', 'units') || ' billed for '
    || CASE WHEN days_of_code > 1 THEN days_of_code || ' days' ELSE 'the day' END || ' on '
    || counted(lines_of_day, 'line', 'lines') || ', ' || units_supported || ' supported' AS message,
    {
        'procedure_code': procedure_code,
        'units_of_day': units_of_day,
        'lines_of_day': lines_of_day,
        'units_over': units_of_day - units_supported
    } AS evidence
FROM judged_day
ORDER BY subject_id;
