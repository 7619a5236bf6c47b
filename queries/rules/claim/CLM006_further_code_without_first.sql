/*+++
id = "CLM006"
name = "further-code-without-first"
title = "Further code without its first"
family = "claim"
severity = "medium"
confidence = "likely"
direction = "over"
subject = "line"
partition_by = "patient"
reads = ["claim_line", "first_code"]
version = 1
since = "0.2.0"
checks = "A code that only continues another (97130, 97546, 97811, 97814, 97598, 97551) stands on a day of the patient and practice without that other."
why = "A further code is paid only with its first. What was paid for it alone is a potential overpayment, or the first was forgotten."
numerator = "further codes without their first that day"
denominator = "lines with a further code"
applies_to = "every payer. A first code that was denied, or billed to be denied, is there. Any payer's first of that day counts."
not_evaluated_when = "Never: all that is needed stands on every line."
flagged_example = "97130 (cognitive function, further 15 minutes) on a day without 97129."
correct_example = "97129 and 97130 on one day."
fix = "Look for the first code in the record. If it was given, send a corrected claim; if not, refund."
ask = "the first service of that day, and who billed it"
false_positives = "The first code was billed by another system."
references = ["CMS NCCI policy manual 2026, ch. I (add-on codes)", "CMS add-on code edits"]
+++*/
WITH further_line AS (
    SELECT
        line.line_id,
        any_value(line.procedure_code) AS procedure_code,
        any_value(line.service_date) AS service_date,
        any_value(line.line_amount) AS line_amount,
        list(first_code.first_code ORDER BY first_code.first_code) AS first_codes,
        count(first_line.line_id) AS first_lines
    FROM claim_line AS line
    INNER JOIN first_code
        ON
            line.procedure_code = first_code.procedure_code
            AND line.service_date BETWEEN first_code.effective_from AND first_code.effective_to
    LEFT JOIN claim_line AS first_line
        ON
            first_code.first_code = first_line.procedure_code
            AND line.patient_id = first_line.patient_id
            AND line.service_date = first_line.service_date
            AND line.practice_npi IS NOT DISTINCT FROM first_line.practice_npi
    GROUP BY line.line_id
)
SELECT
    line_id AS subject_id,
    first_lines = 0 AS is_flagged,
    CAST(NULL AS VARCHAR) AS reason,
    one_line(line_id, line_amount) AS lines,
    procedure_code || ' of ' || service_date || ' without ' || array_to_string(first_codes, ' or ') || ' on that day' AS message,
    {'procedure_code': procedure_code, 'first_codes': first_codes} AS evidence
FROM further_line
ORDER BY subject_id;
