-- Every payer of the audited lines with the policy applied to it. A policy that changes in time has a row for each.
SELECT
    policy.payer_name,
    policy.payer_id,
    policy.claim_filing_indicator,
    policy.payer_class,
    policy.unit_rule,
    policy.follows_ncci,
    policy.massage_coverage,
    policy.decided_by,
    count(*) AS lines,
    CAST(coalesce(sum(line.basis_amount), 0) AS DECIMAL(14, 2)) AS amount
FROM claim_line AS line
INNER JOIN payer_policy AS policy
    ON
        line.service_date = policy.service_date
        AND line.payer_name IS NOT DISTINCT FROM policy.payer_name
        AND line.payer_id IS NOT DISTINCT FROM policy.payer_id
        AND line.claim_filing_indicator IS NOT DISTINCT FROM policy.claim_filing_indicator
GROUP BY ALL
ORDER BY ALL;
