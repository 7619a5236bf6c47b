/*+++
id = "TIM001"
name = "units-exceed-total-time"
title = "More timed units billed than the visit's minutes support"
family = "time"
severity = "high"
confidence = "certain"
direction = "over"
subject = "visit"
partition_by = "patient"
reads = ["visit", "visit_code", "claim_line"]
version = 2
since = "0.1.0"
checks = "The timed minutes of a visit are added up; they support a number of 15-minute units. More timed units than that were billed. A visit total larger than the minutes of the lines counts instead. A denied line that was billed again counts once."
why = "Under the CMS total-time rule the units of all timed codes of a visit may not exceed what its timed minutes support. Units without minutes behind them are a potential overpayment."
numerator = "visits whose timed units exceed the units their timed minutes support by at least min_excess"
denominator = "visits with timed codes whose payer follows the CMS total-time rule, or has stated no method"
applies_to = "Medicare and federal payers (cms); payers without a stated method (either: flagged only when no method allows the units). Payers that use the CPT midpoint (ama) are judged by TIM002."
not_evaluated_when = "A timed line lacks minutes and no visit total is recorded; the visit holds a first/add-on timed code, which is not pooled with 15-minute codes; self-pay."
flagged_example = "97140 with 20 minutes and 97110 with 18 minutes are 38 timed minutes: 3 units. Billed 97140 x 2 and 97110 x 2: 4 units, 1 too many."
correct_example = "The same 38 minutes billed as 97140 x 2 and 97110 x 1."
fix = "Compare the treatment note's timed minutes with the claim. If the minutes stand, correct the units and refund; if minutes were left out of the export, complete the record."
false_positives = "Minutes rounded down or left off one line in the export; group time recorded as individual time; a second session of the day recorded in another system."
references = ["CMS Pub. 100-04, ch. 5, sec. 20.2", "CMS Pub. 100-02, ch. 15, sec. 220.3.E"]

[params.min_excess]
type = "integer"
default = 1
help = "smallest number of surplus units that is flagged"
+++*/
WITH judged_visit AS (
    SELECT
        *,
        CASE unit_rule WHEN 'cms' THEN most_cms_units ELSE greatest(most_cms_units, most_ama_units) END AS supported,
        timed_units >= supported + $min_excess AS is_flagged,
        CASE
            WHEN unit_rule = 'none' THEN reason_self_pay()
            WHEN has_first_addon_code THEN reason_first_addon_code()
            WHEN most_timed_minutes IS NULL THEN reason_no_timed_minutes()
        END AS reason
    FROM visit
    WHERE timed_codes > 0 AND unit_rule IN ('cms', 'either', 'none')
),

-- A code's surplus is what it bills beyond the units its own time must be given. Where only a visit total is known, no
-- code can show its own time and every unit is open to choice.
surplus_code AS (
    SELECT
        visit_code.visit_id,
        visit_code.procedure_code,
        judged_visit.timed_units - judged_visit.supported AS excess,
        visit_code.units - CASE
            WHEN judged_visit.code_minutes IS NULL THEN 0
            WHEN judged_visit.most_cms_units = judged_visit.supported THEN visit_code.least_cms_units
            ELSE visit_code.ama_units
        END AS code_surplus
    FROM judged_visit
    INNER JOIN visit_code USING (visit_id)
    WHERE judged_visit.reason IS NULL AND judged_visit.is_flagged
)
SELECT
    judged_visit.visit_id AS subject_id,
    judged_visit.is_flagged,
    judged_visit.reason,
    potential.lines,
    judged_visit.timed_units AS units_billed,
    judged_visit.supported AS units_supported,
    judged_visit.most_timed_minutes AS "minutes",
    counted(judged_visit.most_timed_minutes, 'timed minute supports', 'timed minutes support') || ' '
    || CASE judged_visit.unit_rule
        WHEN 'cms' THEN counted(judged_visit.supported, 'unit', 'units') || ' under the CMS total-time rule; '
        ELSE 'at most ' || counted(judged_visit.supported, 'unit', 'units') || ' under any method (CMS total time '
            || judged_visit.most_cms_units || ', CPT midpoint ' || judged_visit.most_ama_units || '); '
    END
    || counted(judged_visit.timed_units, 'was', 'were') || ' billed' AS message,
    {
        'unit_rule': judged_visit.unit_rule,
        'timed_minutes': judged_visit.most_timed_minutes,
        'minutes_from': CASE WHEN judged_visit.code_minutes = judged_visit.most_timed_minutes THEN 'lines' ELSE 'visit total' END,
        'units_billed': judged_visit.timed_units,
        'units_under_cms_total_time': judged_visit.most_cms_units,
        'units_under_cpt_midpoint': judged_visit.most_ama_units,
        'excess_units': judged_visit.timed_units - judged_visit.supported
    } AS evidence
FROM judged_visit
LEFT JOIN potential_of_surplus('surplus_code') AS potential USING (visit_id)
ORDER BY subject_id;
