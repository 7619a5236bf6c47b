-- Units as people write them: 3, not 3.00; a fraction keeps its digits.
CREATE OR REPLACE MACRO units_text(units) AS
    CASE
        WHEN units = floor(units) THEN CAST(CAST(units AS BIGINT) AS VARCHAR)
        ELSE rtrim(CAST(units AS VARCHAR), '0')
    END;

CREATE OR REPLACE MACRO counted(number, singular, plural) AS
    units_text(number) || ' ' || CASE WHEN number = 1 THEN singular ELSE plural END;

-- A finding about one line only: that line carries the whole amount.
CREATE OR REPLACE MACRO one_line(line_id, amount) AS
    [{'line_id': line_id, 'amount_at_risk': at_risk(amount)}];

-- Units too many: so many of those that these lines bill together. `takes` says what that takes away: `units`, so many of them,
-- the cheapest first; `lines`, every unit of them all; `nothing`, where the units belong to another code and stay.
CREATE OR REPLACE MACRO one_surplus(units_over, line_ids, takes := 'units') AS
    {'units_over': CAST(units_over AS DECIMAL(11, 2)), 'takes': takes, 'line_ids': line_ids};

-- A finding that takes no unit away: of a part of the price, or without dollars.
CREATE OR REPLACE MACRO no_surplus() AS list_filter([one_surplus(0, [CAST(0 AS BIGINT)])], lambda one : one.units_over > 0);

-- The edition of the NCCI edits, and of the medically unlikely edits, that judged: what the table says is true of it alone.
CREATE OR REPLACE MACRO ptp_edition() AS 'edition ' || getvariable('ptp_edit_edition');
CREATE OR REPLACE MACRO mue_edition() AS 'edition ' || getvariable('mue_edition');

-- How often chance alone brings something about, in words: 0.004 -> "once in 250 times".
CREATE OR REPLACE MACRO by_chance(p) AS
    CASE
        WHEN p < 0.000001 THEN 'less than once in 1,000,000 times'
        ELSE 'once in ' || format('{:,}', CAST(round(1 / greatest(p, 0.000001)) AS BIGINT)) || ' times'
    END;

-- The days that a line's units are for, in words.
CREATE OR REPLACE MACRO days_in_words(days) AS CASE WHEN days > 1 THEN 'the ' || days || ' days' ELSE 'the date' END;
