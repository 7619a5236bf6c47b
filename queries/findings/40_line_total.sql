-- One row per audited line with what the findings say of it; every breakdown of the summary adds these up.
CREATE OR REPLACE VIEW line_total AS
WITH flagged AS (
    SELECT
        line_id,
        -- A finding counts where its lead line stands, so that the rows of a breakdown add up to the whole.
        count(*) FILTER (WHERE is_lead) AS findings,
        bool_or(is_error) AS has_error,
        sum(amount_at_risk) FILTER (WHERE direction = 'over') AS over_gross,
        sum(amount_at_risk) FILTER (WHERE direction = 'under') AS under_gross
    FROM finding_line
    WHERE is_counted
    GROUP BY line_id
),

share AS (
    SELECT line_id, sum(counted_once) AS counted_once FROM line_share GROUP BY line_id
)
SELECT
    claim_line.line_id,
    claim_line.visit_id,
    claim_line.claim_id,
    claim_line.patient_id,
    claim_line.rendering_npi,
    claim_line.provider_role,
    claim_line.payer_name,
    claim_line.payer_class,
    claim_line.procedure_code,
    claim_line.location,
    strftime(claim_line.service_date, '%Y-%m') AS month,
    claim_line.basis_amount AS line_amount,
    coalesce(flagged.findings, 0) AS findings,
    coalesce(flagged.has_error, FALSE) AS has_error,
    coalesce(flagged.over_gross, 0) AS over_gross,
    coalesce(share.counted_once, 0) AS over_once,
    coalesce(flagged.under_gross, 0) AS under_gross
FROM claim_line
LEFT JOIN flagged USING (line_id)
LEFT JOIN share USING (line_id);
