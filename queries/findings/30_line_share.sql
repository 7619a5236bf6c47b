-- Counted findings that put dollars at risk, line by line. A surplus of units is a finding of time about a visit or a day: it
-- takes units that no minutes support, wherever on the visit they are cheapest. Every other finding is about its line.
CREATE OR REPLACE TABLE exposed_line AS
SELECT
    finding_line.finding_id,
    finding_line.line_id,
    finding_line.claim_id,
    finding_line.claim_line_number,
    finding_line.amount_at_risk,
    claim_line.visit_id,
    claim_line.units,
    claim_line.line_amount,
    claim_line.is_timed AND claim_line.counts_units AS is_timed,
    finding.family = 'time' AND finding.subject <> 'line' AND coalesce(finding.units_billed > finding.units_supported, FALSE)
        AS is_surplus,
    -- How many of the line's units that amount is: no more than the line has, whatever amount a rule states.
    CAST(
        least(
            round(finding_line.amount_at_risk / nullif(claim_line.line_amount, 0) * claim_line.units, 2), claim_line.units
        ) AS DECIMAL(9, 2)
    )
        AS units_at_risk
FROM finding_line
INNER JOIN finding USING (finding_id)
INNER JOIN claim_line USING (line_id)
WHERE finding_line.direction = 'over' AND finding_line.amount_at_risk > 0 AND finding_line.is_counted;

-- One surplus, two rules: where another finding takes a whole line of the visit away, its units are no surplus any more. What is
-- left of the surplus is taken from the other lines, the cheapest first as before.
CREATE OR REPLACE TABLE remaining_surplus AS
WITH whole_line AS (
    SELECT DISTINCT line_id, visit_id, units
    FROM exposed_line
    WHERE NOT is_surplus AND is_timed AND amount_at_risk >= line_amount
),

units_gone AS (
    SELECT visit_id, sum(units) AS units FROM whole_line GROUP BY visit_id
),

surplus_left AS (
    SELECT
        exposed_line.*,
        greatest(
            0, sum(units_at_risk) OVER (PARTITION BY finding_id, exposed_line.visit_id) - coalesce(units_gone.units, 0)
        ) AS units_left
    FROM exposed_line
    LEFT JOIN units_gone USING (visit_id)
    WHERE is_surplus
)
SELECT
    finding_id,
    line_id,
    units_at_risk,
    units_to_take(
        units_left,
        sum(units_at_risk) OVER (
            PARTITION BY finding_id, visit_id
            ORDER BY unit_price(line_amount, units), claim_id DESC, claim_line_number DESC, line_id DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), units_at_risk
    ) AS units_taken
FROM surplus_left
-- The other finding counts a line that it takes whole.
WHERE line_id NOT IN (SELECT line_id FROM whole_line);

-- Each dollar once: a line flagged by several rules is exposed to the largest of its `over` amounts, and never to more than the
-- line itself. The finding with that amount bears it (of equal ones the first by id), the line's others bear nothing, so that
-- the shares of all findings add up to the whole. Underbilling and coding findings are no exposure.
CREATE OR REPLACE TABLE line_share AS
WITH settled AS (
    SELECT
        exposed_line.finding_id,
        exposed_line.line_id,
        exposed_line.line_amount,
        CASE
            WHEN NOT is_surplus OR remaining_surplus.units_taken = remaining_surplus.units_at_risk
                THEN exposed_line.amount_at_risk
            WHEN remaining_surplus.units_taken > 0
                THEN amount_of_units(exposed_line.line_amount, remaining_surplus.units_taken, exposed_line.units)
            ELSE 0
        END AS amount
    FROM exposed_line
    LEFT JOIN remaining_surplus USING (finding_id, line_id)
)
SELECT
    finding_id,
    line_id,
    CAST(least(amount, greatest(line_amount, 0)) AS DECIMAL(12, 2)) AS counted_once
FROM settled
WHERE amount > 0
QUALIFY row_number() OVER (PARTITION BY line_id ORDER BY amount DESC, finding_id) = 1;
