-- Units that a number of timed minutes supports: 8-22 minutes 1, 23-37 minutes 2, 38-52 minutes 3, and so on.
-- CMS Pub. 100-04 ch. 5 sec. 20.2. NULL minutes give NULL.
CREATE OR REPLACE MACRO units_supported(timed_minutes) AS
    CASE WHEN timed_minutes < 8 THEN 0 ELSE (CAST(timed_minutes AS INTEGER) + 7) // 15 END;

-- The most units that any split of the minutes over so many codes could earn under the CPT midpoint: every unit takes 8
-- minutes at the least, and no code saves more than 7 minutes of its units' quarter hours.
CREATE OR REPLACE MACRO most_units_of_any_split(timed_minutes, codes) AS
    CASE WHEN timed_minutes IS NOT NULL THEN least(CAST(timed_minutes AS INTEGER) // 8, (CAST(timed_minutes AS INTEGER) + 7 * codes) // 15) END;

-- The fewest units that any split could earn: a code can waste at most 7 minutes short of its next midpoint.
CREATE OR REPLACE MACRO fewest_units_of_any_split(timed_minutes, codes) AS
    CASE WHEN timed_minutes IS NOT NULL THEN greatest(0, (CAST(timed_minutes AS INTEGER) - 7 * codes + 14) // 15) END;

-- An amount that can be at risk: never below zero; unknown stays unknown (greatest() would turn NULL into 0).
CREATE OR REPLACE MACRO at_risk(amount) AS
    CASE WHEN amount < 0 THEN 0 ELSE CAST(amount AS DECIMAL(12, 2)) END;

-- The part of a line's amount that falls on some of its units, rounded half up to the cent, in whole-number arithmetic
-- so that no binary fraction decides a cent. NULL amount gives NULL.
CREATE OR REPLACE MACRO amount_of_units(amount, units_taken, units_billed) AS
    CAST(
        CAST(
            (
                2 * CAST(at_risk(amount) * 100 AS HUGEINT) * CAST(units_taken * 100 AS HUGEINT)
                + CAST(units_billed * 100 AS HUGEINT)
            ) // nullif(2 * CAST(units_billed * 100 AS HUGEINT), 0) AS DECIMAL(18, 0)
        ) * 0.01 AS DECIMAL(12, 2)
    );

-- Price of one unit, for ranking only; dollars come from amount_of_units. Whole cents by whole hundredths, so that equal
-- prices are equal: 0.10 for one unit and 0.30 for three.
CREATE OR REPLACE MACRO unit_price(amount, units_billed) AS
    CAST(amount * 100 AS DOUBLE) / nullif(CAST(units_billed * 100 AS DOUBLE), 0);

-- How many of `available` units are still to be taken when `wanted` are sought and `taken_before` were found already.
CREATE OR REPLACE MACRO units_to_take(wanted, taken_before, available) AS
    least(available, greatest(0, wanted - coalesce(taken_before, 0)));

-- The lines of a finding less what the right codes would earn, taken off from the first line on, no line below zero. A line's
-- unknown amount stays unknown; where it is not known what the right codes earn, nothing is claimed.
CREATE OR REPLACE MACRO net_lines(lines, amount_off) AS
    list_transform(
        lines, lambda one, place : {
            'line_id': one.line_id,
            'amount_at_risk': CASE
                WHEN amount_off IS NULL THEN at_risk(0)
                ELSE at_risk(
                    one.amount_at_risk - at_risk(
                        amount_off
                        - coalesce(list_sum(list_transform(lines[: place - 1], lambda before : before.amount_at_risk)), 0)
                    )
                )
            END
        }
    );

-- Minutes of sessions told apart by the export and of others, where there are any of either.
CREATE OR REPLACE MACRO total_of_sessions(of_encounters, of_others) AS
    CASE WHEN of_encounters IS NOT NULL OR of_others IS NOT NULL THEN coalesce(of_encounters, 0) + coalesce(of_others, 0) END;

-- The fewest minutes that earn so many 15-minute units: 8, 23, 38 and so on; 0 for no unit. NULL units give NULL.
CREATE OR REPLACE MACRO fewest_minutes_of(units) AS
    CASE WHEN units > 0 THEN greatest(0, CAST(ceil(15 * units - 7) AS INTEGER)) WHEN units <= 0 THEN 0 END;

-- A line's amounts where it may stand in a list more than once: the larger of them.
CREATE OR REPLACE MACRO larger_amounts(lines) AS
    list_transform(
        list_sort(list_distinct(list_transform(lines, lambda one : one.line_id))),
        lambda id : {
            'line_id': id,
            'amount_at_risk': CAST(
                list_max(
                    list_transform(list_filter(lines, lambda one : one.line_id = id), lambda one : one.amount_at_risk)
                ) AS DECIMAL(12, 2)
            )
        }
    );

-- The most units that so many spare minutes can add under the midpoint: the codes that need the fewest to their next unit
-- first, then 15 to each later unit that a code's own clock has room for.
CREATE OR REPLACE MACRO units_of_spare_minutes(next_units, later_units, spare) AS
    len(list_filter(
        range(1, len(next_units) + 1), lambda place : list_sum(list_sort(next_units)[1:place]) <= spare
    ))
    + CASE
        WHEN coalesce(list_sum(next_units), 0) <= spare
            THEN least(later_units, (spare - coalesce(list_sum(next_units), 0)) // 15)
        ELSE 0
    END;

-- The days that a professional line covers. An institutional line's last day may be its claim's.
CREATE OR REPLACE MACRO days_covered(first_day, last_day, bill_type) AS
    CASE WHEN bill_type IS NULL AND last_day > first_day THEN CAST(last_day - first_day AS INTEGER) + 1 ELSE 1 END;

-- The units of a day of a line that covers several days, which is how CMS adjudicates a professional line with a date span
-- against its unit edits: divided by the days, rounded.
CREATE OR REPLACE MACRO units_a_day(units, first_day, last_day, bill_type) AS
    CASE
        WHEN days_covered(first_day, last_day, bill_type) > 1 THEN round(units / days_covered(first_day, last_day, bill_type))
        ELSE units
    END;
