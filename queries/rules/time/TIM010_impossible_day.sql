/*+++
id = "TIM010"
name = "impossible-day"
title = "More one-on-one minutes on a day than one person can give"
family = "time"
severity = "medium"
confidence = "likely"
direction = "none"
subject = "provider"
examines = "provider day"
partition_by = "provider_and_date"
reads = ["claim_line"]
version = 5
since = "0.1.0"
checks = "The minutes of all one-on-one services that one person gave on one date are added up. A timed line without minutes counts the fewest that earn its units (15 x units - 7); an evaluation without minutes counts none."
why = "A day longer than one person can work means that minutes or the rendering provider are misstated on some of its claims."
numerator = "days of a provider with more than max_hours hours of one-on-one services"
denominator = "days on which a provider gave one-on-one services (rendering NPI, date)"
applies_to = "every payer class except self-pay, whose lines are left out. Services with an assistant's modifier (CQ, CO), denied lines, lines billed to be denied, institutional lines and secondary claims are left out too: they are another person's time, or the same time again. Where a payer does not have assistants marked and the day needs its lines, the finding is possible only; likewise where the NPI may stand for several people: a physician's or practitioner's, under whom therapists' services are billed incident to theirs, or a practice's that has other rendering NPIs."
not_evaluated_when = "The lines name no rendering NPI; a line covers several days, and only with all of its minutes is the day too long; institutional lines only; self-pay only."
flagged_example = "16 patients of one provider on one date, 50 minutes each: 13 h 20 min."
correct_example = "12 patients of 60 minutes: 12 hours."
fix = "Compare the day's schedule with the claims: who treated, and how long. Correct the rendering NPI or the minutes."
ask = "the times of each session of that day, and who gave it"
false_positives = "Assistants' services billed under the therapist's NPI without CQ or CO; one NPI used for a whole practice; a service billed again on a new claim without the first being denied."
references = ["CMS Pub. 100-04, ch. 5, sec. 20.2 (Transmittal 2121, effective 2011-03-21)"]

[params.max_hours]
type = "number"
default = 12
help = "hours of one-on-one services that one person can give on one day"
+++*/
WITH contact_line AS (
    SELECT
        line_id,
        patient_id,
        rendering_npi,
        service_date,
        unit_rule = 'none' AS is_self_pay,
        bill_type IS NOT NULL AS is_institutional,
        unit_rule <> 'none' AND bill_type IS NULL AS is_counted,
        marks_assistants,
        who_else,
        "minutes" IS NULL AS is_implied,
        days,
        -- Units that look like minutes are taken for those.
        coalesce(
            "minutes",
            fewest_minutes_of(CASE WHEN looks_like_minutes THEN units / 15 WHEN is_timed THEN units END), 0
        ) AS line_minutes
    FROM claim_line
    WHERE is_one_on_one AND NOT has_assistant AND counts_units AND coverage_order = 'P'
),

provider_day AS (
    SELECT
        rendering_npi,
        service_date,
        min(line_id) AS first_line_id,
        bool_and(is_self_pay) AS is_self_pay,
        bool_and(is_institutional) AS is_institutional,
        -- Of the minutes of several days an equal part is this day's.
        CAST(sum(line_minutes / days) FILTER (WHERE is_counted) AS INTEGER) AS day_minutes,
        sum(line_minutes / days) FILTER (WHERE is_counted AND marks_assistants) AS marked_minutes,
        CAST(sum(line_minutes / days) FILTER (WHERE is_implied AND is_counted) AS INTEGER) AS implied_minutes,
        sum(line_minutes) FILTER (WHERE is_counted) AS whole_minutes,
        any_value(who_else) AS who_else,
        count(DISTINCT patient_id) FILTER (WHERE is_counted) AS patients,
        list({'line_id': line_id, 'amount_at_risk': at_risk(0)} ORDER BY line_id) FILTER (WHERE is_counted) AS lines
    FROM contact_line
    GROUP BY rendering_npi, service_date
)
SELECT
    coalesce(lines[1].line_id, first_line_id) AS subject_id,
    concat_ws(chr(31), coalesce(rendering_npi, ''), service_date) AS subject_key,
    coalesce(day_minutes > $max_hours * 60, FALSE) AS is_flagged,
    CASE
        WHEN is_self_pay THEN reason_self_pay()
        WHEN is_institutional THEN reason_institutional()
        WHEN rendering_npi IS NULL THEN reason_no_rendering_npi()
        WHEN NOT is_flagged AND whole_minutes > $max_hours * 60 THEN reason_units_of_days()
    END AS reason,
    lines,
    CASE WHEN marked_minutes > $max_hours * 60 THEN 'likely' ELSE 'possible' END AS confidence,
    day_minutes AS "minutes",
    'On ' || service_date || ' NPI ' || rendering_npi || ' gave ' || day_minutes // 60 || ' h ' || day_minutes % 60
    || ' min of one-on-one services to ' || counted(patients, 'patient', 'patients') || ' on '
    || counted(len(lines), 'line', 'lines')
    || CASE WHEN implied_minutes > 0 THEN ' (' || implied_minutes || ' min of it implied by units)' ELSE '' END || '; '
    || units_text(CAST($max_hours AS DECIMAL(9, 2))) || ' hours are allowed for' || coalesce('; ' || who_else, '') AS message,
    {
        'rendering_npi': rendering_npi,
        'service_date': service_date,
        'minutes': day_minutes,
        'minutes_implied_by_units': coalesce(implied_minutes, 0),
        'patients': patients,
        'max_hours': $max_hours
    } AS evidence
FROM provider_day
ORDER BY subject_id;
