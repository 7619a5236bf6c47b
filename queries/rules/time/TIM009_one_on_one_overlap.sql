/*+++
id = "TIM009"
name = "one-on-one-overlap"
title = "One person gave more one-on-one minutes than the clock holds"
family = "time"
severity = "high"
confidence = "likely"
direction = "over"
subject = "provider"
examines = "provider day"
partition_by = "provider_and_date"
reads = ["claim_line", "missing_time", "unit_without_time"]
version = 6
since = "0.1.0"
checks = "Start and end times may be those of an appointment, longer than the minutes given in it. What cannot be: more one-on-one minutes between two moments than lie between them. The day's sessions of one person are laid on one clock; in order of their end each keeps the most minutes that fit, the rest is missing. Minutes that do not even fit one patient's own clock are TIM013's and taken off first. Without minutes, the lines of a visit with the same times count as one session of the fewest minutes that their units need (15 x units - 7)."
why = "Timed therapy codes are paid for the undivided attention of one person to one patient. Minutes given to two patients at once earn one patient's units or are group therapy; units that the remaining minutes do not support are a potential overpayment."
numerator = "days of a provider on which more than max_missing one-on-one minutes do not fit on the clock"
denominator = "days on which a provider gave one-on-one services (rendering NPI, date)"
applies_to = "every payer class except self-pay. Lines with an assistant's modifier (CQ, CO) are left out, an assistant works beside the therapist under one NPI; so are institutional lines, secondary claims, denied lines and lines billed to be denied. Where a payer does not have assistants marked, and the finding needs such a line, it is possible only and carries no dollars; likewise where the NPI may stand for several people: a physician's or practitioner's, under whom therapists' services are billed incident to theirs, or a practice's that has other rendering NPIs."
not_evaluated_when = "Services of several patients, no minutes missing, and one or more of them have no clock times, or cover several days; the lines name no rendering NPI; institutional lines only; self-pay only."
flagged_example = "97110 for one patient from 9:00 to 9:30, 30 minutes, and for another from 9:20 to 10:20, 60 minutes: 90 minutes in 80. The second keeps 50, which support 3 of its 4 units."
correct_example = "Two appointments of an hour that overlap by half, 30 one-on-one minutes in each."
fix = "Find out who treated whom. If both were treated at once, bill group therapy for that time and refund the units without time; if an assistant gave one of them, correct the record."
ask = "the times of each session of that day, and who gave it"
false_positives = "An assistant's services billed under the therapist's NPI without CQ or CO; one NPI used for a whole practice; clock times noted late."
references = ["CMS, 11 Part B billing scenarios for PTs and OTs (individual and group services)", "CMS Pub. 100-02, ch. 15, sec. 230", "Demand test of scheduling theory: necessary and sufficient for one person who may go to and fro"]

[params.max_missing]
type = "integer"
default = 7
help = "missing minutes of a day that are not flagged; from 8 minutes on a unit is earned"
+++*/
WITH day_missing AS (
    SELECT
        rendering_npi,
        service_date,
        -- What stands without any line on which an assistant may be unmarked stands with dollars.
        sum(asked - kept) FILTER (WHERE asked_of = 'marked provider') > $max_missing AS is_marked,
        CASE WHEN is_marked THEN 'marked provider' ELSE 'provider' END AS asked_of
    FROM missing_time
    GROUP BY rendering_npi, service_date
    HAVING sum(asked - kept) FILTER (WHERE asked_of = 'provider') > $max_missing
),

day_session AS (
    SELECT
        rendering_npi,
        service_date,
        any_value(is_marked) AS is_marked,
        CAST(ceil(sum(asked - kept)) AS INTEGER) AS missing,
        bool_or(is_implied) AS is_implied,
        any_value(who_else) AS who_else,
        flatten(list(list_transform(line_ids, lambda id : {'line_id': id, 'amount_at_risk': at_risk(0)}))) AS lines,
        list({
            'claim_id': first_line.claim_id,
            'claim_line_number': first_line.claim_line_number,
            'from': clock_of(began),
            'to': clock_of(ended),
            'minutes': CAST(asked AS INTEGER),
            'minutes_kept': CAST(floor(kept) AS INTEGER)
        } ORDER BY session_id) AS found
    FROM day_missing
    INNER JOIN missing_time USING (rendering_npi, service_date, asked_of)
    WHERE asked > kept
    GROUP BY rendering_npi, service_date
),

