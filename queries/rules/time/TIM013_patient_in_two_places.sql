/*+++
id = "TIM013"
name = "patient-in-two-places"
title = "One patient received more one-on-one minutes than the clock holds"
family = "time"
severity = "medium"
confidence = "likely"
direction = "over"
subject = "patient"
examines = "patient day"
partition_by = "patient"
reads = ["claim_line", "missing_time", "unit_without_time"]
version = 4
since = "0.1.0"
checks = "The day's one-on-one sessions of one patient, whoever treated, are laid on one clock. Start and end may be those of an appointment; what cannot be is more one-on-one minutes between two moments than lie between them. In order of their end each session keeps the most minutes that fit, the rest is missing. Without minutes, the lines of a visit with the same times count as one session of the fewest minutes that their units need (15 x units - 7)."
why = "Nobody can receive two one-on-one services in full at the same time, not even from two therapists: each minute earns one of them. Units that the remaining minutes do not support are a potential overpayment."
numerator = "days of a patient on which more than max_missing one-on-one minutes do not fit on the clock"
denominator = "patient-days on which a patient received one-on-one services (patient, date)"
applies_to = "every payer class except self-pay, all providers together, assistants included. Group therapy, work hardening and supervised modalities are not one-on-one. Secondary claims, denied lines and lines billed to be denied are left out. Where the export has no column of modifiers the finding is possible only and carries no dollars."
not_evaluated_when = "Several one-on-one lines, no minutes missing, and one or more of the lines have no clock times, or cover several days; self-pay only."
flagged_example = "Physical therapy 97110 from 9:00 to 9:30 with 30 minutes, and occupational therapy 97530 from 9:00 to 9:30 with 30 minutes."
correct_example = "The two treatments of 15 minutes each within the same half hour; or one after the other."
fix = "Compare both records with the schedule. Two therapists who treat together divide the minutes between them; correct the units and refund."
ask = "the times of each session of that day, and who gave it"
false_positives = "Clock times noted late or for the whole stay; one claim exported twice under two numbers; co-treatment for which the payer allows both to bill."
references = ["CMS, 11 Part B billing scenarios for PTs and OTs (co-treatment)", "CMS Pub. 100-02, ch. 15, sec. 230", "Demand test of scheduling theory: necessary and sufficient for one person who may go to and fro"]

[params.max_missing]
type = "integer"
default = 7
help = "missing minutes of a day that are not flagged; from 8 minutes on a unit is earned"
+++*/
WITH day_session AS (
    SELECT
        patient_id,
        service_date,
        CAST(ceil(sum(asked - kept)) AS INTEGER) AS missing,
        bool_or(is_implied) AS is_implied,
        bool_and(has_modifier_column) AS has_modifier_column,
        flatten(list(list_transform(line_ids, lambda id : {'line_id': id, 'amount_at_risk': at_risk(0)}))) AS lines,
        list({
            'claim_id': first_line.claim_id,
            'claim_line_number': first_line.claim_line_number,
            'from': clock_of(began),
            'to': clock_of(ended),
            'minutes': CAST(asked AS INTEGER),
            'minutes_kept': CAST(floor(kept) AS INTEGER)
        } ORDER BY session_id) AS found
    FROM missing_time
    WHERE asked_of = 'patient' AND asked > kept
    GROUP BY patient_id, service_date
    HAVING sum(asked - kept) > $max_missing
),

surplus_line AS (
    SELECT short_id AS visit_id, procedure_code, line_id, code_surplus, excess, patient_id, service_date, units
    FROM unit_without_time
    INNER JOIN day_session USING (patient_id, service_date)
    WHERE asked_of = 'patient' AND has_modifier_column
),

day_dollars AS (
    SELECT
        patient_id,
        service_date,
        sum(units) AS units,
        sum(excess) AS excess,
        flatten(list(lines)) AS lines,
        flatten(list(surplus)) AS surplus
    FROM (
        SELECT visit_id, patient_id, service_date, sum(units) AS units, any_value(excess) AS excess
        FROM surplus_line
        GROUP BY visit_id, patient_id, service_date
    ) AS short_visit
    INNER JOIN potential_of_surplus('surplus_line') USING (visit_id)
    GROUP BY patient_id, service_date
),

judged_day AS (
    SELECT
        patient_id,
        service_date,
        min(line_id) AS first_line_id,
        CASE
            WHEN bool_and(unit_rule = 'none') THEN reason_self_pay()
            WHEN
                any_value(day_session.missing) IS NULL
                AND bool_or(clock_minutes(start_time, end_time) IS NULL) FILTER (WHERE unit_rule <> 'none')
                AND count(*) FILTER (WHERE unit_rule <> 'none') > 1
                THEN reason_no_clock()
            WHEN any_value(day_session.missing) IS NULL AND max(days) > 1 AND count(*) > 1 THEN reason_units_of_days()
        END AS reason
    FROM claim_line
    LEFT JOIN day_session USING (patient_id, service_date)
    WHERE is_one_on_one AND counts_units AND coverage_order = 'P'
    GROUP BY patient_id, service_date
)
SELECT
    coalesce(larger_amounts(list_concat(day_session.lines, day_dollars.lines))[1].line_id, first_line_id) AS subject_id,
    missing IS NOT NULL AS is_flagged,
    reason,
    CASE WHEN has_modifier_column THEN 'likely' ELSE 'possible' END AS confidence,
    larger_amounts(list_concat(day_session.lines, day_dollars.lines)) AS lines,
    -- Without dollars no unit is taken away.
    coalesce(day_dollars.surplus, no_surplus()) AS surplus,
    day_dollars.units AS units_billed,
    day_dollars.units - day_dollars.excess AS units_supported,
    'On ' || service_date || ' ' || counted(missing, 'one-on-one minute', 'one-on-one minutes')
    || ' of one patient lie beyond what the clock holds: claim ' || found[1].claim_id || ' line ' || found[1].claim_line_number
    || ' keeps ' || found[1].minutes_kept || ' of ' || counted(found[1].minutes, 'minute', 'minutes') || ' from '
    || found[1]['from'] || ' to ' || found[1]['to']
    || CASE WHEN is_implied THEN ' (minutes implied by units)' ELSE '' END
    || CASE WHEN len(found) > 1 THEN '; sessions that lack time: ' || len(found) ELSE '' END AS message,
    {'service_date': service_date, 'missing_minutes': missing, 'allowed_missing': $max_missing, 'sessions': found} AS evidence
FROM judged_day
LEFT JOIN day_session USING (patient_id, service_date)
LEFT JOIN day_dollars USING (patient_id, service_date)
ORDER BY subject_id;
