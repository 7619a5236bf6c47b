/*+++
id = "TIM007"
name = "units-over-mue"
title = "More units of a code in a day than the medically unlikely edit allows"
family = "time"
severity = "medium"
confidence = "likely"
direction = "over"
subject = "line"
examines = "patient day"
partition_by = "patient"
reads = ["claim_line", "mue", "visit"]
version = 6
since = "0.1.0"
checks = "The units of a code are added up over all lines of one patient, date, provider, discipline and payer and compared with the medically unlikely edit (MUE) in force on the date of service: the hospital value for lines with an outpatient hospital's bill type, the practitioner value for lines without a bill type."
why = "Above the edit Medicare denies every unit of the code that day, not only the surplus. Under an edit of kind 3 the contractor may pay on evidence. What was paid is a potential overpayment."
numerator = "patient-days of a code with more units than its MUE"
denominator = "patient-days of a code (patient, date, provider, discipline, payer, order of coverage, code)"
applies_to = "payers that apply medically unlikely edits: those that follow NCCI edits (Medicare fee-for-service, Advantage plans unless audit.toml says otherwise, others where it says so). Medicare fee-for-service: all units of the code that day are at risk (an edit of kind 2: certain, of kind 3: likely); other payers: the units over the MUE, cheapest lines first. A payer's own daily limit is MED009's."
not_evaluated_when = "The payer is not known to apply MUEs, or does not; no MUE is loaded for the code on the date of service: the code has none, the date is before the first loaded edition (after the last one, the last one counts), no hospital edition is loaded, or the bill type is none of an outpatient hospital's; a payer other than Medicare and an MUE of 0, which only says that Medicare does not pay the code; lines of the day without an NPI decide whether the units are over; units of the visit look like minutes (TIM011); a professional line covers several days, and its units divided by them, as CMS adjudicates a date span, are not over; self-pay."
flagged_example = "97140 with 4 units on one claim and 3 on another for one date to Medicare: 7 units, the MUE is 6."
correct_example = "97140 with 6 units in all on the date."
fix = "Check units against minutes and for minutes sent as units. If the units stand, be ready to show why they were needed; else correct them and refund. Where the edit is 0, Medicare pays no unit of the code and no record changes that: bill the code that it takes instead (97014: G0283), or none."
ask = "how often the service was given that day, and why"
false_positives = "Units above the edit that were needed and are documented (an edit of kind 3 can be appealed); a payer that publishes limits of its own."
references = ["CMS medically unlikely edits, practitioner and outpatient hospital services", "NCCI policy manual 2026, ch. I, sec. V"]
+++*/
WITH code_of_day AS (
    SELECT
        patient_id, service_date, provider_npi, discipline, payer_key, coverage_order, setting, procedure_code,
        min(payer_class) AS payer_class,
        min(unit_rule) AS unit_rule,
        -- A payer that is billed is a payer, though a line of the day was self-pay.
        bool_or(follows_ncci) FILTER (WHERE unit_rule <> 'none') AS follows_ncci,
        bool_or(has_units_like_minutes) AS has_units_like_minutes,
        sum(units) AS units_of_day,
        sum(units_a_day(units, service_date, service_date_to, bill_type)) AS units_of_one_day,
        max(days) AS days,
        min(line_id) AS first_line_id,
        count(*) AS lines_of_day
    FROM claim_line
    INNER JOIN (SELECT visit_id, has_units_like_minutes FROM visit) AS unit_doubt USING (visit_id)
    WHERE counts_units
    GROUP BY patient_id, service_date, provider_npi, discipline, payer_key, coverage_order, setting, procedure_code
),

