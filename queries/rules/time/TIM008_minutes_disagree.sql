/*+++
id = "TIM008"
name = "minutes-disagree"
title = "The records of a visit's minutes disagree"
family = "time"
severity = "medium"
confidence = "likely"
direction = "none"
subject = "visit"
partition_by = "patient"
reads = ["claim_line"]
version = 1
since = "0.1.0"
checks = "Timed minutes stand in up to three places: on the lines, in the visit's timed total, and between the clock times of the timed lines. They differ by more than a tolerance, or exceed the visit's total treatment minutes by more than that."
why = "Units are earned by minutes. Where the records of one visit contradict each other, a payer believes the smallest, and the time rules rest on a figure that may be wrong."
numerator = "visits whose records of timed minutes differ by more than tolerance minutes"
denominator = "visits with timed codes"
applies_to = "every payer except self-pay"
not_evaluated_when = "Fewer than two records of the time; the lines show different visit totals (two sessions of a day); several claims of the visit with a denied line or the same code: they may bill one treatment twice; a code of the visit is of unknown kind and may be timed; self-pay. Clock times count only if every line that has them has times of its own: times repeated over lines are those of the whole stay."
flagged_example = "Lines of 30 and 15 minutes, visit total 38: 45 against 38."
correct_example = "Lines of 30 and 15 minutes, visit total 43: within the 5 minutes of tolerance."
fix = "Take the minutes from the treatment note, correct whichever record is wrong, and check the units again."
false_positives = "Clock times that include rest or changing between exercises; a line added later without its time."
references = ["CMS Pub. 100-02, ch. 15, sec. 220.3.E"]

[params.tolerance]
type = "integer"
default = 5
help = "largest difference in minutes that is not flagged"
+++*/
WITH timed_line AS (
    SELECT
        *,
        starts_with(unit_basis, 'timed_') AS has_time,
        CASE WHEN start_time < end_time THEN concat(start_time, ' ', end_time) END AS span
    FROM claim_line
),

timed_visit AS (
    SELECT
        visit_id,
        any_value(unit_rule) AS unit_rule,
        bool_or(unit_basis IN ('unknown', 'unlisted')) AS has_unknown_code,
        -- The same treatment billed again (a resubmission, a duplicate) would count its minutes twice.
        count(DISTINCT claim_id) > 1
        AND (bool_or(is_denied) OR count(DISTINCT concat(claim_id, ' ', procedure_code)) > count(DISTINCT procedure_code))
            AS may_repeat,
        CASE count(*) FILTER (WHERE has_time AND "minutes" IS NULL) WHEN 0 THEN sum("minutes") FILTER (WHERE has_time) END
            AS line_minutes,
        min(visit_timed_minutes) AS least_total,
        max(visit_timed_minutes) AS total_minutes,
        -- A span that stands on two lines is the stay's: it does not say how long either service took.
        CASE
            WHEN count(*) FILTER (WHERE has_time AND span IS NULL) = 0 AND count(DISTINCT span) = count(span)
                THEN sum(date_diff('minute', start_time, end_time)) FILTER (WHERE has_time)
        END AS clock_minutes,
        max(visit_total_minutes) AS treatment_minutes,
        list({'line_id': line_id, 'amount_at_risk': at_risk(0)} ORDER BY line_id) AS lines
    FROM timed_line
    GROUP BY visit_id
    HAVING bool_or(has_time)
),

-- greatest() and least() pass over records that are absent, which is what is wanted here.
judged_visit AS (
    SELECT
        *,
        greatest(line_minutes, total_minutes, clock_minutes) AS most_minutes,
        most_minutes - least(line_minutes, total_minutes, clock_minutes, treatment_minutes) AS difference,
        CASE
            WHEN unit_rule = 'none' THEN reason_self_pay()
            WHEN has_unknown_code THEN 'a code of the visit is of unknown kind'
            WHEN may_repeat THEN 'claims of the visit may repeat each other'
            WHEN least_total < total_minutes THEN 'the lines show different visit totals'
            WHEN list_count([line_minutes, total_minutes, clock_minutes, treatment_minutes]) < 2
                THEN 'fewer than two records of the time'
        END AS reason
    FROM timed_visit
)
SELECT
    visit_id AS subject_id,
    difference > $tolerance AS is_flagged,
    reason,
    lines,
    CAST(most_minutes AS INTEGER) AS "minutes",
    'timed minutes: ' || array_to_string(list_filter([
        'lines ' || line_minutes,
        'visit total ' || total_minutes,
        'clock times ' || clock_minutes,
        'total treatment ' || treatment_minutes
    ], lambda record : record IS NOT NULL), ', ') || '; they lie ' || difference || ' minutes apart' AS message,
    {
        'line_minutes': line_minutes,
        'visit_timed_minutes': total_minutes,
        'clock_minutes': clock_minutes,
        'visit_total_minutes': treatment_minutes,
        'difference': difference
    } AS evidence
FROM judged_visit
ORDER BY subject_id;
