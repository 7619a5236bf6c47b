-- Dollars as people write them: $1,234.50.
CREATE OR REPLACE MACRO dollars_text(amount) AS '$' || format('{:,.2f}', CAST(amount AS DOUBLE));

-- How many of a line's units an amount stands for: a whole number (or the line's own) that gives the amount to the cent; else NULL.
CREATE OR REPLACE MACRO units_of_amount(amount, line_amount, units) AS
    CASE
        WHEN amount = amount_of_units(line_amount, round(amount / nullif(line_amount, 0) * units), units)
            THEN CAST(round(amount / nullif(line_amount, 0) * units) AS DECIMAL(9, 2))
    END;

-- How a line's amount at risk was made of the line: "$60.00 paid, the whole line", "$156.00 paid x 2 of 4 units". `basis` is the
-- word for the dollars reviewed: paid, allowed or charged. NULL where nothing is at risk.
CREATE OR REPLACE MACRO how_made(amount, basis, line_amount, units, direction) AS
    CASE
        WHEN coalesce(amount, 0) <= 0 OR line_amount IS NULL THEN NULL
        WHEN direction = 'under' AND units_of_amount(amount, line_amount, units) > 0
            THEN dollars_text(line_amount) || ' ' || basis || ' for ' || counted(units, 'unit', 'units') || ' x '
                || units_text(units_of_amount(amount, line_amount, units)) || ' missing'
        WHEN amount = line_amount THEN dollars_text(line_amount) || ' ' || basis || ', the whole line'
        WHEN units_of_amount(amount, line_amount, units) > 0
            THEN dollars_text(line_amount) || ' ' || basis || ' x '
                || units_text(units_of_amount(amount, line_amount, units)) || ' of ' || counted(units, 'unit', 'units')
        WHEN amount = round(line_amount * 0.15, 2) THEN dollars_text(line_amount) || ' ' || basis || ' x 15 %'
        ELSE 'a part of ' || dollars_text(line_amount) || ' ' || basis || ', as its evidence says'
    END;

-- Where a finding bears less than it puts at risk: what of it counts, and the rules under which the rest does. NULL where it bears
-- all. Units that go with a line of no amount, or of none that is known, count under no rule.
CREATE OR REPLACE MACRO how_counted(amount, counted_once, other_rules) AS
    CASE
        WHEN counted_once >= amount THEN NULL
        WHEN other_rules IS NULL THEN '; ' || dollars_text(counted_once) || ' counted, for no more is left of its lines'
        WHEN counted_once = 0 THEN '; counted under ' || other_rules
        ELSE '; ' || dollars_text(counted_once) || ' counted here, the rest under ' || other_rules
    END;
