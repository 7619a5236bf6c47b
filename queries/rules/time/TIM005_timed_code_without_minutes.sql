/*+++
id = "TIM005"
name = "timed-code-without-minutes"
title = "Timed code without recorded minutes"
family = "time"
severity = "medium"
confidence = "certain"
direction = "none"
subject = "line"
partition_by = "patient"
reads = ["claim_line", "export_column"]
version = 3
since = "0.1.0"
checks = "A timed code has no minutes on its line, none for its visit and no clock times, in a file that records minutes elsewhere."
why = "Units of a timed code are earned by minutes. Without them no unit can be defended, and the time rules cannot judge the visit."
numerator = "lines of timed codes with no minutes, no visit total and no clock times"
denominator = "lines of timed codes, in a file that has a column of minutes or of visit totals"
applies_to = "every payer class except self-pay; lines billed to be denied (GY, GX, GZ) are left out"
not_evaluated_when = "The line's file records no minutes at all: then nothing can be said of a single line; self-pay."
flagged_example = "97140, 2 units, minutes blank, visit total blank; other lines of the export have minutes."
correct_example = "97140, 2 units, 30 minutes; or no line minutes but a visit total of 45 timed minutes."
fix = "Find the minutes in the treatment note. If the note has none, the units are not supported."
false_positives = "A documentation system that exports minutes for some clinics only."
references = ["CMS Pub. 100-02, ch. 15, sec. 220.3.E (Rev. 255, effective 2019-01-01)", "CMS Pub. 100-04, ch. 5, sec. 20.2 (Transmittal 2121, effective 2011-03-21)"]
+++*/
WITH minutes_exported AS (
    SELECT DISTINCT source_file
    FROM export_column
    WHERE column_name IN ('minutes', 'visit_timed_minutes')
),

timed_line AS (
    SELECT
        recorded_line.*,
        CASE
            WHEN unit_rule = 'none' THEN reason_self_pay()
            WHEN minutes_exported.source_file IS NULL THEN 'the export records no minutes'
        END AS reason
    -- A visit's total may stand on any of its lines.
    FROM (
        SELECT *, count(visit_timed_minutes) OVER (PARTITION BY visit_id) AS totals_of_visit FROM claim_line
    ) AS recorded_line
    LEFT JOIN minutes_exported ON recorded_line.source_file = minutes_exported.source_file
    -- For what was billed to be denied nobody asked to be paid. Hours of work hardening are earned by minutes too.
    WHERE starts_with(unit_basis, 'timed_') AND NOT is_billed_to_be_denied
)
SELECT
    line_id AS subject_id,
    "minutes" IS NULL AND totals_of_visit = 0 AND (start_time IS NULL OR end_time IS NULL) AS is_flagged,
    reason,
    one_line(line_id, 0) AS lines,
    procedure_code || ': ' || counted(units, 'timed unit', 'timed units')
    || ' billed, no minutes recorded for the line or the visit' AS message,
    {'procedure_code': procedure_code, 'units_billed': units} AS evidence
FROM timed_line
ORDER BY subject_id;
