/*+++
id = "MED014"
name = "plan-modifiers-disagree"
title = "Modifiers of the plan and of the assistant that disagree"
family = "medicare"
severity = "medium"
confidence = "certain"
direction = "coding"
subject = "line"
partition_by = "patient"
reads = ["claim_line"]
version = 1
since = "0.2.0"
checks = "A line carries CQ without GP, CO without GO, CQ with GO, CO with GP, or two of GP, GO and GN."
why = "GP, GO and GN name the one plan of care that a service stands under; CQ belongs to physical, CO to occupational therapy. Payers return or deny a line on which they disagree, and count it towards the wrong threshold."
numerator = "lines on which these modifiers disagree"
denominator = "lines with any of CQ, CO, GP, GO and GN"
applies_to = "every payer. CQ and CO count from 2020-01-01."
not_evaluated_when = "Never: a line without these modifiers is not examined."
flagged_example = "97110-GO-CQ: a physical therapy assistant under an occupational therapy plan."
correct_example = "97110-GP-CQ."
fix = "See under which plan the service was given and by whom; correct the claim."
false_positives = "None known."
references = ["CMS Pub. 100-04, ch. 5, sec. 20.1 (GP, GO, GN, CQ, CO)"]
+++*/
WITH therapy_line AS (
    SELECT
        *,
        list_contains(modifiers, 'GP') AS has_gp,
        list_contains(modifiers, 'GO') AS has_go,
        list_contains(modifiers, 'GN') AS has_gn,
        has_assistant AND list_contains(modifiers, 'CQ') AS has_cq,
        has_assistant AND list_contains(modifiers, 'CO') AS has_co,
        array_to_string(list_filter([
            CASE WHEN has_cq AND NOT has_gp THEN 'CQ without GP' END,
            CASE WHEN has_cq AND has_go THEN 'CQ with GO' END,
            CASE WHEN has_co AND NOT has_go THEN 'CO without GO' END,
            CASE WHEN has_co AND has_gp THEN 'CO with GP' END,
            CASE WHEN has_gp AND has_go THEN 'GP with GO' END,
            CASE WHEN has_gp AND has_gn THEN 'GP with GN' END,
            CASE WHEN has_go AND has_gn THEN 'GO with GN' END
        ], lambda one : one IS NOT NULL), ', ') AS disagreements
    FROM claim_line
    WHERE has_plan_of_care OR has_assistant
)
SELECT
    line_id AS subject_id,
    disagreements <> '' AS is_flagged,
    CAST(NULL AS VARCHAR) AS reason,
    one_line(line_id, 0) AS lines,
    procedure_code || ' carries ' || disagreements AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers, 'disagreements': disagreements} AS evidence
FROM therapy_line
ORDER BY subject_id;
