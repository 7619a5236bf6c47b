-- The run as a whole: what was audited. What was found is counted by direction in `directions`.
SELECT
    count(DISTINCT claim_id) AS claims,
    count(*) AS lines,
    count(DISTINCT visit_id) AS visits,
    count(DISTINCT patient_id) AS patients,
    count(DISTINCT rendering_npi) AS providers,
    CAST(coalesce(sum(line_amount), 0) AS DECIMAL(14, 2)) AS amount,
    CAST(coalesce(sum(over_once), 0) AS DECIMAL(14, 2)) AS over_once
FROM line_total;
