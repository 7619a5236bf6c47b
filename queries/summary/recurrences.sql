-- Back again: kinds of finding (a rule, a provider, a payer) that the run before had too, with the runs in a row up to this one,
-- and what reviewers said of the earlier ones. Longest first, then most findings.
WITH now_found AS (
    SELECT
        kind_of_finding(rule_id, coalesce(rendering_npi, billing_npi), payer_name) AS kind,
        rule_id,
        coalesce(rendering_npi, billing_npi) AS provider,
        payer_name,
        count(*) AS findings,
        sum(amount_at_risk) AS gross
    FROM finding
    WHERE is_counted
    GROUP BY ALL
),

in_a_row AS (
    SELECT *
    FROM past_kind
    QUALIFY row_number() OVER (PARTITION BY kind ORDER BY steps_back) = steps_back
),

earlier AS (
    SELECT
        kind,
        list(findings ORDER BY steps_back DESC) AS findings_before,
        sum(confirmed) AS confirmed,
        sum(refunded) AS refunded
    FROM in_a_row
    GROUP BY kind
)

SELECT
    now_found.rule_id,
    now_found.provider,
    now_found.payer_name,
    list_append(earlier.findings_before, now_found.findings) AS findings,
    CAST(earlier.confirmed AS BIGINT) AS confirmed,
    CAST(earlier.refunded AS BIGINT) AS refunded,
    CAST(coalesce(now_found.gross, 0) AS DECIMAL(14, 2)) AS gross
FROM now_found
INNER JOIN earlier USING (kind)
ORDER BY len(earlier.findings_before) DESC, now_found.findings DESC, now_found.rule_id, now_found.provider, now_found.payer_name;
