-- What each counted finding of overpayment puts at risk on a line, once the surplus it states is settled: the units taken there and
-- those that a narrower surplus took before it, and never more than the finding itself says.
CREATE OR REPLACE TABLE exposed_line AS
WITH settled_line AS (
    SELECT
        finding_id,
        line_id,
        max(CASE WHEN units_taken > 0 THEN units_gone + units_taken ELSE 0 END) AS units_exposed
    FROM (SELECT surplus_id, unnest(finding_ids) AS finding_id FROM surplus) AS surplus_finding
    INNER JOIN settled_surplus USING (surplus_id)
    GROUP BY finding_id, line_id
)
SELECT
    finding_id,
    line_id,
    least(
        finding_line.amount_at_risk,
        CASE
            WHEN units_exposed IS NULL THEN finding_line.amount_at_risk
            WHEN units_exposed = claim_line.units THEN at_risk(claim_line.line_amount)
            ELSE amount_of_units(claim_line.line_amount, units_exposed, claim_line.units)
        END,
        at_risk(claim_line.line_amount)
    ) AS amount
FROM finding_line
INNER JOIN claim_line USING (line_id)
LEFT JOIN settled_line USING (finding_id, line_id)
WHERE finding_line.direction = 'over' AND finding_line.amount_at_risk > 0 AND finding_line.is_counted;

-- Each dollar once: a line flagged by several rules is exposed to the largest of its `over` amounts, and never to more than the
-- line itself; where surpluses take different units of it, to all of these. The finding with the largest amount bears it (of equal
-- ones the first by id), the line's others bear what that leaves: nothing, but for such units. So the shares of all findings add
-- up to the whole. Underbilling and coding findings are no exposure.
CREATE OR REPLACE TABLE line_share AS
WITH taken_line AS (
    SELECT
        line_id,
        amount_of_units(any_value(line_amount), max(units_gone + CASE WHEN stays THEN 0 ELSE units_taken END), any_value(units))
            AS amount
    FROM settled_surplus
    INNER JOIN (SELECT line_id, line_amount, units FROM claim_line) AS line USING (line_id)
    GROUP BY line_id
),

line_exposure AS (
    SELECT line_id, greatest(max(exposed_line.amount), coalesce(any_value(taken_line.amount), 0)) AS exposure
    FROM exposed_line
    LEFT JOIN taken_line USING (line_id)
    GROUP BY line_id
),

borne AS (
    SELECT
        finding_id,
        line_id,
        -- What the findings before this one leave.
        least(
            amount,
            exposure - coalesce(
                sum(amount) OVER (
                    PARTITION BY line_id
                    ORDER BY amount DESC, finding_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                ), 0
            )
        ) AS counted_once
    FROM exposed_line
    INNER JOIN line_exposure USING (line_id)
)
SELECT finding_id, line_id, CAST(counted_once AS DECIMAL(12, 2)) AS counted_once FROM borne WHERE counted_once > 0;
