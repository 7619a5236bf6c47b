-- What the folder of runs remembers: findings of earlier runs that still count, by kind: a reviewer's dismissal since then takes them out. `steps_back` is 1 in the run
-- of the dates before this run's, 2 in the one before that.
CREATE OR REPLACE TABLE past_kind AS
SELECT
    kind_of_finding(
        past_finding.rule_id, coalesce(past_finding.rendering_npi, past_finding.billing_npi), past_finding.payer_name
    ) AS kind,
    past_finding.steps_back,
    count(*) AS findings,
    count(*) FILTER (WHERE decided_finding.decision IN ('confirm', 'refunded')) AS confirmed,
    count(*) FILTER (WHERE decided_finding.decision = 'refunded') AS refunded
FROM past_finding
LEFT JOIN decided_finding USING (finding_id)
WHERE
    past_finding.status NOT IN ('suppressed', 'dismissed')
    AND decided_finding.decision IS DISTINCT FROM 'dismiss'
GROUP BY kind, past_finding.steps_back;
