/*+++
id = "DOC003"
name = "totals-not-recorded"
title = "Medicare therapy visit without its total minutes"
family = "documentation"
severity = "medium"
confidence = "certain"
direction = "none"
subject = "visit"
partition_by = "patient"
reads = ["claim_line", "export_column"]
version = 2
since = "0.1.0"
checks = "For every treatment day Medicare wants two totals in the record: the timed minutes (where timed codes were given) and the minutes of the whole treatment. One or both are blank."
why = "Both totals are required; minutes code by code are not and do not replace them. Units without the totals can be denied on review."
numerator = "visits that lack total timed minutes (with a timed code) or total treatment minutes"
denominator = "therapy visits to Medicare, or to a payer of unknown class"
applies_to = "Medicare fee-for-service visits with at least one always-therapy code"
not_evaluated_when = "What the lines' file records is there, but it has no column of the other total; the payer matches no class: it may be Medicare."
flagged_example = "97110 and 97140 to Medicare Part B, total timed minutes 38, total treatment minutes blank."
correct_example = "Total timed minutes 38, total treatment minutes 46."
fix = "Look for the totals in the treatment note and complete the export. If the note lacks them, complete it where the rules of late entries allow, and train on it."
false_positives = "The totals stand in the note's text and not in fields of their own."
references = ["CMS Pub. 100-02, ch. 15, sec. 220.3.E"]
+++*/
WITH exported AS (
    SELECT
        source_file,
        bool_or(column_name = 'visit_timed_minutes') AS has_timed,
        bool_or(column_name = 'visit_total_minutes') AS has_total
    FROM export_column
    GROUP BY source_file
),

therapy_visit AS (
    SELECT
        visit_id,
        any_value(payer_class) AS payer_class,
        bool_or(starts_with(unit_basis, 'timed_')) AND count(visit_timed_minutes) = 0 AS lacks_timed,
        count(visit_total_minutes) = 0 AS lacks_total,
        bool_or(has_timed) AS has_timed_column,
        bool_or(has_total) AS has_total_column,
        list({'line_id': line_id, 'amount_at_risk': at_risk(0)} ORDER BY line_id) AS lines
    FROM claim_line
    LEFT JOIN exported USING (source_file)
    WHERE payer_class IN ('medicare_ffs', 'unknown')
    GROUP BY visit_id
    HAVING bool_or(is_always_therapy)
),

judged_visit AS (
    SELECT
        therapy_visit.*,
        list_filter([
            CASE WHEN lacks_timed AND has_timed_column THEN 'total timed minutes' END,
            CASE WHEN lacks_total AND has_total_column THEN 'total treatment minutes' END
        ], lambda total : total IS NOT NULL) AS missing,
        CASE
            WHEN payer_class = 'unknown' THEN reason_payer_class_unknown()
            WHEN len(missing) > 0 THEN NULL
            WHEN lacks_timed OR lacks_total THEN 'the export has no column of the total'
        END AS reason
    FROM therapy_visit
)
SELECT
    visit_id AS subject_id,
    len(missing) > 0 AS is_flagged,
    reason,
    lines,
    'the visit''s record lacks ' || array_to_string(missing, ' and ') AS message,
    {'missing': missing} AS evidence
FROM judged_visit
ORDER BY subject_id;
