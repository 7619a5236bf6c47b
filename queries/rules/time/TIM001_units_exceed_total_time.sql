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
reads = ["visit", "claim_line"]
version = 7
since = "0.1.0"
checks = "The timed minutes of a visit are added up; they support a number of 15-minute units. More timed units than that were billed. A visit total larger than the minutes of the lines counts instead. Where no minutes were recorded, the clock times of the timed lines say how many there can be at most: the time that their intervals cover."
why = "Under the CMS total-time rule the units of all timed codes of a visit may not exceed what its timed minutes support. Units without minutes behind them are a potential overpayment."
numerator = "visits whose timed units exceed the units their timed minutes support by at least min_excess"
denominator = "visits with timed codes whose payer follows the CMS total-time rule, or has stated no method"
applies_to = "Medicare and federal payers (cms); payers without a stated method (either: flagged only when no method allows the units). First and further codes (97129, 97130, acupuncture) stand in the total; work hardening stands in none. Denied lines, and lines billed to be denied (GY, GX, GZ), are left out. Payers that use the CPT midpoint (ama) are judged by TIM002. Certain for Medicare fee-for-service and where audit.toml states unit_rule, else likely: that the payer's class counts so is a default."
not_evaluated_when = "A timed line has neither minutes nor clock times of its own and no visit total is recorded; units of the visit look like minutes (TIM011), or a timed line covers several days; self-pay."
flagged_example = "97140 with 20 minutes and 97110 with 18 minutes are 38 timed minutes: 3 units. Billed 97140 x 2 and 97110 x 2: 4 units, 1 too many."
correct_example = "The same 38 minutes billed as 97140 x 2 and 97110 x 1."
fix = "Compare the treatment note's timed minutes with the claim. If the minutes stand, correct the units and refund; if minutes were left out of the export, complete the record."
false_positives = "Minutes rounded down or left off one line in the export; group time recorded as individual time; a second session of the day recorded in another system."
references = ["CMS Pub. 100-04, ch. 5, sec. 20.2 (Transmittal 2121, effective 2011-03-21)", "CMS Pub. 100-02, ch. 15, sec. 220.3.E (Rev. 255, effective 2019-01-01)"]

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
            WHEN has_units_like_minutes THEN reason_units_like_minutes()
            WHEN has_units_of_days THEN reason_units_of_days()
            WHEN most_timed_minutes IS NULL THEN reason_no_timed_minutes()
        END AS reason,
        CASE minutes_from WHEN 'clock times' THEN 'at most ' ELSE '' END AS at_most
    FROM visit
    WHERE timed_codes > 0 AND unit_rule IN ('cms', 'either', 'none')
),

-- Any timed unit of the visit may be the one too many: the cheapest are.
surplus_line AS (
    SELECT
        judged_visit.visit_id,
        claim_line.timed_as AS procedure_code,
        claim_line.line_id,
        judged_visit.timed_units AS code_surplus,
        judged_visit.timed_units - judged_visit.supported AS excess,
        claim_line.is_unit_rule_stated
    FROM judged_visit
    INNER JOIN claim_line USING (visit_id)
    WHERE judged_visit.reason IS NULL AND judged_visit.is_flagged AND claim_line.is_timed
),

statement AS (
    SELECT visit_id, bool_or(is_unit_rule_stated) AS is_unit_rule_stated FROM surplus_line GROUP BY visit_id
)
SELECT
    judged_visit.visit_id AS subject_id,
    judged_visit.is_flagged,
    judged_visit.reason,
    potential.lines,
    potential.surplus,
    -- What a class of payers does as a rule, one of them may do otherwise.
    CASE WHEN is_unit_rule_stated THEN 'certain' ELSE 'likely' END AS confidence,
    judged_visit.timed_units AS units_billed,
    judged_visit.supported AS units_supported,
    judged_visit.most_timed_minutes AS "minutes",
    judged_visit.at_most || counted(judged_visit.most_timed_minutes, 'timed minute', 'timed minutes')
    || CASE minutes_from WHEN 'clock times' THEN ' by the clock' ELSE '' END
    || CASE judged_visit.most_timed_minutes WHEN 1 THEN ' supports ' ELSE ' support ' END
    || CASE judged_visit.unit_rule
        WHEN 'cms' THEN counted(judged_visit.supported, 'unit', 'units') || ' under the CMS total-time rule; '
        ELSE 'at most ' || counted(judged_visit.supported, 'unit', 'units') || ' under any method (CMS total time '
            || judged_visit.most_cms_units || ', CPT midpoint ' || judged_visit.most_ama_units || '); '
    END
    || counted(judged_visit.timed_units, 'was', 'were') || ' billed' AS message,
    {
        'unit_rule': judged_visit.unit_rule,
        'timed_minutes': judged_visit.most_timed_minutes,
        'minutes_from': judged_visit.minutes_from,
        'units_billed': judged_visit.timed_units,
        'units_under_cms_total_time': judged_visit.most_cms_units,
        'units_under_cpt_midpoint': judged_visit.most_ama_units,
        'excess_units': judged_visit.timed_units - judged_visit.supported
    } AS evidence
FROM judged_visit
LEFT JOIN potential_of_surplus('surplus_line') AS potential USING (visit_id)
LEFT JOIN statement USING (visit_id)
ORDER BY subject_id;
