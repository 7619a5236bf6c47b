-- What counts towards a figure of the calendar year: the audited lines and, where a period is audited, the final-action
-- lines of the year before it, which are in no other table. Only lines of claim_line may be flagged.
CREATE OR REPLACE VIEW year_line AS
SELECT
    line_id,
    claim_id,
    claim_line_number,
    patient_id,
    service_date,
    allowed_amount,
    payer_key,
    payer_class,
    coverage_order,
    discipline,
    is_denied,
    is_billed_to_be_denied,
    is_always_therapy,
    has_plan_of_care,
    has_threshold_exception
FROM claim_line
UNION ALL
SELECT
    line_fact.line_id,
    claim_row.claim_id,
    claim_row.claim_line_number,
    line_fact.patient_id,
    line_fact.service_date,
    own_amount(claim_row.allowed_amount, 'allowed_amount', claim_total_line.totals) AS allowed_amount,
    line_fact.payer_key,
    line_fact.payer_class,
    line_fact.coverage_order,
    visit_number.discipline,
    line_fact.is_denied,
    line_fact.is_billed_to_be_denied,
    line_fact.is_always_therapy,
    line_fact.has_plan_of_care,
    line_fact.has_threshold_exception
FROM line_fact
INNER JOIN claim_row USING (line_id)
SEMI JOIN earlier_line USING (line_id)
INNER JOIN visit_number USING (line_id)
LEFT JOIN claim_total_line USING (line_id);

-- The first date of service that the export holds of each year: how far back the figures of a year reach.
CREATE OR REPLACE TABLE export_year AS
SELECT
    year(service_date) AS service_year,
    min(service_date) AS first_service_date
FROM claim_row
GROUP BY year(service_date)
ORDER BY service_year;