surplus_line AS (
    SELECT short_id AS visit_id, procedure_code, line_id, code_surplus, excess, who, unit_without_time.service_date, units
    FROM unit_without_time
    INNER JOIN day_missing
        ON
            unit_without_time.who = day_missing.rendering_npi
            AND unit_without_time.service_date = day_missing.service_date
            AND unit_without_time.asked_of = day_missing.asked_of
    WHERE day_missing.is_marked
),

day_dollars AS (
    SELECT
        who AS rendering_npi,
        service_date,
        sum(units) AS units,
        sum(excess) AS excess,
        flatten(list(lines)) AS lines,
        flatten(list(surplus)) AS surplus
    FROM (
        SELECT visit_id, who, service_date, sum(units) AS units, any_value(excess) AS excess
        FROM surplus_line
        GROUP BY visit_id, who, service_date
    ) AS short_visit
    INNER JOIN potential_of_surplus('surplus_line') USING (visit_id)
    GROUP BY who, service_date
),

judged_day AS (
    SELECT
        rendering_npi,
        service_date,
        min(line_id) AS first_line_id,
        CASE
            WHEN bool_and(unit_rule = 'none') THEN reason_self_pay()
            WHEN rendering_npi IS NULL THEN reason_no_rendering_npi()
            WHEN bool_and(bill_type IS NOT NULL) THEN reason_institutional()
            WHEN
                any_value(day_session.missing) IS NULL
                AND bool_or(clock_minutes(start_time, end_time) IS NULL) FILTER (WHERE unit_rule <> 'none' AND bill_type IS NULL)
                AND count(DISTINCT patient_id) FILTER (WHERE unit_rule <> 'none' AND bill_type IS NULL) > 1
                THEN reason_no_clock()
            WHEN any_value(day_session.missing) IS NULL AND max(days) > 1 AND count(DISTINCT patient_id) > 1
                THEN reason_units_of_days()
        END AS reason
    FROM claim_line
    LEFT JOIN day_session USING (rendering_npi, service_date)
    WHERE is_one_on_one AND counts_units AND coverage_order = 'P' AND NOT has_assistant
    GROUP BY rendering_npi, service_date
)
SELECT
    coalesce(larger_amounts(list_concat(day_session.lines, day_dollars.lines))[1].line_id, first_line_id) AS subject_id,
    concat_ws(chr(31), coalesce(rendering_npi, ''), service_date) AS subject_key,
    missing IS NOT NULL AS is_flagged,
    reason,
    larger_amounts(list_concat(day_session.lines, day_dollars.lines)) AS lines,
    CASE WHEN is_marked THEN 'likely' ELSE 'possible' END AS confidence,
    -- Without dollars no unit is taken away.
    coalesce(day_dollars.surplus, no_surplus()) AS surplus,
    day_dollars.units AS units_billed,
    day_dollars.units - day_dollars.excess AS units_supported,
    'On ' || service_date || ' NPI ' || rendering_npi || ' gave ' || counted(missing, 'one-on-one minute', 'one-on-one minutes')
    || ' more than the clock holds: claim ' || found[1].claim_id || ' line ' || found[1].claim_line_number || ' keeps '
    || found[1].minutes_kept || ' of ' || counted(found[1].minutes, 'minute', 'minutes') || ' from ' || found[1]['from']
    || ' to ' || found[1]['to'] || CASE WHEN is_implied THEN ' (minutes implied by units)' ELSE '' END
    || CASE WHEN len(found) > 1 THEN '; sessions that lack time: ' || len(found) ELSE '' END
    || CASE WHEN is_marked THEN '' ELSE '; ' || coalesce(who_else, 'an assistant may have given some of it') END AS message,
    {
        'rendering_npi': rendering_npi, 'service_date': service_date, 'missing_minutes': missing,
        'allowed_missing': $max_missing, 'sessions': found
    } AS evidence
FROM judged_day
LEFT JOIN day_session USING (rendering_npi, service_date)
LEFT JOIN day_dollars USING (rendering_npi, service_date)
ORDER BY subject_id;
