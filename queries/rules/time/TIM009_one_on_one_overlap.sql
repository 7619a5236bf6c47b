/*+++
id = "TIM009"
name = "one-on-one-overlap"
title = "One person treated two patients one-on-one at the same time"
family = "time"
severity = "high"
confidence = "likely"
direction = "over"
subject = "provider"
partition_by = "provider"
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
        coalesce(
            start_time > max(end_time) OVER (
                PARTITION BY rendering_npi, service_date, has_assistant, patient_id, is_self_pay, no_clock
                ORDER BY start_time, end_time, line_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), TRUE
        ) AS opens_stretch
    FROM claim_line
    WHERE is_one_on_one
),

stretch AS (
    SELECT
        rendering_npi,
        service_date,
        has_assistant,
        patient_id,
        min(start_time) AS began,
        max(end_time) AS ended,
        min((start_time, claim_id, claim_line_number, line_id)) AS place,
        list(numbered_line) AS lines
    FROM (
        SELECT
            *,
            count(*) FILTER (WHERE opens_stretch) OVER (
                PARTITION BY rendering_npi, service_date, has_assistant, patient_id ORDER BY start_time, end_time, line_id
            ) AS stretch_number
        FROM contact_line
        WHERE NOT is_self_pay AND NOT no_clock AND rendering_npi IS NOT NULL
    ) AS numbered_line
    GROUP BY rendering_npi, service_date, has_assistant, patient_id, stretch_number
),

-- Of two overlapping stretches the one that began later could not be one-on-one; its lines in that time are concerned.
later_line AS (
    SELECT
        later.rendering_npi,
        later.service_date,
        unnest(list_filter(later.lines, lambda one : one.start_time < earlier.ended)) AS line,
        later.place,
        earlier.place AS earlier_place,
        shared_minutes(later.began, later.ended, earlier.began, earlier.ended) AS shared
    FROM stretch AS earlier
    INNER JOIN stretch AS later
        ON
            earlier.rendering_npi = later.rendering_npi
            AND earlier.service_date = later.service_date
            AND earlier.has_assistant = later.has_assistant
            AND earlier.patient_id <> later.patient_id
            AND earlier.place < later.place
    WHERE shared_minutes(later.began, later.ended, earlier.began, earlier.ended) > $max_overlap
),

overlap_day AS (
    SELECT
        rendering_npi,
        service_date,
        list_sort(list(DISTINCT {'line_id': line.line_id, 'amount_at_risk': at_risk(line.line_amount)})) AS lines,
        list_sort(list(DISTINCT {
            'began': clock_text(place[1]),
            'claim_id': place[2],
            'claim_line_number': place[3],
            'earlier_claim_id': earlier_place[2],
            'earlier_claim_line_number': earlier_place[3],
            'minutes_of_both': shared
        })) AS overlaps
    FROM later_line
    GROUP BY rendering_npi, service_date
)
SELECT 1
