/*+++
id = "MED015"
name = "adjustment-without-at"
title = "Spinal adjustment billed to Medicare without AT"
family = "medicare"
severity = "medium"
confidence = "likely"
direction = "over"
subject = "line"
partition_by = "patient"
reads = ["claim_line"]
version = 1
since = "0.2.0"
checks = "A spinal adjustment (98940-98942) went to Medicare without AT, and without GA, GX, GY or GZ."
why = "AT says that the adjustment treats an active condition. Without it Medicare takes it for maintenance, which it does not cover; what was paid is a potential overpayment."
numerator = "spinal adjustments without AT and without GA, GX, GY or GZ"
denominator = "spinal adjustments whose payer is Medicare Part A or B, or of unknown class"
applies_to = "Medicare fee-for-service"
not_evaluated_when = "The payer matches no class; the export has no column of modifiers."
flagged_example = "98941 to Medicare Part B with no modifier."
correct_example = "98941-AT; or 98941-GA, maintenance of which the patient was told."
fix = "See whether the record shows active treatment. If it does, correct the claim with AT; if not, refund."
ask = "the course of treatment: active care, or maintenance"
false_positives = "The export drops modifiers after the first or second."
references = ["CMS Pub. 100-02, ch. 15, sec. 240.1.3 (maintenance therapy)", "CMS Pub. 100-04, ch. 1, sec. 60.4 (liability modifiers)"]
+++*/
SELECT
    line_id AS subject_id,
    NOT has_active_adjustment AND NOT has_liability_notice AS is_flagged,
    CASE
        WHEN payer_class = 'unknown' THEN reason_payer_class_unknown()
        WHEN NOT has_modifier_column THEN reason_no_modifier_column()
    END AS reason,
    one_line(line_id, line_amount) AS lines,
    procedure_code || ' sent to ' || coalesce(payer_name, 'Medicare')
    || ' without AT: Medicare takes it for maintenance, which it does not pay'
        AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers} AS evidence
FROM claim_line
WHERE service_kind = 'spinal_adjustment' AND payer_class IN ('medicare_ffs', 'unknown')
ORDER BY subject_id;
