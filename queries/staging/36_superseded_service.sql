-- What stood on a claim that a replacement has superseded: the line is not audited, but a rule may have to know that the
-- service was billed otherwise before, and what became of it.
CREATE OR REPLACE TABLE superseded_service AS
SELECT
    claim_row.line_id,
    claim_row.claim_id,
    claim_row.patient_id,
    claim_row.service_date,
    claim_row.procedure_code,
    claim_row.submitted_date,
    own_amount(claim_row.allowed_amount, 'allowed_amount', claim_total_line.totals) AS allowed_amount,
    own_amount(claim_row.paid_amount, 'paid_amount', claim_total_line.totals) AS paid_amount,
    procedure.service_kind,
    line_state.line_state = 'denied' AS is_denied,
    line_state.says AS status_says,
    policy.payer_key,
    coverage_of(claim_row.payer_sequence) AS coverage_order,
    provider_of(claim_row.bill_type, claim_row.rendering_npi, claim_row.billing_npi) AS provider_npi
FROM claim_row
INNER JOIN excluded_line USING (line_id)
INNER JOIN superseded_line USING (line_id)
INNER JOIN payer_policy AS policy
    ON
        claim_row.service_date = policy.service_date
        AND claim_row.payer_name IS NOT DISTINCT FROM policy.payer_name
        AND claim_row.payer_id IS NOT DISTINCT FROM policy.payer_id
        AND claim_row.claim_filing_indicator IS NOT DISTINCT FROM policy.claim_filing_indicator
INNER JOIN line_state USING (line_id)
LEFT JOIN claim_total_line USING (line_id)
LEFT JOIN procedure
    ON
        claim_row.procedure_code = procedure.procedure_code
        AND claim_row.service_date BETWEEN procedure.effective_from AND procedure.effective_to
WHERE excluded_line.reason = superseded_line.reason;
