/*+++
id = "MED001"
name = "massage-to-medicare"
title = "Massage billed to Medicare"
family = "medicare"
severity = "medium"
confidence = "likely"
direction = "over"
subject = "line"
partition_by = "patient"
reads = ["claim_line"]
version = 1
since = "0.1.0"
checks = "97124 was sent to Medicare Part A or B without a modifier that says denial is expected or the patient was told (GA, GX, GY, GZ)."
why = "Under the practice's policy Medicare does not pay for massage therapy. The fee schedule prices 97124 inside a skilled plan of care by therapy personnel, so each line is graded by what it shows: high if a massage therapist rendered it, if it stands alone that day, or if it names no physical or occupational therapy plan; else medium."
numerator = "97124 lines to Medicare without GA, GX, GY or GZ (policy plan_of_care: only those graded high)"
denominator = "97124 lines whose payer is Medicare Part A or B, or of unknown class"
applies_to = "Medicare fee-for-service; policy massage = not_covered (default) or plan_of_care in audit.toml"
not_evaluated_when = "The payer matches no class: it may be Medicare."
flagged_example = "97124 to Medicare Part B, no modifier."
correct_example = "97124-GY to Medicare Part B, billed to be denied."
fix = "Check who rendered it and whether a plan of care carries it. If not, refund; from now on bill with GY or not at all."
false_positives = "97124 within a skilled plan of care by PT or OT personnel, where the practice holds that it is covered (set massage = plan_of_care)."
references = ["CMS Pub. 100-02, ch. 15, sec. 230.5 (massage therapists)", "CMS Pub. 100-02, ch. 15, sec. 220", "CMS Pub. 100-04, ch. 30 (liability modifiers)"]
+++*/
WITH codes_of_day AS (
    SELECT patient_id, service_date, count(DISTINCT procedure_code) AS codes
    FROM claim_line
    GROUP BY patient_id, service_date
),

judged_line AS (
    SELECT
        claim_line.line_id,
        claim_line.procedure_code,
        claim_line.line_amount,
        claim_line.payer_name,
        claim_line.payer_class,
        claim_line.massage_coverage,
        claim_line.has_liability_notice,
        list_filter([
            CASE WHEN claim_line.provider_role = 'massage_therapist' THEN 'rendered by a massage therapist' END,
            CASE WHEN codes_of_day.codes = 1 THEN 'the only code of the day' END,
            CASE WHEN NOT claim_line.has_physical_plan THEN 'no GP or GO' END
        ], lambda sign : sign IS NOT NULL) AS signs
    FROM claim_line
    INNER JOIN codes_of_day USING (patient_id, service_date)
    WHERE claim_line.service_kind = 'massage' AND claim_line.payer_class IN ('medicare_ffs', 'unknown')
)
SELECT
    line_id AS subject_id,
    NOT has_liability_notice
    AND massage_coverage <> 'covered'
    AND (massage_coverage <> 'plan_of_care' OR len(signs) > 0) AS is_flagged,
    CASE WHEN payer_class = 'unknown' THEN reason_payer_class_unknown() END AS reason,
    CASE WHEN len(signs) > 0 THEN 'high' ELSE 'medium' END AS severity,
    one_line(line_id, line_amount) AS lines,
    procedure_code || ' sent to ' || coalesce(payer_name, 'Medicare') || ' without GA, GX, GY or GZ'
    || CASE WHEN len(signs) > 0 THEN ': ' || array_to_string(signs, ', ') ELSE ', within a therapy plan' END AS message,
    {'procedure_code': procedure_code, 'signs': signs, 'massage_coverage': massage_coverage} AS evidence
FROM judged_line
ORDER BY subject_id;
