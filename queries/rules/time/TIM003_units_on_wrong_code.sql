/*+++
id = "TIM003"
name = "units-on-wrong-code"
title = "Right number of timed units, but on the wrong code"
family = "time"
severity = "medium"
confidence = "likely"
direction = "coding"
subject = "visit"
partition_by = "patient"
reads = ["visit", "visit_code", "claim_line"]
version = 2
since = "0.1.0"
checks = "Under the CMS total-time rule each code gets its whole quarter hours, and the units left go one each to the codes with the most minutes over. A code that bills more than its largest acceptable share holds units of another code."
why = "The visit's total is supported, but units sit on a code that its minutes do not earn. Where that code pays more, the difference is a potential overpayment; in any case the claim misstates what was done."
numerator = "visits within their total in which a code has more units than its largest acceptable share"
denominator = "visits with timed codes under the CMS total-time rule whose total is supported (TIM001 silent)"
applies_to = "Medicare and federal payers (cms)"
not_evaluated_when = "A timed code lacks minutes of its own; the visit's recorded total supports another number of units than its lines; the visit holds a first/add-on timed code; TIM001 could not be evaluated; self-pay."
flagged_example = "97110 with 33 minutes and 97140 with 7 are 40 minutes: 3 units, 97110 x 2 and 97140 x 1. Billed 97110 x 3."
correct_example = "The same 40 minutes billed as 97110 x 2 and 97140 x 1."
fix = "Move the unit to the code whose minutes earn it, and send a corrected claim."
false_positives = "Minutes recorded under the wrong code. Among codes with the same minutes left over any choice is accepted."
references = ["CMS Pub. 100-04, ch. 5, sec. 20.2.C (worked examples)", "Medicare contractor article A52758 (worked examples), secondary source"]
+++*/
WITH judged_visit AS (
    SELECT
        *,
        CASE
            WHEN unit_rule = 'none' THEN reason_self_pay()
            WHEN has_first_addon_code THEN reason_first_addon_code()
            WHEN code_minutes IS NULL THEN reason_no_code_minutes()
            WHEN units_supported(code_minutes) <> most_cms_units THEN 'line minutes and visit total support different units'
        END AS reason
    FROM visit
    WHERE
        timed_codes > 0
        AND (
            unit_rule = 'none'
            OR (unit_rule = 'cms' AND (has_first_addon_code OR coalesce(timed_units <= most_cms_units, TRUE)))
        )
),

-- A code's units over its largest acceptable share; below zero: units that belong to it were billed elsewhere.
surplus_code AS (
    SELECT
        visit_code.*,
        units - visit_code.most_cms_units AS code_surplus,
        unit_price(amount, units) AS price,
        sum(greatest(units - visit_code.most_cms_units, 0)) OVER (PARTITION BY visit_id) AS excess
    FROM judged_visit
    INNER JOIN visit_code USING (visit_id)
    WHERE judged_visit.reason IS NULL
),

-- What the misplaced units would earn where they belong, dearest codes first, so that the difference is never overstated.
-- A code without a price (no units billed, or an amount missing) may be the dearest; then the difference is unknown.
earned_elsewhere AS (
    SELECT
        visit_id,
        CASE WHEN count(price) = count(*) THEN sum(amount_of_units(amount, units_moved, units)) END AS amount
    FROM (
        SELECT
            *,
            units_to_take(excess, sum(-code_surplus) OVER (
                PARTITION BY visit_id
                ORDER BY price DESC NULLS FIRST, procedure_code ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), -code_surplus) AS units_moved
        FROM surplus_code
        WHERE code_surplus < 0 AND excess > 0
    ) AS short_code
    WHERE units_moved > 0
    GROUP BY visit_id
),

misplaced AS (
    SELECT
        surplus_code.visit_id,
        list({
            'procedure_code': procedure_code, 'minutes': "minutes", 'units_billed': units, 'units_acceptable': most_cms_units
        } ORDER BY procedure_code) AS codes,
        string_agg(
            procedure_code || ': ' || counted("minutes", 'minute takes', 'minutes take') || ' at most '
            || counted(most_cms_units, 'unit', 'units') || ' of the visit, ' || counted(units, 'was', 'were') || ' billed',
            '; ' ORDER BY procedure_code
        ) AS message
    FROM surplus_code
    WHERE code_surplus > 0
    GROUP BY surplus_code.visit_id
)
SELECT
    judged_visit.visit_id AS subject_id,
    codes IS NOT NULL AS is_flagged,
    reason,
    less_amount(potential.lines, earned_elsewhere.amount) AS lines,
    timed_units AS units_billed,
    most_cms_units AS units_supported,
    code_minutes AS "minutes",
    message,
    {'unit_rule': 'cms', 'timed_minutes': code_minutes, 'codes': codes, 'right_codes_earn': earned_elsewhere.amount} AS evidence
FROM judged_visit
LEFT JOIN misplaced USING (visit_id)
LEFT JOIN earned_elsewhere USING (visit_id)
LEFT JOIN potential_of_surplus('surplus_code') AS potential USING (visit_id)
ORDER BY subject_id;
