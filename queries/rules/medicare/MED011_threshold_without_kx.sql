/*+++
id = "MED011"
name = "threshold-without-kx"
title = "Therapy above the yearly threshold without KX"
family = "medicare"
severity = "medium"
confidence = "likely"
direction = "over"
subject = "line"
partition_by = "patient"
reads = ["claim_line", "export_year", "threshold", "year_line"]
version = 2
since = "0.1.0"
checks = "The allowed amounts of a patient's therapy are added up over the calendar year in order of date, physical therapy and speech-language pathology together, occupational therapy apart. A line that goes beyond the year's threshold carries no KX."
why = "Above the threshold Medicare pays only what the practice confirms as medically necessary with KX. A line paid without it is a potential overpayment."
numerator = "lines with which the year's allowed amounts exceed the threshold, without KX"
denominator = "therapy lines to Medicare Part A or B that were neither denied nor billed to be denied"
applies_to = "Medicare fee-for-service. On one date lines without KX count before lines with it, the kindest order. Lines before the audited period count, where the export holds them, and are not flagged. An export that begins within the year and other practices' services make the sum too small, never too large; the message says where the export begins."
not_evaluated_when = "The line has no allowed amount; it states no plan of care (GP, GO, GN); no threshold is loaded for the year; the payer matches no class."
flagged_example = "97110-GP in November 2025 with which the year's allowed amounts reach 2,425.00; the threshold is 2,410.00."
correct_example = "The same line with GP and KX, and the reason in the record."
fix = "Check that the record shows why therapy had to go on. If it does, correct the claim with KX; if not, refund."
false_positives = "Allowed amounts in the export that are not Medicare's own (a secondary payer's)."
references = ["Social Security Act, sec. 1833(g)", "CMS Pub. 100-04, ch. 5, sec. 10.3 (thresholds and KX)"]
+++*/
WITH therapy_line AS (
    SELECT
        year_line.*,
        threshold.threshold_group,
        threshold.threshold_amount,
        CASE
            WHEN year_line.payer_class = 'unknown' THEN reason_payer_class_unknown()
            WHEN year_line.discipline = 'unstated' THEN 'no plan of care (GP, GO, GN) is stated'
            WHEN threshold.threshold_amount IS NULL THEN 'no threshold is loaded for the year'
            WHEN year_line.allowed_amount IS NULL THEN 'the line has no allowed amount'
        END AS reason
    FROM year_line
    LEFT JOIN threshold
        ON
            year_line.discipline = threshold.discipline
            AND year_line.service_date BETWEEN threshold.effective_from AND threshold.effective_to
    WHERE
        (year_line.is_always_therapy OR year_line.has_plan_of_care)
        AND year_line.payer_class IN ('medicare_ffs', 'unknown')
        AND NOT year_line.is_denied
        AND NOT year_line.is_billed_to_be_denied
),

summed_line AS (
    SELECT
        *,
        sum(allowed_amount) OVER (
            PARTITION BY patient_id, threshold_group, year(service_date), payer_class
            ORDER BY service_date, has_threshold_exception, claim_id, claim_line_number, line_id
        ) AS year_to_date
    FROM therapy_line
)
SELECT
    summed_line.line_id AS subject_id,
    year_to_date > threshold_amount AND NOT summed_line.has_threshold_exception AS is_flagged,
    reason,
    one_line(summed_line.line_id, line.line_amount) AS lines,
    line.procedure_code || ' without KX: with it the allowed amounts of ' || service_year || ' for ' || threshold_group
    || ' reach ' || year_to_date || '; the threshold is ' || threshold_amount || '; the export holds ' || service_year || ' from '
    || first_service_date || ' on' AS message,
    {
        'year_to_date': year_to_date, 'threshold_amount': threshold_amount, 'threshold_group': threshold_group,
        'export_holds_year_from': first_service_date
    } AS evidence
FROM summed_line
-- Of the year's lines only those of the audit are judged.
INNER JOIN claim_line AS line ON summed_line.line_id = line.line_id
INNER JOIN export_year ON year(summed_line.service_date) = export_year.service_year
ORDER BY subject_id;
