/*+++
id = "TIM004"
name = "units-under-billed"
title = "Fewer timed units billed than the minutes support"
family = "time"
severity = "medium"
confidence = "likely"
direction = "under"
subject = "visit"
partition_by = "patient"
reads = ["visit", "visit_code", "claim_line", "mue", "payer_limit"]
version = 8
since = "0.1.0"
checks = "The recorded minutes support more timed units than were billed, under the method of the payer; where the payer has stated none, under every method. Where the lines and the visit's total disagree the smaller counts; under ama what the total lacks may be any one code's. A unit is missing only as far as a code of the visit is short of it and the payer would pay it: up to the medically unlikely edit, where that binds the payer, and to the payer's own daily limits, of a code or of all codes. A first code is given once and never short."
why = "Underbilled units are revenue missed, and a claim that understates the service is as wrong as one that overstates it."
numerator = "visits with fewer timed units than their minutes support, by at least min_shortfall"
denominator = "visits with timed codes"
applies_to = "every payer class except self-pay"
not_evaluated_when = "A timed line lacks minutes and no visit total is recorded (under ama: a code lacks its own minutes), for clock times say how many minutes there can be and not how few; a timed line of the visit was denied, or takes units back and has minutes: whether these were taken back too nobody says; units of the visit look like minutes (TIM011), or a timed line covers several days; self-pay."
flagged_example = "97110 with 53 minutes under the CMS total-time rule supports 4 units; 3 were billed."
correct_example = "97110 with 52 minutes billed as 3 units."
fix = "Check whether the minutes are right and the missing unit was left off on purpose (a payer's daily limit). If not, send a corrected claim within the filing limit."
false_positives = "Units held back on purpose for a payer's daily limit or authorisation; non-billable minutes (rest, set-up) recorded as timed."
references = ["CMS Pub. 100-04, ch. 5, sec. 20.2 (Transmittal 2121, effective 2011-03-21)", "CMS medically unlikely edits, practitioner and outpatient hospital services"]

[params.min_shortfall]
type = "integer"
default = 1
help = "smallest number of missing units that is flagged"
+++*/
-- Where the visit's minutes support no more than was billed nothing is missing: its codes are not weighed.
WITH short_visit AS (
    SELECT
        visit_id,
        unit_rule,
        code_minutes,
        fewest_timed_minutes
    FROM visit
    WHERE unit_rule = 'ama' OR fewest_cms_units > timed_units
),

short_code AS (
    SELECT
        visit_code.*,
        -- A shortfall must stand against the smaller record: what the total lacks may be any one code's.
        units_supported("minutes" - greatest(0, code_minutes - fewest_timed_minutes)) AS fewest_ama_units,
        greatest(fewest_ama_units - visit_code.units, 0) AS short_under_ama,
        -- The most that the payer's method gives the code; where only a visit total is known, any code may hold the units.
        CASE unit_rule
            WHEN 'cms' THEN coalesce(most_own_units, ama_units)
            ELSE greatest(most_own_units, ama_units)
        END AS most_units,
        greatest(coalesce(most_units, 99999) - visit_code.units, 0) AS short_under_any
    FROM visit_code
    INNER JOIN short_visit USING (visit_id)
),

-- Only where a code may be short of a unit is it asked what the payer leaves of it.
asked_code AS (
    SELECT visit_id, procedure_code FROM short_code WHERE short_under_ama > 0 OR short_under_any > 0
),

code_shortfall AS (
    SELECT
        visit_id,
        sum(fewest_ama_units) AS supported_by_code,
        -- Code by code, no unit is missed that the payer would not pay.
        sum(least(short_under_ama, room.units_left)) AS missing_by_code,
        sum(least(short_under_any, room.units_left)) AS most_missing
    FROM short_code
    LEFT JOIN room_of_code('asked_code') AS room USING (visit_id, procedure_code)
    GROUP BY visit_id
),

-- Under ama every code stands alone; else the visit's total counts, and with no stated method the lower of the two.
judged_visit AS (
    SELECT
        visit.*,
        CASE unit_rule
            WHEN 'ama' THEN supported_by_code
            WHEN 'cms' THEN fewest_cms_units
            ELSE least(fewest_cms_units, fewest_ama_units)
        END AS supported,
        least(
            CASE unit_rule WHEN 'ama' THEN missing_by_code ELSE least(supported - timed_units, most_missing) END,
            units_left_of_all
        ) AS missing,
        missing >= $min_shortfall AS is_flagged,
        CASE
            WHEN unit_rule = 'none' THEN reason_self_pay()
            WHEN has_denied_timed_line THEN reason_denied_timed_line()
            WHEN
                visit_id IN (
                    SELECT claim_line.visit_id FROM claim_line
                    WHERE is_timed AND counts_units AND units < 0 AND "minutes" > 0
                )
                THEN reason_units_taken_back()
            WHEN has_units_like_minutes THEN reason_units_like_minutes()
            WHEN has_units_of_days THEN reason_units_of_days()
            WHEN unit_rule = 'ama' AND code_minutes IS NULL THEN reason_no_code_minutes()
            WHEN minutes_from = 'clock times' THEN reason_minutes_from_clock()
            WHEN fewest_timed_minutes IS NULL THEN reason_no_timed_minutes()
        END AS reason
    FROM visit
    LEFT JOIN code_shortfall USING (visit_id)
    WHERE timed_codes > 0
),

-- The lowest price of a timed unit on the visit: what a missing unit would earn at the least. A price is above nought.
cheapest_line AS (
    SELECT
        claim_line.visit_id,
        arg_min(
            claim_line,
            (
                CASE WHEN line_amount > 0 AND units > 0 THEN unit_price(line_amount, units) END,
                unit_price(line_amount, units), claim_line.claim_id, claim_line_number, line_id
            )
        ) AS line
    FROM judged_visit
    INNER JOIN claim_line USING (visit_id)
    WHERE
        judged_visit.reason IS NULL AND judged_visit.is_flagged
        AND claim_line.is_timed AND claim_line.counts_units
    GROUP BY claim_line.visit_id
)
SELECT
    judged_visit.visit_id AS subject_id,
    is_flagged,
    reason,
    one_line(line.line_id, amount_of_units(line.line_amount, missing, line.units)) AS lines,
    timed_units AS units_billed,
    supported AS units_supported,
    fewest_timed_minutes AS "minutes",
    counted(fewest_timed_minutes, 'timed minute supports', 'timed minutes support') || ' '
    || CASE unit_rule
        WHEN 'cms' THEN counted(supported, 'unit', 'units') || ' under the CMS total-time rule; '
        WHEN 'ama' THEN counted(supported, 'unit', 'units') || ' under the CPT midpoint, code by code; '
        ELSE 'at least ' || counted(supported, 'unit', 'units') || ' under any method; '
    END
    || counted(timed_units, 'was', 'were') || ' billed, ' || units_text(missing) || ' missing'
    || CASE
        WHEN missing < supported - timed_units THEN ' within what the payer pays of a code in a day'
        ELSE ''
    END AS message,
    {
        'unit_rule': unit_rule,
        'timed_minutes': fewest_timed_minutes,
        'units_billed': timed_units,
        'units_supported': supported,
        'units_missing': missing,
        'lowest_unit_price': amount_of_units(line.line_amount, 1, line.units)
    } AS evidence
FROM judged_visit
LEFT JOIN cheapest_line USING (visit_id)
ORDER BY subject_id;
