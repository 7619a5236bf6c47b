-- Prices surplus units. Takes the name of a table of lines: (visit_id, procedure_code, line_id, code_surplus, excess): how many
-- units of the line's code may be surplus, and how many of the visit's are too many in all. The cheapest are taken
-- first, of equal prices the later claim and line, up to the excess: no dollar is claimed that a choice could avoid.
-- Gives one row a visit: lines, a list of (line_id, amount_at_risk), and surplus, what the visit (or each code) has too many.
CREATE OR REPLACE MACRO potential_of_surplus(surplus_lines) AS TABLE
WITH surplus_line AS (
    SELECT
        surplus.visit_id,
        claim_line.line_id,
        claim_line.claim_id,
        claim_line.claim_line_number,
        claim_line.units,
        claim_line.line_amount,
        surplus.excess,
        -- What a code may have too many binds where it is less than all: each code then has a surplus of its own.
        least(surplus.code_surplus, surplus.excess) AS units_over,
        CASE WHEN surplus.code_surplus < surplus.excess THEN surplus.procedure_code ELSE '' END AS bound_code,
        unit_price(claim_line.line_amount, claim_line.units) AS price,
        units_to_take(
            surplus.code_surplus,
            sum(claim_line.units) OVER (
                PARTITION BY surplus.visit_id, surplus.procedure_code
                ORDER BY
                    unit_price(claim_line.line_amount, claim_line.units),
                    claim_line.claim_id DESC, claim_line.claim_line_number DESC, claim_line.line_id DESC
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), claim_line.units
        ) AS surplus
    FROM query_table(surplus_lines) AS surplus
    INNER JOIN claim_line USING (line_id)
    WHERE surplus.code_surplus > 0 AND claim_line.units > 0 AND claim_line.counts_units
),

taken_line AS (
    SELECT
        *,
        units_to_take(
            excess, sum(surplus) OVER (
                PARTITION BY visit_id
                ORDER BY price, claim_id DESC, claim_line_number DESC, line_id DESC
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), surplus
        ) AS units_taken
    FROM surplus_line
    WHERE surplus > 0
),

surplus_of_code AS (
    SELECT visit_id, one_surplus(any_value(units_over), list(line_id ORDER BY line_id)) AS surplus
    FROM surplus_line
    GROUP BY visit_id, bound_code
),

surplus_of_visit AS (
    SELECT visit_id, list(surplus ORDER BY surplus) AS surplus FROM surplus_of_code GROUP BY visit_id
)
SELECT
    visit_id,
    list({'line_id': line_id, 'amount_at_risk': amount_of_units(line_amount, units_taken, units)} ORDER BY line_id)
        AS lines,
    any_value(surplus_of_visit.surplus) AS surplus
FROM taken_line
INNER JOIN surplus_of_visit USING (visit_id)
WHERE units_taken > 0
GROUP BY visit_id;
