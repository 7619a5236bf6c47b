-- How the dollars of each line of a finding were made, in words. A denied line, one billed to be denied, and one never sent, puts
-- at risk what was paid for it, whatever the other lines go by.
CREATE OR REPLACE TABLE line_made AS
SELECT
    finding_line.finding_id,
    finding_line.line_id,
    claim_line.line_amount,
    how_made(
        finding_line.amount_at_risk,
        CASE
            WHEN claim_line.is_denied OR claim_line.is_billed_to_be_denied OR claim_line.status_says = 'unsent' THEN 'paid'
            ELSE replace(replace(getvariable('money_basis'), '_amount', ''), 'charge', 'charged')
        END,
        claim_line.line_amount, claim_line.units, finding_line.direction
    ) AS how_made
FROM finding_line
INNER JOIN claim_line USING (line_id);

-- Counted findings of overpayment that bear less than they put at risk, with the rules that bear the rest: those that count a line of
-- theirs, or the line whose units were taken from their surplus.
CREATE OR REPLACE TABLE finding_counted AS
WITH finding_share AS (
    SELECT finding_id, sum(counted_once) AS counted_once FROM line_share GROUP BY finding_id
),

lesser_finding AS (
    SELECT finding_id, amount_at_risk, coalesce(counted_once, 0) AS counted_once
    FROM finding
    LEFT JOIN finding_share USING (finding_id)
    WHERE is_counted AND direction = 'over' AND coalesce(counted_once, 0) < amount_at_risk
),

line_elsewhere AS (
    SELECT finding_id, line_id
    FROM lesser_finding
    INNER JOIN (SELECT finding_id, line_id FROM finding_line) AS own_line USING (finding_id)
    UNION
    SELECT finding_id, line_id
    FROM lesser_finding
    INNER JOIN (SELECT surplus_id, unnest(finding_ids) AS finding_id FROM surplus) AS own_surplus USING (finding_id)
    INNER JOIN settled_surplus USING (surplus_id)
    WHERE units_gone > 0
),

other_rule AS (
    SELECT line_elsewhere.finding_id, string_agg(DISTINCT bearer.rule_id, ', ' ORDER BY bearer.rule_id) AS rules
    FROM line_elsewhere
    INNER JOIN line_share AS share ON line_elsewhere.line_id = share.line_id AND line_elsewhere.finding_id <> share.finding_id
    INNER JOIN (SELECT finding_id, rule_id FROM finding) AS bearer ON share.finding_id = bearer.finding_id
    GROUP BY line_elsewhere.finding_id
)
SELECT finding_id, how_counted(amount_at_risk, counted_once, other_rule.rules) AS how_counted
FROM lesser_finding
LEFT JOIN other_rule USING (finding_id);

-- Of a finding: line by line, the first six in the order of the claim.
CREATE OR REPLACE TABLE finding_made AS
WITH numbered_line AS (
    SELECT
        finding_id,
        how_made,
        row_number() OVER (
            PARTITION BY finding_id ORDER BY finding_line.claim_id, finding_line.claim_line_number, line_id
        ) AS place,
        count(*) OVER (PARTITION BY finding_id) AS lines
    FROM line_made
    INNER JOIN finding_line USING (finding_id, line_id)
    WHERE how_made IS NOT NULL
)
SELECT
    finding_id,
    string_agg(how_made, ' + ' ORDER BY place)
    || CASE WHEN any_value(lines) > 6 THEN ' + ' || counted(any_value(lines) - 6, 'more line', 'more lines') ELSE '' END
    || coalesce(any_value(how_counted), '') AS how_made
FROM numbered_line
LEFT JOIN finding_counted USING (finding_id)
WHERE place <= 6
GROUP BY finding_id;
