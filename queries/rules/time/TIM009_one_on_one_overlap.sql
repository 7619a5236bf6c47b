/*+++
id = "TIM009"
name = "one-on-one-overlap"
title = "One person treated two patients one-on-one at the same time"
family = "time"
severity = "high"
confidence = "likely"
direction = "over"
subject = "provider"
examines = "provider day"
partition_by = "provider_and_date"
reads = ["claim_line"]
version = 1
since = "0.1.0"
checks = "The clock times of the one-on-one services that one person gave on one day are laid over each other. Those of two patients overlap by more than max_overlap minutes."
why = "Timed therapy codes are paid for the undivided attention of one person to one patient. Minutes given to two patients at once earn one patient's units or are group therapy; the service that began later is a potential overpayment."
numerator = "days of a provider on which one-on-one services of two patients overlap by more than max_overlap minutes"
denominator = "days on which a provider gave one-on-one services (rendering NPI, date)"
applies_to = "every payer class except self-pay, whose lines are left out. Services with an assistant's modifier (CQ, CO) are compared among themselves: an assistant works beside the therapist under one NPI."
not_evaluated_when = "Services of several patients, no overlap found, and one or more of them have no clock times; the lines name no rendering NPI; self-pay only."
flagged_example = "97110 for one patient from 9:00 to 9:40, 97140 for another from 9:30 to 9:45, one rendering NPI: 10 minutes of both."
correct_example = "The second patient's 97140 from 9:35 to 9:50: 5 minutes, within what clocks disagree by."
fix = "Find out who treated whom. If both were treated at once, bill group therapy for that time and refund the later service; if an assistant gave one of them, correct the record."
false_positives = "An assistant's services billed under the therapist's NPI without CQ or CO; clock times of the whole appointment, with rest or unattended treatment in it."
references = ["CMS, 11 Part B billing scenarios for PTs and OTs (individual and group services)", "CMS Pub. 100-02, ch. 15, sec. 230"]

[params.max_overlap]
type = "integer"
default = 7
help = "minutes by which the services of two patients may overlap; from 8 minutes on a unit is earned"
+++*/
WITH contact_line AS (
    SELECT
        *,
        unit_rule = 'none' AS is_self_pay,
        clock_minutes(start_time, end_time) IS NULL AS no_clock,
        -- A line that begins after all earlier lines of the patient have ended opens a new stretch of treatment.
        start_time > max(end_time) OVER (
            PARTITION BY rendering_npi, service_date, has_assistant, patient_id, is_self_pay, no_clock
            ORDER BY start_time ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS opens_stretch
    FROM claim_line
    WHERE is_one_on_one
),

stretch AS (
    SELECT
        * EXCLUDE (stretch_number, line, place),
        min(line.start_time) AS began,
        max(line.end_time) AS ended,
        min(place) AS place,
        list(line) AS lines
    FROM (
        SELECT
            rendering_npi,
            service_date,
            has_assistant,
            patient_id,
            {
                'start_time': start_time, 'claim_id': claim_id, 'claim_line_number': claim_line_number, 'line_id': line_id
            } AS place,
            {'line_id': line_id, 'start_time': start_time, 'end_time': end_time, 'line_amount': line_amount} AS line,
            count(*) FILTER (WHERE opens_stretch) OVER (
                PARTITION BY rendering_npi, service_date, has_assistant, patient_id ORDER BY start_time
            ) AS stretch_number
        FROM contact_line
        WHERE NOT is_self_pay AND NOT no_clock
    ) AS numbered_line
    GROUP BY rendering_npi, service_date, has_assistant, patient_id, stretch_number
),

-- Of two overlapping stretches the one that began later had no undivided attention; its lines within that time are concerned.
-- They are two patients': one patient's stretches never overlap.
overlap_day AS (
    SELECT
        earlier.rendering_npi,
        earlier.service_date,
        list_sort(list_distinct(flatten(list(
            list_transform(
                list_filter(later.lines, lambda one : one.start_time < earlier.ended),
                lambda one : {'line_id': one.line_id, 'amount_at_risk': at_risk(one.line_amount)}
            )
        )))) AS lines,
        list({
            'began': clock_text(later.began),
            'claim_id': later.place.claim_id,
            'claim_line_number': later.place.claim_line_number,
            'earlier_claim_id': earlier.place.claim_id,
            'earlier_claim_line_number': earlier.place.claim_line_number,
            'earlier_ended': clock_text(earlier.ended),
            'minutes_of_both': shared_minutes(later.began, later.ended, earlier.began, earlier.ended)
        } ORDER BY later.place, earlier.place) AS found
    FROM stretch AS earlier
    INNER JOIN stretch AS later
        ON
            earlier.rendering_npi = later.rendering_npi
            AND earlier.service_date = later.service_date
            AND earlier.has_assistant = later.has_assistant
            AND earlier.place < later.place
            AND shared_minutes(later.began, later.ended, earlier.began, earlier.ended) > $max_overlap
    GROUP BY earlier.rendering_npi, earlier.service_date
),

judged_day AS (
    SELECT
        rendering_npi,
        service_date,
        any_value(overlap_day.lines) AS lines,
        any_value(overlap_day.found) AS found,
        min(line_id) AS first_line_id,
        any_value(overlap_day.lines) IS NOT NULL AS is_flagged,
        CASE
            WHEN bool_and(is_self_pay) THEN reason_self_pay()
            WHEN rendering_npi IS NULL THEN reason_no_rendering_npi()
            WHEN is_flagged THEN NULL
            WHEN
                bool_or(no_clock) FILTER (WHERE NOT is_self_pay)
                AND count(DISTINCT patient_id) FILTER (WHERE NOT is_self_pay) > 1
                THEN 'a one-on-one line has no clock times'
        END AS reason
    FROM contact_line
    LEFT JOIN overlap_day USING (rendering_npi, service_date)
    GROUP BY rendering_npi, service_date
)
SELECT
    coalesce(lines[1].line_id, first_line_id) AS subject_id,
    concat_ws(chr(31), coalesce(rendering_npi, ''), service_date) AS subject_key,
    is_flagged,
    reason,
    lines,
    'On ' || service_date || ' NPI ' || rendering_npi || ' began claim ' || found[1].claim_id || ' line '
    || found[1].claim_line_number || ' at ' || found[1].began || ' while another patient''s one-on-one service (claim '
    || found[1].earlier_claim_id || ' line ' || found[1].earlier_claim_line_number || ') ran until '
    || found[1].earlier_ended || ': ' || counted(found[1].minutes_of_both, 'minute', 'minutes') || ' of both'
    || '; overlaps of the day: ' || len(found) AS message,
    {'rendering_npi': rendering_npi, 'service_date': service_date, 'allowed_overlap': $max_overlap, 'overlaps': found}
        AS evidence
FROM judged_day
ORDER BY subject_id;
