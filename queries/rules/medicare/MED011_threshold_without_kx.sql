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
reads = ["export_year", "threshold", "year_line"]
version = 4
since = "0.1.0"
checks = "The allowed amounts of a patient's therapy are added up over the calendar year in order of date, physical therapy and speech-language pathology together, occupational therapy apart. A line that goes beyond the year's threshold, its own amount counted, carries neither KX nor GA."
why = "Above the threshold Medicare pays only what the practice confirms as medically necessary with KX. A line paid without it is a potential overpayment."
numerator = "lines with which the year's allowed amounts exceed the threshold, without KX and GA"
denominator = "therapy lines to Medicare Part A or B that were neither denied nor billed to be denied"
applies_to = "Medicare fee-for-service, from 2018. A line with GA shifts the cost to a patient who was told, and is no fault; its amount counts. On one date lines without KX and GA count before lines with one, the kindest order. Lines before the audited period count, where the export holds them, and are not flagged. Other practices' services make the sum too small, never too large; the message says where the export begins."
not_evaluated_when = "The line has no allowed amount; it states no plan of care (GP, GO, GN); no threshold is loaded for the year; the payer matches no class; the export has no column of modifiers; the export does not hold the year from its start (its first date is after 10 January) and what it holds is below the threshold."
flagged_example = "97110-GP in November 2025 with which the year's allowed amounts reach 2,425.00; the threshold is 2,410.00."
correct_example = "The same line with GP and KX, and the reason in the record."
fix = "Check that the record shows why therapy had to go on. If it does, correct the claim with KX; if not, refund."
ask = "why therapy above the threshold is medically necessary"
false_positives = "Allowed amounts in the export that are not Medicare's own (a secondary payer's)."
references = ["Social Security Act, sec. 1833(g)", "CMS Pub. 100-04, ch. 5, sec. 10.3 (thresholds and KX)"]
+++*/
WITH therapy_line AS (
    SELECT
        year_line.*,
        threshold.threshold_group,
        threshold.threshold_amount,
        -- With KX the practice confirms the need, with GA the patient was told that he may have to pay.
        has_threshold_exception OR list_contains(modifiers, 'GA') AS is_excused,
        CASE
            WHEN year_line.payer_class = 'unknown' THEN reason_payer_class_unknown()
            WHEN NOT year_line.has_modifier_column THEN reason_no_modifier_column()
            WHEN year_line.discipline = 'unstated' THEN 'no plan of care (GP, GO, GN) is stated'
            WHEN threshold.threshold_amount IS NULL THEN 'no threshold is loaded for the year'
        END AS own_reason
    FROM year_line
    LEFT JOIN threshold
        ON
            year_line.discipline = threshold.discipline
            AND year_line.service_date BETWEEN threshold.effective_from AND threshold.effective_to
    WHERE
        (year_line.is_always_therapy OR year_line.has_plan_of_care)
        AND year_line.payer_class IN ('medicare_ffs', 'unknown')
        AND year_line.counts_units
),

summed_line AS (
    SELECT
        *,
        sum(allowed_amount) OVER (
            PARTITION BY patient_id, threshold_group, year(service_date), payer_class
            ORDER BY service_date, is_excused, claim_id, claim_line_number, line_id
        ) AS year_to_date
    FROM therapy_line
)
SELECT
    line_id AS subject_id,
    year_to_date > threshold_amount AND NOT is_excused AS is_flagged,
    CASE
        WHEN own_reason IS NOT NULL THEN own_reason
        -- A sum that is over without the line's own is over with it.
        WHEN allowed_amount IS NULL AND NOT coalesce(year_to_date > threshold_amount, FALSE) THEN 'the line has no allowed amount'
        WHEN first_service_date > make_date(service_year, 1, 10) AND NOT is_excused AND year_to_date <= threshold_amount
            THEN reason_year_not_held()
    END AS reason,
    one_line(line_id, line_amount) AS lines,
    procedure_code || ' without KX: with this line the allowed amounts of ' || service_year || ' for ' || threshold_group
    || ' reach ' || dollars_text(year_to_date) || '; the threshold is ' || dollars_text(threshold_amount)
    || '; the export holds ' || service_year || ' from ' || first_service_date || ' on' AS message,
    {
        'year_to_date': year_to_date, 'threshold_amount': threshold_amount, 'threshold_group': threshold_group,
        'export_holds_year_from': first_service_date
    } AS evidence
FROM summed_line
INNER JOIN export_year ON year(summed_line.service_date) = export_year.service_year
-- Of the year's lines only those of the audit are judged.
WHERE in_period
ORDER BY subject_id;
