/*+++
id = "TIM003"
name = "units-on-wrong-code"
title = "Right number of timed units, but on the wrong code"
family = "time"
severity = "medium"
confidence = "likely"
direction = "over"
subject = "visit"
partition_by = "patient"
reads = ["visit", "visit_code", "claim_line"]
version = 7
since = "0.1.0"
checks = "Under the CMS total-time rule each code gets its whole quarter hours, and the units left go one each to the codes with the most minutes over. A code that bills more than its largest acceptable share holds units of another code. Minutes that only the visit's total has may be any one code's. A first code and its further ones are one code."
why = "The visit's total is supported, but units sit on a code that its minutes do not earn. Where that code pays more, the difference is a potential overpayment; where it pays no more, or the price of the right code is not known, it is a matter of coding: the claim misstates what was done."
numerator = "visits within their total in which a code has more units than its largest acceptable share"
denominator = "visits with timed codes under the CMS total-time rule whose total is supported (TIM001 silent)"
applies_to = "Medicare and federal payers (cms)"
not_evaluated_when = "A timed code lacks minutes of its own; units of the visit look like minutes (TIM011), or a timed line covers several days; self-pay."
flagged_example = "97110 with 33 minutes and 97140 with 7 are 40 minutes: 3 units, 97110 x 2 and 97140 x 1. Billed 97110 x 3."
correct_example = "The same 40 minutes billed as 97110 x 2 and 97140 x 1."
fix = "Move the unit to the code whose minutes earn it, and send a corrected claim."
false_positives = "Minutes recorded under the wrong code. Among codes with the same minutes left over any choice is accepted."
references = ["CMS Pub. 100-04, ch. 5, sec. 20.2.C (worked examples; Transmittal 2121, effective 2011-03-21)", "Medicare contractor article A52758 (worked examples), secondary source"]
+++*/
WITH judged_visit AS (
    SELECT
        *,
        CASE
            WHEN unit_rule = 'none' THEN reason_self_pay()
            WHEN has_units_like_minutes THEN reason_units_like_minutes()
            WHEN has_units_of_days THEN reason_units_of_days()
            WHEN code_minutes IS NULL THEN reason_no_code_minutes()
        END AS reason
    FROM visit
    WHERE
        timed_codes > 0
        AND (unit_rule = 'none' OR (unit_rule = 'cms' AND coalesce(timed_units <= most_cms_units, TRUE)))
),

-- Few visits have a code with units over its share: of the others nothing is weighed.
exceeding_visit AS (
    SELECT DISTINCT visit_id FROM visit_code WHERE units > most_cms_units
),

-- A code's units over its largest acceptable share; below zero: units that belong to it were billed elsewhere.
surplus_code AS (
    SELECT
        visit_code.*,
        units - visit_code.most_cms_units AS code_surplus,
        -- A price is above nought; the dearest code first, so that what the right codes earn is never understated.
        CASE WHEN amount > 0 AND units > 0 THEN unit_price(amount, units) END AS price,
        sum(greatest(units - visit_code.most_cms_units, 0)) OVER (PARTITION BY visit_id) AS excess,
        units_to_take(
            excess,
            sum(greatest(visit_code.most_cms_units - units, 0)) OVER (
                PARTITION BY visit_id
                ORDER BY price DESC NULLS FIRST, procedure_code ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), greatest(visit_code.most_cms_units - units, 0)
        ) AS units_moved
    FROM judged_visit
    INNER JOIN visit_code USING (visit_id)
    SEMI JOIN exceeding_visit USING (visit_id)
    WHERE judged_visit.reason IS NULL
),

surplus_line AS (
    SELECT surplus_code.visit_id, surplus_code.procedure_code, claim_line.line_id, code_surplus, excess
    FROM surplus_code
    INNER JOIN claim_line
        ON surplus_code.visit_id = claim_line.visit_id AND surplus_code.procedure_code = claim_line.timed_as
),

misplaced AS (
    SELECT
        surplus_code.visit_id,
        -- NULL: a right code has no price.
        CASE
            WHEN count(*) FILTER (WHERE units_moved > 0 AND price IS NULL) = 0
                THEN sum(amount_of_units(amount, units_moved, units))
        END AS earned_elsewhere,
        list({
            'procedure_code': procedure_code, 'minutes': "minutes", 'units_billed': units, 'units_acceptable': most_cms_units
        } ORDER BY procedure_code) FILTER (WHERE code_surplus > 0) AS codes,
        string_agg(
            procedure_code || ': ' || counted("minutes", 'minute takes', 'minutes take') || ' at most '
            || counted(most_cms_units, 'unit', 'units') || ' of the visit, ' || counted(units, 'was', 'were') || ' billed',
            '; ' ORDER BY procedure_code
        ) FILTER (WHERE code_surplus > 0) AS message,
        string_agg(procedure_code, ', ' ORDER BY procedure_code) FILTER (WHERE units_moved > 0) AS right_codes
    FROM surplus_code
    GROUP BY surplus_code.visit_id
)
SELECT
    judged_visit.visit_id AS subject_id,
    codes IS NOT NULL AS is_flagged,
    reason,
    net_lines(potential.lines, earned_elsewhere) AS lines,
    -- The units stay on the visit, on the right codes.
    list_transform(potential.surplus, lambda one : one_surplus(one.units_over, one.line_ids, 'nothing')) AS surplus,
    CASE
        -- So it is where a right code has no price: nothing is claimed then.
        WHEN list_sum(list_transform(net_lines(potential.lines, earned_elsewhere), lambda one : one.amount_at_risk)) = 0
            THEN 'coding'
        ELSE 'over'
    END AS direction,
    timed_units AS units_billed,
    most_cms_units AS units_supported,
    code_minutes AS "minutes",
    -- The dollars at risk are what the units too many were paid, less what the right codes earn.
    message || coalesce(
        '; under ' || right_codes || ' the surplus earns ' || dollars_text(earned_elsewhere) || ' at most, not '
        || dollars_text(list_sum(list_transform(potential.lines, lambda one : one.amount_at_risk))), ''
    ) AS message,
    {
        'unit_rule': 'cms', 'timed_minutes': code_minutes, 'codes': codes,
        'surplus_paid': list_sum(list_transform(potential.lines, lambda one : one.amount_at_risk)),
        'right_codes_earn': earned_elsewhere
    } AS evidence
FROM judged_visit
LEFT JOIN misplaced USING (visit_id)
LEFT JOIN potential_of_surplus('surplus_line') AS potential USING (visit_id)
ORDER BY subject_id;
