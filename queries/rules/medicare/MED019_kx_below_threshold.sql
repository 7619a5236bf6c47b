/*+++
id = "MED019"
name = "kx-below-threshold"
title = "KX as a habit, below the threshold"
family = "medicare"
severity = "info"
confidence = "pattern"
direction = "none"
subject = "provider"
partition_by = "provider"
reads = ["export_line", "export_year", "threshold"]
version = 1
since = "0.2.0"
checks = "At least share of a provider's Medicare therapy lines whose patient's allowed amounts of the year are not over the threshold carry KX."
why = "KX confirms that therapy beyond the threshold is necessary. Where it stands on lines below as a routine, nobody asked whether it is; CMS names that as abuse."
numerator = "lines with KX among those"
denominator = "a provider's Medicare therapy lines with which the patient's year is not over the threshold"
applies_to = "Medicare fee-for-service, providers with min_lines such lines or more. All lines that were given count, but for those of no plan or no threshold; only those of the audited period are named."
not_evaluated_when = "The lines have no NPI or no allowed amounts; the export does not hold the year from its start (its first date is after 10 January); fewer lines than min_lines."
flagged_example = "30 of 40 lines with KX, of patients whose year is below 2,410.00."
correct_example = "KX from the line on with which a patient's year is over the threshold."
fix = "See whether the billing system sets KX by itself; let it be set from the threshold on only."
false_positives = "Patients whose amounts at other practices have passed the threshold."
references = ["CMS Pub. 100-04, ch. 5, sec. 10.3 (thresholds and KX)"]

[params.min_lines]
type = "integer"
default = 30
help = "fewest lines below the threshold from which a provider is judged"

[params.share]
type = "number"
default = 0.5
help = "share of them with KX from which the provider is flagged"
+++*/
WITH summed_line AS (
    SELECT
        line.*,
        threshold.threshold_amount,
        sum(allowed_amount) OVER year_of_patient AS year_to_date,
        -- A sum of which a part is not known may be over.
        count(*) OVER year_of_patient = count(allowed_amount) OVER year_of_patient AS is_known,
        first_service_date <= make_date(service_year, 1, 10) AS is_held
    FROM export_line AS line
    INNER JOIN threshold
        ON
            line.discipline = threshold.discipline
            AND line.service_date BETWEEN threshold.effective_from AND threshold.effective_to
    INNER JOIN export_year ON year(line.service_date) = export_year.service_year
    WHERE
        (line.is_always_therapy OR line.has_plan_of_care)
        AND line.payer_class = 'medicare_ffs'
        AND line.counts_units
    WINDOW year_of_patient AS (
        PARTITION BY patient_id, threshold_group, year(service_date)
        ORDER BY service_date, has_threshold_exception, claim_id, claim_line_number, line_id
    )
),

provider_count AS (
    SELECT
        provider_npi,
        min(line_id) FILTER (WHERE in_period) AS first_line_id,
        count(*) FILTER (WHERE is_known) AS known_lines,
        count(*) FILTER (WHERE is_known AND is_held) AS held_lines,
        count(*) FILTER (WHERE is_known AND is_held AND year_to_date <= threshold_amount) AS lines_below,
        count(*) FILTER (WHERE is_known AND is_held AND year_to_date <= threshold_amount AND has_threshold_exception) AS hits,
        list({'line_id': line_id, 'amount_at_risk': at_risk(0)} ORDER BY line_id) FILTER (
            WHERE in_period AND is_known AND is_held AND year_to_date <= threshold_amount AND has_threshold_exception
        ) AS lines
    FROM summed_line
    GROUP BY provider_npi
    HAVING first_line_id IS NOT NULL
)
SELECT
    coalesce(lines[1].line_id, first_line_id) AS subject_id,
    coalesce(provider_npi, '') AS subject_key,
    hits >= $share * lines_below AND lines IS NOT NULL AS is_flagged,
    CASE
        WHEN provider_npi IS NULL THEN reason_no_npi()
        WHEN known_lines = 0 THEN 'the lines have no allowed amount'
        WHEN held_lines = 0 THEN reason_year_not_held()
        WHEN lines_below < $min_lines THEN 'too few lines below the threshold to judge by'
    END AS reason,
    lines,
    'NPI ' || provider_npi || ': ' || hits || ' of ' || lines_below
    || ' Medicare therapy lines of patients below the year''s threshold carry KX' AS message,
    {'provider_npi': provider_npi, 'lines_below_threshold': lines_below, 'with_kx': hits} AS evidence
FROM provider_count
ORDER BY subject_id;
