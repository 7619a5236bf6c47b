-- A denied line whose service stands on another claim as well: the treatment was given once and billed again after the
-- denial, so its units and minutes count once. Another code, or the same claim, bills nothing again; a repeat modifier or
-- another start of the clock says that there was a second treatment.
CREATE OR REPLACE TABLE billed_again AS
WITH billed_line AS (
    SELECT
        line_fact.line_id,
        visit_number.visit_id,
        claim_row.claim_id,
        claim_row.procedure_code,
        claim_row.submitted_date,
        claim_row.start_time,
        line_fact.has_repeat_service,
        line_fact.is_denied
        AND coalesce(own_amount(claim_row.paid_amount, 'paid_amount', claim_total_line.totals), 0) <= 0 AS is_unpaid
    FROM line_fact
    INNER JOIN claim_row USING (line_id)
    INNER JOIN visit_number USING (line_id)
    LEFT JOIN claim_total_line USING (line_id)
)
SELECT DISTINCT denied.line_id
FROM billed_line AS denied
INNER JOIN billed_line AS other
    ON
        denied.visit_id = other.visit_id
        AND denied.procedure_code = other.procedure_code
        AND denied.claim_id <> other.claim_id
        AND NOT denied.has_repeat_service AND NOT other.has_repeat_service
        AND coalesce(denied.start_time = other.start_time, TRUE)
        AND CASE
            -- Of several denied claims the last one stands, by date and then by number.
            WHEN other.is_unpaid
                THEN
                    (coalesce(denied.submitted_date, DATE '0001-01-01'), denied.claim_id)
                    < (coalesce(other.submitted_date, DATE '0001-01-01'), other.claim_id)
            ELSE coalesce(denied.submitted_date <= other.submitted_date, TRUE)
        END
WHERE denied.is_unpaid;
