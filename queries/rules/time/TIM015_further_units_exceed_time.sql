/*+++
id = "TIM015"
name = "further-units-exceed-time"
title = "More first and further units of a service than its own minutes support"
family = "time"
severity = "medium"
confidence = "likely"
direction = "over"
subject = "visit"
partition_by = "patient"
reads = ["claim_line", "visit"]
version = 3
since = "0.1.0"
checks = "Some services have a code for their first part and another for each further part: 97129 and 97130, the acupuncture codes 97810, 97811, 97813 and 97814, work hardening 97545 and 97546. Their minutes are added up. 15-minute codes together bill more units than those minutes support; or 97546 bills more hours than are left after the first two, an hour beginning to count at 31 minutes."
why = "A further unit is earned by time beyond the first. Units without minutes behind them are a potential overpayment, also where the visit's other codes would leave room for them in its total."
numerator = "visits in which first and further codes bill more units than their own minutes support, by at least min_excess"
denominator = "visits with first or further codes"
applies_to = "every payer class except self-pay. The 15-minute codes stand in the visit's total too (TIM001); work hardening stands in none."
not_evaluated_when = "A first or further line has no minutes; units of the visit look like minutes (TIM011), or a timed line covers several days; self-pay."
flagged_example = "97129 x 1 with 15 minutes and 97130 x 4 with 30 minutes: 45 minutes support 3 units, 5 were billed."
correct_example = "97129 x 1 and 97130 x 2 for 45 minutes; 97545 x 1 and 97546 x 1 for 151 minutes."
fix = "Compare the minutes in the note with the claim. If they stand, correct the further units and refund."
false_positives = "Minutes of the first part noted without those of the further parts; a payer that pools all timed minutes of a visit."
references = ["CMS Pub. 100-04, ch. 5, sec. 20.2 (Transmittal 2121, effective 2011-03-21)", "AMA CPT coding guidance on time (midpoint rule), secondary source"]

[params.min_excess]
type = "integer"
default = 1
help = "smallest number of surplus units that is flagged"
+++*/
WITH family_of_visit AS (
    SELECT
        visit_id,
        timed_as AS procedure_code,
        NOT any_value(is_timed) AS is_hourly,
        CASE WHEN count("minutes") = count(*) THEN CAST(sum("minutes") AS INTEGER) END AS family_minutes,
        -- Of work hardening the further hours alone: its first two are given once (TIM006).
        coalesce(sum(units) FILTER (WHERE is_timed OR NOT is_first_code), 0) AS family_units,
        CASE
            -- Minutes that only the visit's total has may be this service's.
            WHEN NOT is_hourly THEN units_supported(family_minutes + any_value(visit.extra_minutes))
            -- greatest() would make 0 of unknown minutes.
            WHEN family_minutes IS NOT NULL THEN greatest(0, CAST(floor((family_minutes - 91) / 60) AS INTEGER))
        END AS supported,
        family_units - supported AS code_surplus
    FROM claim_line
    INNER JOIN (SELECT visit_id, extra_minutes FROM visit) AS visit USING (visit_id)
    -- Further codes of untimed services have hours and minutes of their own.
    WHERE counts_units AND regexp_matches(unit_basis, '^timed_.+_(initial|addon)$')
    GROUP BY visit_id, timed_as
),

surplus_line AS (
    SELECT
        family_of_visit.visit_id,
        family_of_visit.procedure_code,
        claim_line.line_id,
        code_surplus,
        -- Each service stands alone: one's spare minutes help no other.
        99999 AS excess
    FROM family_of_visit
    INNER JOIN claim_line
        ON
            family_of_visit.visit_id = claim_line.visit_id
            AND family_of_visit.procedure_code = claim_line.timed_as
            AND NOT (family_of_visit.is_hourly AND claim_line.is_first_code)
    WHERE code_surplus >= $min_excess
),

judged_visit AS (
    SELECT
        visit_id,
        coalesce(bool_or(code_surplus >= $min_excess), FALSE) AS is_flagged,
        CASE
            WHEN any_value(visit.unit_rule) = 'none' THEN reason_self_pay()
            WHEN any_value(visit.has_units_like_minutes) THEN reason_units_like_minutes()
            WHEN any_value(visit.has_units_of_days) THEN reason_units_of_days()
            WHEN count(family_minutes) < count(*) AND NOT is_flagged THEN 'a first or further line has no minutes'
        END AS reason,
        list(family_of_visit ORDER BY procedure_code) FILTER (WHERE code_surplus >= $min_excess) AS families
    FROM family_of_visit
    INNER JOIN visit USING (visit_id)
    GROUP BY visit_id
)
SELECT
    visit_id AS subject_id,
    is_flagged,
    reason,
    potential.lines,
    potential.surplus,
    list_sum(list_transform(families, lambda one : one.family_units)) AS units_billed,
    list_sum(list_transform(families, lambda one : one.supported)) AS units_supported,
    CAST(list_sum(list_transform(families, lambda one : one.family_minutes)) AS INTEGER) AS "minutes",
    array_to_string(list_transform(
        families, lambda one : one.procedure_code
        || CASE WHEN one.is_hourly THEN ' and further hours: ' ELSE ' and further codes: ' END
        || counted(one.family_minutes, 'minute supports ', 'minutes support ')
        || CASE
            WHEN one.is_hourly THEN counted(one.supported, 'further unit', 'further units')
            ELSE counted(one.supported, 'unit', 'units')
        END
        || ', ' || counted(one.family_units, 'was', 'were') || ' billed'
    ), '; ') AS message,
    {
        'families': list_transform(
            families, lambda one : {
                'first_code': one.procedure_code, 'minutes': one.family_minutes, 'units_billed': one.family_units,
                'units_supported': one.supported
            }
        )
    } AS evidence
FROM judged_visit
LEFT JOIN potential_of_surplus('surplus_line') AS potential USING (visit_id)
ORDER BY subject_id;
