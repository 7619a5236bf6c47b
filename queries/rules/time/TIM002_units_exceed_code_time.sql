/*+++
id = "TIM002"
name = "units-exceed-code-time"
title = "More units of a code billed than its own minutes support"
family = "time"
severity = "high"
confidence = "certain"
direction = "over"
subject = "visit"
partition_by = "patient"
reads = ["visit", "visit_code", "claim_line"]
version = 6
since = "0.1.0"
checks = "Under the CPT midpoint each timed code stands alone: its own minutes support its units, and minutes of other codes do not help it. A first code and its further ones (97129 and 97130, acupuncture) are one code. Where a code has no minutes, its clock times say how many there can be at most. Minutes that only a larger visit total has may be any one code's: an excess stands against them too."
why = "A payer that counts by the CPT midpoint pays a unit of a code only from its own eighth minute on. Units beyond that are a potential overpayment."
numerator = "visits in which at least one timed code has more units than its own minutes support, by at least min_excess"
denominator = "visits with timed codes whose payer counts by the CPT midpoint (ama)"
applies_to = "payers whose unit rule is ama, as audit.toml states it"
not_evaluated_when = "No code exceeds its minutes, but a timed code of the visit has neither minutes nor clock times; units of the visit look like minutes (TIM011), or a timed line covers several days; self-pay."
flagged_example = "97140 with 20 minutes billed as 2 units: 20 minutes support 1 unit of the code."
correct_example = "97140 with 23 minutes billed as 2 units."
fix = "Compare the code's minutes in the note with the claim. If the minutes stand, correct the units of the code and refund."
false_positives = "A payer set to ama that in fact pools minutes; minutes of one code recorded under another."
references = ["AMA CPT coding guidance on time (midpoint rule), secondary source", "CMS Pub. 100-04, ch. 5, sec. 20.2 (for contrast; Transmittal 2121, effective 2011-03-21)"]

[params.min_excess]
type = "integer"
default = 1
help = "smallest number of surplus units of one code that is flagged"
+++*/
WITH surplus_code AS (
    SELECT
        visit_id,
        procedure_code,
        visit.extra_minutes > 0 AS has_extra,
        "minutes" IS NULL AND NOT has_extra AS is_from_clock,
        units,
        -- An excess must stand against the larger record: what only the visit's total has may be any one code's.
        CASE WHEN most_minutes IS NOT NULL THEN greatest(most_minutes, known_minutes + visit.extra_minutes) END AS most,
        units_supported(most) AS supported,
        units - supported AS code_surplus,
        sum(units - supported) OVER (PARTITION BY visit_id) AS excess
    FROM visit_code
    INNER JOIN (SELECT visit_id, extra_minutes FROM visit WHERE unit_rule IN ('ama', 'none')) AS visit USING (visit_id)
    WHERE code_surplus >= $min_excess
),

surplus_line AS (
    SELECT
        surplus_code.visit_id,
        surplus_code.procedure_code,
        claim_line.line_id,
        surplus_code.code_surplus,
        surplus_code.excess
    FROM surplus_code
    INNER JOIN claim_line
        ON surplus_code.visit_id = claim_line.visit_id AND surplus_code.procedure_code = claim_line.timed_as
),

judged_visit AS (
    SELECT
        visit.visit_id,
        count(surplus_code.visit_id) > 0 AS is_flagged,
        CASE
            WHEN any_value(visit.unit_rule) = 'none' THEN reason_self_pay()
            WHEN any_value(visit.has_units_like_minutes) THEN reason_units_like_minutes()
            WHEN any_value(visit.has_units_of_days) THEN reason_units_of_days()
            WHEN any_value(visit.has_code_without_time) AND NOT is_flagged THEN reason_no_code_minutes()
        END AS reason,
        sum(surplus_code.units) AS units_billed,
        sum(surplus_code.supported) AS units_supported,
        sum(surplus_code.most) AS "minutes",
        string_agg(
            surplus_code.procedure_code || ': ' || CASE WHEN is_from_clock OR has_extra THEN 'at most ' ELSE '' END
            || counted(surplus_code.most, 'minute', 'minutes')
            || CASE WHEN is_from_clock THEN ' by the clock' WHEN has_extra THEN ' by the visit total' ELSE '' END
            || CASE surplus_code.most WHEN 1 THEN ' supports ' ELSE ' support ' END
            || counted(surplus_code.supported, 'unit', 'units') || ' under the CPT midpoint, '
            || counted(surplus_code.units, 'was', 'were') || ' billed', '; ' ORDER BY surplus_code.procedure_code
        ) AS message,
        list(surplus_code ORDER BY surplus_code.procedure_code) AS codes
    FROM visit
    LEFT JOIN surplus_code USING (visit_id)
    WHERE visit.timed_codes > 0 AND visit.unit_rule IN ('ama', 'none')
    GROUP BY visit.visit_id
)
SELECT
    judged_visit.visit_id AS subject_id,
    is_flagged,
    reason,
    potential.lines,
    potential.surplus,
    units_billed,
    units_supported,
    "minutes",
    message,
    {
        'unit_rule': 'ama',
        'codes': list_transform(
            codes, lambda one : {
                'procedure_code': one.procedure_code,
                'minutes': one.most,
                'minutes_from': CASE WHEN one.is_from_clock THEN 'clock times' ELSE 'lines' END,
                'units_billed': one.units,
                'units_supported': one.supported
            }
        )
    } AS evidence
FROM judged_visit
LEFT JOIN potential_of_surplus('surplus_line') AS potential USING (visit_id)
ORDER BY subject_id;
