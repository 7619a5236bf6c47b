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
reads = ["claim_line", "visit"]
version = 5
since = "0.1.0"
checks = "Timed minutes stand in up to three places: on the timed lines, in the visit's timed total, and on the clock, as the time that the visit's intervals cover. The lines' sum and the visit's total differ by more than a tolerance, or one of them exceeds the clock, or the visit's total treatment minutes, by more than that. A clock longer than the minutes is an appointment and no fault."
why = "Units are earned by minutes. Where the records of one visit contradict each other, a payer believes the smallest, and the time rules rest on a figure that may be wrong."
numerator = "visits whose records of timed minutes differ by more than tolerance minutes"
denominator = "visits with timed codes"
applies_to = "every payer except self-pay"
not_evaluated_when = "Fewer than two records of the time; the lines of one encounter, or of claims without encounters, show different visit totals; several claims of the visit with the same code: they may bill one treatment twice; a code of the visit is of unknown kind and may be timed; a timed line covers several days; self-pay. The clock counts only where every timed line has start and end. Denied lines and lines billed to be denied are left out; where the visit total is larger than the other lines' minutes, it may hold theirs, and the visit is not evaluated."
flagged_example = "Lines of 30 and 15 minutes, visit total 38: 45 against 38. Or the same lines in an appointment from 9:00 to 9:30."
correct_example = "Lines of 30 and 15 minutes, visit total 43: within the 5 minutes of tolerance. An appointment from 9:00 to 10:00 holds them."
fix = "Take the minutes from the treatment note, correct whichever record is wrong, and check the units again."
false_positives = "A line added later without its time; clock times of one line only."
references = ["CMS Pub. 100-02, ch. 15, sec. 220.3.E (Rev. 255, effective 2019-01-01)"]

[params.tolerance]
type = "integer"
default = 5
help = "largest difference in minutes that is not flagged"
+++*/
WITH timed_visit AS (
    SELECT
        visit_id,
        any_value(unit_rule) AS unit_rule,
        bool_or(unit_basis IN ('unknown', 'unlisted')) AS has_unknown_code,
        max(days) FILTER (WHERE starts_with(unit_basis, 'timed_')) > 1 AS has_days,
        min(claim_id) < max(claim_id) AS has_several_claims,
        CASE count(*) FILTER (WHERE starts_with(unit_basis, 'timed_') AND "minutes" IS NULL)
            WHEN 0 THEN sum("minutes") FILTER (WHERE starts_with(unit_basis, 'timed_'))
        END AS line_minutes,
        CASE
            WHEN count(*) FILTER (WHERE starts_with(unit_basis, 'timed_') AND NOT coalesce(end_time > start_time, FALSE)) = 0
                THEN covered_minutes(list({'began': start_time, 'ended': end_time}) FILTER (WHERE end_time > start_time))
        END AS clock_minutes
    FROM claim_line
    WHERE counts_units
    GROUP BY visit_id
    HAVING bool_or(starts_with(unit_basis, 'timed_'))
),

-- The same treatment billed again (a resubmission, a duplicate) would count its minutes twice.
repeating_visit AS (
    SELECT visit_id
    FROM claim_line
    WHERE counts_units AND visit_id IN (SELECT visit_id FROM timed_visit WHERE has_several_claims)
    GROUP BY visit_id, procedure_code
    HAVING min(claim_id) < max(claim_id)
),

recorded_visit AS (
    SELECT
        timed_visit.*,
        visit.most_recorded_minutes AS total_minutes,
        visit.fewest_recorded_minutes AS least_total,
        visit.recorded_treatment_minutes AS treatment_minutes
    FROM timed_visit
    INNER JOIN visit USING (visit_id)
),

-- greatest() and least() pass over records that are absent, which is what is wanted here. The clock and the whole treatment
-- may be longer than the timed minutes, never shorter.
judged_visit AS (
    SELECT
        *,
        greatest(line_minutes, total_minutes) AS most_minutes,
        most_minutes - least(line_minutes, total_minutes, clock_minutes, treatment_minutes) AS difference,
        CASE
            WHEN unit_rule = 'none' THEN reason_self_pay()
            WHEN has_unknown_code THEN 'a code of the visit is of unknown kind'
            WHEN has_days THEN reason_units_of_days()
            WHEN
                total_minutes > coalesce(line_minutes, 0)
                AND visit_id IN (
                    SELECT visit_id FROM claim_line
                    WHERE starts_with(unit_basis, 'timed_') AND NOT counts_units
                )
                THEN 'a timed line was denied, or billed to be denied: its minutes may stand in the visit total'
            WHEN visit_id IN (SELECT visit_id FROM repeating_visit) THEN 'claims of the visit may repeat each other'
            WHEN least_total < total_minutes THEN 'the lines show different visit totals'
            WHEN most_minutes IS NULL OR list_count([line_minutes, total_minutes, clock_minutes, treatment_minutes]) < 2
                THEN 'fewer than two records of the time'
        END AS reason
    FROM recorded_visit
),

line_of_visit AS (
    SELECT
        visit_id,
        list({'line_id': line_id, 'amount_at_risk': at_risk(0)} ORDER BY line_id) AS lines
    FROM claim_line
    WHERE counts_units AND visit_id IN (SELECT visit_id FROM judged_visit WHERE difference > $tolerance)
    GROUP BY visit_id
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
LEFT JOIN line_of_visit USING (visit_id)
ORDER BY subject_id;
