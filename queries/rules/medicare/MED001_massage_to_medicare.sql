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
version = 2
since = "0.1.0"
checks = "97124 was sent to Medicare Part A or B without a modifier that says denial is expected or the patient was told (GA, GX, GY, GZ)."
why = "Guides to billing massage (97124) say that Medicare Parts A and B do not cover massage therapy; CMS's fee schedule still prices 97124, inside a skilled plan of care by therapy personnel, and massage therapists can never bill Medicare. So each line is found, and graded by what it shows: high if a massage therapist rendered it or nothing shows skilled therapy, else medium."
numerator = "97124 lines to Medicare without GA, GX, GY or GZ"
denominator = "97124 lines whose payer is Medicare Part A or B, or of unknown class"
applies_to = "Medicare fee-for-service. Dollars are at risk where a massage therapist rendered the line, or where neither PT or OT personnel, nor GP or GO, nor another therapy code of the practice that day shows skilled therapy; with massage = not_covered in audit.toml, on every line. Else the finding is a matter of coding, as it is where the export has no column of modifiers. massage = covered takes the question away."
not_evaluated_when = "The payer matches no class: it may be Medicare."
flagged_example = "97124-GP to Medicare Part B by a physical therapist: coding. 97124 with no modifier by a massage therapist: an overpayment."
correct_example = "97124-GY to Medicare Part B, billed to be denied."
fix = "Check who rendered it and whether a plan of care carries it. If not, refund; from now on bill with GY or not at all."
false_positives = "97124 within a skilled plan of care by PT or OT personnel, which CMS's fee schedule pays."
references = ["CMS Pub. 100-02, ch. 15, sec. 230.5 (massage therapists; Rev. 179, effective 2014-01-07)", "CMS Pub. 100-02, ch. 15, sec. 220", "CMS physician fee schedule, July 2024 (97124 is status A)", "CMS Pub. 100-04, ch. 1, sec. 60.4 (liability modifiers)"]
+++*/
WITH other_therapy AS (
    -- A denied code beside it shows therapy too.
    SELECT DISTINCT patient_id, service_date, practice_npi
    FROM claim_line
    WHERE (is_always_therapy OR procedure_code = '97010') AND coalesce(service_kind <> 'massage', TRUE)
),

judged_line AS (
    SELECT
        claim_line.*,
        provider_role = 'massage_therapist' AS by_massage_therapist,
        NOT coalesce(regexp_matches(provider_role, '^(physical|occupational)_therap'), FALSE)
        AND NOT has_physical_plan
        AND other_therapy.patient_id IS NULL AS is_bare,
        by_massage_therapist OR is_bare AS is_unskilled,
        has_modifier_column AND (is_unskilled OR massage_coverage = 'not_covered') AS is_over
    FROM claim_line
    LEFT JOIN other_therapy
        ON
            claim_line.patient_id = other_therapy.patient_id
            AND claim_line.service_date = other_therapy.service_date
            AND claim_line.practice_npi IS NOT DISTINCT FROM other_therapy.practice_npi
    WHERE claim_line.service_kind = 'massage' AND claim_line.payer_class IN ('medicare_ffs', 'unknown')
)
SELECT
    line_id AS subject_id,
    NOT has_liability_notice AND massage_coverage <> 'covered' AS is_flagged,
    CASE WHEN payer_class = 'unknown' THEN reason_payer_class_unknown() END AS reason,
    CASE WHEN is_unskilled THEN 'high' ELSE 'medium' END AS severity,
    CASE WHEN is_over THEN 'over' ELSE 'coding' END AS direction,
    one_line(line_id, CASE WHEN is_over THEN line_amount ELSE 0 END) AS lines,
    procedure_code || ' sent to ' || coalesce(payer_name, 'Medicare')
    || CASE WHEN has_modifier_column THEN ' without GA, GX, GY or GZ' ELSE '; the export has no column of modifiers' END
    || CASE
        WHEN by_massage_therapist THEN ': rendered by a massage therapist'
        WHEN is_bare THEN ': nothing shows skilled therapy (no PT or OT personnel, no GP or GO, no other therapy that day)'
        WHEN massage_coverage = 'not_covered' THEN '; audit.toml says massage = not_covered'
        ELSE '; the line shows skilled therapy, inside which the fee schedule pays it'
    END AS message,
    {
        'procedure_code': procedure_code, 'provider_role': provider_role, 'massage_coverage': massage_coverage,
        'shows_skilled_therapy': NOT is_bare
    } AS evidence
FROM judged_line
ORDER BY subject_id;
