/*+++
id = "MED020"
name = "private-practice-in-facility"
title = "Therapist in private practice bills Medicare for a patient in a facility"
family = "medicare"
severity = "medium"
confidence = "likely"
direction = "none"
subject = "line"
partition_by = "patient"
reads = ["claim_line"]
version = 1
since = "0.2.0"
checks = "A professional line to Medicare was rendered by a physical or occupational therapist in a hospital (place of service 21) or a stay in a skilled nursing facility (31)."
why = "The therapy of an inpatient, or of a stay that Part A pays, is the facility's to bill. A private practice is paid by the facility, not by Medicare."
numerator = "such lines with place of service 21 or 31"
denominator = "professional lines rendered by physical or occupational therapists, or by nobody named, whose payer is Medicare Part A or B or of unknown class"
applies_to = "Medicare fee-for-service. Place of service 32 is a nursing home without such a stay, and no matter."
not_evaluated_when = "The payer matches no class; the line has no taxonomy or no place of service."
flagged_example = "97110-GP to Medicare Part B by a physical therapist, place of service 31."
correct_example = "97110-GP, place of service 32."
fix = "See where the patient was on the date and who pays the stay. If a Part A stay, refund and bill the facility."
ask = "where the patient stayed that day, and whether under Part A"
false_positives = "A wrong place of service; a patient whose covered stay had ended."
references = ["CMS Pub. 100-02, ch. 15, sec. 230.4 (private practice)", "CMS Pub. 100-04, ch. 6, sec. 20 (consolidated billing)"]
+++*/
SELECT
    line_id AS subject_id,
    lpad(place_of_service, 2, '0') IN ('21', '31') AS is_flagged,
    CASE
        WHEN payer_class = 'unknown' THEN reason_payer_class_unknown()
        WHEN rendering_taxonomy IS NULL THEN reason_no_taxonomy()
        WHEN place_of_service IS NULL THEN 'the line has no place of service'
    END AS reason,
    one_line(line_id, 0) AS lines,
    procedure_code
    || ' rendered by a person listed as '
    || replace(provider_role, '_', ' ')
    || ' with place of service '
    || place_of_service
    || CASE lpad(place_of_service, 2, '0')
        WHEN '21' THEN ' (hospital)' ELSE ' (stay in a skilled nursing facility)'
    END || ': the therapy is the facility''s to bill' AS message,
    {'procedure_code': procedure_code, 'provider_role': provider_role, 'place_of_service': place_of_service} AS evidence
FROM claim_line
WHERE
    bill_type IS NULL
    AND payer_class IN ('medicare_ffs', 'unknown')
    AND (provider_role IN ('physical_therapist', 'occupational_therapist') OR rendering_taxonomy IS NULL)
ORDER BY subject_id;