judged_day AS (
    SELECT
        code_of_day.*,
        mue.mue,
        mue.mai,
        mue.effective_from AS edition,
        units_of_day > mue AND (provider_npi IS NOT NULL OR lines_of_day = 1) AS is_over,
        CASE
            WHEN unit_rule = 'none' THEN reason_self_pay()
            WHEN follows_ncci IS NULL THEN reason_ncci_not_known(payer_class)
            WHEN NOT follows_ncci THEN 'the payer does not apply medically unlikely edits'
            WHEN has_units_like_minutes THEN reason_units_like_minutes()
            WHEN mue IS NULL THEN 'no MUE is loaded for the code on the date of service'
            WHEN mue = 0 AND payer_class <> 'medicare_ffs' THEN 'the MUE of 0 is Medicare''s own'
            WHEN units_of_day > mue AND units_of_one_day <= mue THEN reason_units_of_days()
            -- A line without an NPI may be anyone's.
            WHEN
                NOT is_over
                AND units_of_day + CASE WHEN provider_npi IS NULL THEN 0 ELSE units_without_npi END > mue
                THEN reason_no_npi_on_code()
        END AS reason
    FROM code_of_day
    LEFT JOIN (
        SELECT
            patient_id, service_date, discipline, payer_key, coverage_order, setting, procedure_code,
            units_of_day AS units_without_npi
        FROM code_of_day
        WHERE provider_npi IS NULL
    ) AS without_npi USING (patient_id, service_date, discipline, payer_key, coverage_order, setting, procedure_code)
    LEFT JOIN mue
        ON
            code_of_day.setting = mue.setting
            AND code_of_day.procedure_code = mue.procedure_code
            AND code_of_day.service_date BETWEEN mue.effective_from AND mue.effective_to
),

-- Units over the edit, cheapest lines first: so many are still to be taken when it is a line's turn. A line that takes
-- units back bears none.
over_line AS (
    SELECT
        over_day.first_line_id,
        over_day.payer_class,
        claim_line.line_id,
        claim_line.line_amount,
        claim_line.units,
        units_to_take(
            -- Each day that a line covers may hold as many.
            over_day.units_of_day - over_day.mue * over_day.days,
            sum(greatest(claim_line.units, 0)) OVER (
                PARTITION BY over_day.first_line_id
                ORDER BY
                    unit_price(claim_line.line_amount, claim_line.units),
                    claim_line.claim_id DESC, claim_line.claim_line_number DESC, claim_line.line_id DESC
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), greatest(claim_line.units, 0)
        ) AS units_over
    FROM judged_day AS over_day
    INNER JOIN claim_line
        ON
            over_day.patient_id = claim_line.patient_id
            AND over_day.service_date = claim_line.service_date
            AND over_day.provider_npi IS NOT DISTINCT FROM claim_line.provider_npi
            AND over_day.discipline = claim_line.discipline
            AND over_day.payer_key = claim_line.payer_key
            AND over_day.coverage_order = claim_line.coverage_order
            AND over_day.setting = claim_line.setting
            AND over_day.procedure_code = claim_line.procedure_code
            AND claim_line.counts_units
    WHERE over_day.is_over
),

-- Medicare denies the whole day of the code; what another payer has too many is the units over.
potential AS (
    SELECT
        first_line_id,
        list({
            'line_id': line_id,
            'amount_at_risk': CASE
                WHEN payer_class = 'medicare_ffs' THEN at_risk(line_amount)
                -- A line without a share, or one of no units or fewer, bears nothing, whatever its amount.
                WHEN units_over = 0 THEN at_risk(0)
                ELSE amount_of_units(line_amount, units_over, units)
            END
        } ORDER BY line_id) AS lines
    FROM over_line
    GROUP BY first_line_id
)
SELECT
    first_line_id AS subject_id,
    is_over AS is_flagged,
    reason,
    potential.lines,
    [
        one_surplus(
            units_of_day - mue * days,
            list_transform(potential.lines, lambda one : one.line_id),
            CASE WHEN payer_class = 'medicare_ffs' THEN 'lines' ELSE 'units' END
        )
    ] AS surplus,
    CASE WHEN payer_class = 'medicare_ffs' AND mai = 2 THEN 'certain' ELSE 'likely' END AS confidence,
    units_of_day AS units_billed,
    mue * days AS units_supported,
    procedure_code || ': ' || counted(units_of_day, 'unit', 'units') || ' billed for '
    || CASE WHEN days > 1 THEN days || ' days' ELSE 'the day' END || ' on '
    || counted(lines_of_day, 'line', 'lines')
    || '; the medically unlikely edit in the edition of ' || strftime(edition, '%Y-%m') || ' is ' || mue
    || CASE WHEN days > 1 THEN ' a day' ELSE '' END
    || CASE payer_class WHEN 'medicare_ffs' THEN '; above it Medicare denies all units of the code that day' ELSE '' END
        AS message,
    {
        'procedure_code': procedure_code,
        'units_of_day': units_of_day,
        'lines_of_day': lines_of_day,
        'mue': mue,
        'mue_edition': edition,
        'mue_adjudication_indicator': mai,
        'units_over': units_of_day - mue * days
    } AS evidence
FROM judged_day
LEFT JOIN potential USING (first_line_id)
ORDER BY subject_id;
