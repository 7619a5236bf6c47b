-- The run as a whole: what was audited, and how much of it bears a potential error (a fault of the line itself; patterns
-- and gaps in the record are none). What was found is counted by direction in `directions`.
SELECT
    count(DISTINCT claim_id) AS claims,
    count(*) AS lines,
    count(DISTINCT visit_id) AS visits,
    count(DISTINCT patient_id) AS patients,
    count(DISTINCT rendering_npi) AS providers,
    count(DISTINCT claim_id) FILTER (WHERE has_error) AS claims_with_error,
    count(*) FILTER (WHERE has_error) AS lines_with_error,
    CAST(coalesce(sum(line_amount), 0) AS DECIMAL(14, 2)) AS amount,
    -- Blank in the export, or the claim's total repeated on each of its lines.
    count(*) FILTER (WHERE line_amount IS NULL) AS lines_without_amount,
    CAST(coalesce(sum(over_once), 0) AS DECIMAL(14, 2)) AS over_once
FROM line_total;
