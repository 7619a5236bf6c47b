/*+++
id = "DOC005"
name = "diagnosis-missing"
title = "No diagnosis, or wellness alone, under therapy"
family = "documentation"
severity = "low"
confidence = "certain"
direction = "none"
subject = "line"
partition_by = "patient"
reads = ["claim_line", "export_column"]
version = 2
since = "0.2.0"
checks = "A line has no diagnosis in a file that has them; or therapy stands under diagnoses of wellness alone (Z00-Z02, Z71-Z73)."
why = "A payer pays therapy for an illness or injury that the diagnosis names. Without one, or for wellness, the need for therapy is not shown."
numerator = "lines without a diagnosis, and therapy lines with wellness diagnoses alone"
denominator = "audited lines of a file that has diagnoses"
applies_to = "every payer. Wellness: therapy codes and lines with GP, GO or GN, but for 97750, 97545, 97546 and evaluations."
not_evaluated_when = "The line's file has no diagnoses."
flagged_example = "97124 with Z00.00 as its only diagnosis."
correct_example = "97110 with M54.50."
fix = "Take the diagnosis from the plan of care; correct the claim."
false_positives = "The system writes the diagnoses on a claim's first line only."
references = ["CMS Pub. 100-02, ch. 15, sec. 220.2 and 220.3 (Rev. 255, effective 2019-01-01)", "CMS Pub. 100-04, ch. 26, sec. 10.4 (items 21 and 24E)"]
+++*/
WITH exported AS (
    SELECT DISTINCT source_file
    FROM export_column
    WHERE starts_with(column_name, 'diagnosis_')
),

judged_line AS (
    SELECT
        claim_line.*,
        exported.source_file IS NOT NULL AS has_diagnoses,
        list_filter(
            [
                diagnosis_1, diagnosis_2, diagnosis_3, diagnosis_4, diagnosis_5, diagnosis_6,
                diagnosis_7, diagnosis_8, diagnosis_9, diagnosis_10, diagnosis_11, diagnosis_12
            ], lambda one : one IS NOT NULL
        ) AS diagnoses,
        (is_always_therapy OR has_plan_of_care)
        AND procedure_code NOT IN ('97750', '97545', '97546')
        AND NOT coalesce(ends_with(service_kind, 'evaluation'), FALSE)
        AND len(diagnoses) > 0
        AND len(list_filter(diagnoses, lambda one : NOT regexp_matches(one, '^Z(0[0-2]|7[1-3])'))) = 0 AS is_wellness
    FROM claim_line
    LEFT JOIN exported ON claim_line.source_file = exported.source_file
)
SELECT
    line_id AS subject_id,
    len(diagnoses) = 0 OR is_wellness AS is_flagged,
    CASE WHEN NOT has_diagnoses THEN 'the export has no diagnoses' END AS reason,
    one_line(line_id, 0) AS lines,
    procedure_code || CASE
        WHEN is_wellness THEN ' under diagnoses of wellness alone: ' || array_to_string(diagnoses, ', ')
        ELSE ' without a diagnosis'
    END AS message,
    {'procedure_code': procedure_code, 'diagnoses': diagnoses} AS evidence
FROM judged_line
ORDER BY subject_id;
