/*+++
id = "DOC001"
name = "massage-note-incomplete"
title = "Documentation of massage or manual therapy is incomplete"
family = "documentation"
severity = "medium"
confidence = "certain"
direction = "none"
subject = "line"
partition_by = "line"
reads = ["claim_line", "export_column"]
version = 2
since = "0.1.0"
checks = "A 97124 or 97140 line should record why the service was needed, the body areas, the minutes for each area, the techniques and the patient's response. One or more of these is blank."
why = "A service whose record lacks these elements is hard to defend when a payer asks for it, however well it was given."
numerator = "97124 and 97140 lines with at least one documentation element blank"
denominator = "97124 and 97140 lines, in a file that carries documentation columns"
applies_to = "every payer"
not_evaluated_when = "The line's file has none of the documentation columns. Elements whose column it lacks are not asked for."
flagged_example = "97124 with areas, minutes per area and techniques recorded, response blank."
correct_example = "97124 with all five elements recorded."
fix = "Ask the treating provider to complete the record where the rules of late entries allow it; train on the missing element."
false_positives = "The element stands in the free-text note and not in its own field."
references = ["CMS Pub. 100-02, ch. 15, sec. 220.3", "Elements of a 97124 record in plain words: docs/notes.md"]
+++*/
WITH exported AS (
    SELECT
        source_file,
        list(column_name) AS asked
    FROM export_column
    WHERE
        column_name IN ('clinical_justification', 'body_region', 'area_minutes', 'techniques', 'treatment_response')
    GROUP BY source_file
),

judged_line AS (
    SELECT
        claim_line.line_id,
        claim_line.procedure_code,
        exported.asked IS NULL AS no_columns,
        -- Minutes written by area name the areas too.
        list_filter([
            CASE WHEN list_contains(asked, 'clinical_justification') AND clinical_justification IS NULL THEN 'justification' END,
            CASE WHEN list_contains(asked, 'body_region') AND coalesce(body_region, area_minutes) IS NULL THEN 'body areas' END,
            CASE WHEN list_contains(asked, 'area_minutes') AND area_minutes IS NULL THEN 'minutes per area' END,
            CASE WHEN list_contains(asked, 'techniques') AND techniques IS NULL THEN 'techniques' END,
            CASE WHEN list_contains(asked, 'treatment_response') AND treatment_response IS NULL THEN 'the patient''s response' END
        ], lambda element : element IS NOT NULL) AS missing
    FROM claim_line
    LEFT JOIN exported USING (source_file)
    WHERE service_kind IN ('massage', 'manual_therapy')
)
SELECT
    line_id AS subject_id,
    len(missing) > 0 AS is_flagged,
    CASE WHEN no_columns THEN 'the export has no documentation columns' END AS reason,
    one_line(line_id, 0) AS lines,
    procedure_code || ': the record lacks ' || array_to_string(missing, ', ') AS message,
    {'procedure_code': procedure_code, 'missing': missing} AS evidence
FROM judged_line
ORDER BY subject_id;
