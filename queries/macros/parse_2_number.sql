-- How a tidy cell becomes an amount, units, minutes or a whole number. NULL where it is none of these: intake then rejects
-- the row, so nothing here may guess.

-- "1.234,56" as "1234.56", in a file that writes a comma before decimals (audit/intake/rows/decimals.py).
CREATE OR REPLACE MACRO pointed(cell) AS translate(cell, ',.', '.');

-- "$1,234.50", "(45.00)", "45.00-", "-$45.00". A comma must stand at thousands: "1234,50" could be either and is NULL.
CREATE OR REPLACE MACRO money_of_text(cell) AS
    CASE
        WHEN
            regexp_full_match(
                replace(cell, chr(160), ' '),
                '\s*-?\s*\$?\s*-?(([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*)?|\.[0-9]+)\s*-?\s*'
                || '|\s*\(\s*\$?\s*(([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*)?|\.[0-9]+)\s*\)\s*'
            )
            -- One sign only: "-45.00-" is somebody's mistake.
            AND length(cell) - length(replace(cell, '-', '')) <= 1
            THEN
                TRY_CAST(
                    CASE WHEN contains(cell, '-') OR contains(cell, '(') THEN '-' ELSE '' END
                    || regexp_replace(cell, '[^0-9.]', '', 'g') AS DECIMAL(12, 2)
                )
    END;

CREATE OR REPLACE MACRO parse_money(cell) AS
    coalesce(
        CASE
            -- Nearly every cell is digits and a point, and reads at once.
            WHEN regexp_full_match(cell, '[0-9]+(\.[0-9]*)?') THEN TRY_CAST(cell AS DECIMAL(12, 2))
            WHEN regexp_full_match(cell, '\$[0-9]+(\.[0-9]*)?') THEN TRY_CAST(substr(cell, 2) AS DECIMAL(12, 2))
        END,
        -- A ledger's $ and dash for nought.
        CASE WHEN regexp_full_match(cell, '\$\s*[-\x{2013}\x{2014}]+') THEN CAST(0 AS DECIMAL(12, 2)) END,
        -- "USD 45.00", "45.00 USD", "US$45": the currency's name is no part of the number. (CR may be a payment or its opposite.)
        money_of_text(
            regexp_replace(
                regexp_replace(translate(cell, chr(8722) || chr(8211), '--'), '(?i)^\s*(usd\s*|us(\s*[$]))|\s*usd\s*$', '\2'),
                '^\s*\$\s*\(|^\s*\+', CASE WHEN contains(cell, '(') THEN '(' ELSE '' END
            )
        )
    );

-- "2 units", "2 UN", "UN:2", "x2": a word may say what is counted, and how long one is ("2 units (15 min)", "2 x 15 min").
-- "MJ30" and "30 min" are minutes, and no units.
CREATE OR REPLACE MACRO parse_units(cell) AS
    CASE
        WHEN regexp_full_match(cell, '[0-9]+(\.[0-9]*)?') THEN TRY_CAST(cell AS DECIMAL(9, 2))
        WHEN
            regexp_full_match(
                cell,
                '(?i)((un|unt|units?|u|qty|x|ea|each)[ :.=*#]*)?[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)\s*(un|unt|-?(timed |billed |service )?units?( billed)?|billed|svcs?|services?|unit\(s\)|\((un|units?)\)|u|ea|each|x)?\.?'
                || '(\s*(@|x|of|\()\s*15[ -]?min(ute)?s?\.?( each)?\)?)?'
            )
            THEN TRY_CAST(regexp_extract(cell, '-?([0-9]+(\.[0-9]*)?|\.[0-9]+)') AS DECIMAL(9, 2))
    END;

CREATE OR REPLACE MACRO parse_whole(cell) AS
    CASE
        WHEN ord(cell) BETWEEN 48 AND 57 AND strlen(cell) <= 2 AND NOT contains(cell, '.') THEN TRY_CAST(cell AS INTEGER)
        WHEN regexp_full_match(cell, '-?[0-9]+(\.0*)?')
            THEN TRY_CAST(split_part(cell, '.', 1) AS INTEGER)
    END;

-- "1h 15m", "PT1H15M", "1 hr", "1.5 hours", "1 hour and 15 minutes", "45 min", "45'": lengths that say their unit.
CREATE OR REPLACE MACRO parse_spoken_minutes(cell) AS
    CASE
        WHEN
            regexp_full_match(
                cell,
                '(?i)(PT)?(([0-9]+(\.[0-9]*)?|\.[0-9]+)\s*h((ou)?rs?|our\(s\)|r\(s\))?\.?)?[\s,]*(and)?\s*([0-9]+(\.0*)?\s*(m(in(ute)?(s|\(s\))?)?\.?|[''\x{2019}\x{2032}]))?'
            )
            AND regexp_matches(cell, '[0-9]')
            THEN
                CAST(
                    round(
                        coalesce(TRY_CAST(nullif(regexp_extract(cell, '(?i)([0-9.]+)\s*h', 1), '') AS DECIMAL(9, 4)), 0) * 60
                        + coalesce(TRY_CAST(nullif(regexp_extract(cell, '(?i)([0-9]+)(\.0*)?\s*[m''\x{2019}\x{2032}]', 1), '') AS INTEGER), 0)
                    ) AS INTEGER
                )
    END;

-- "0:38", "1:05:00", "0 days 00:38:00": hours and minutes on a clock's face. NULL where it is none of these.
CREATE OR REPLACE MACRO clocked_minutes(cell) AS
    CASE
        WHEN regexp_full_match(cell, '(0 days? )?[0-9]{1,3}:[0-5][0-9](:00)?')
            THEN
                TRY_CAST(regexp_extract(cell, '([0-9]+):', 1) AS INTEGER) * 60
                + TRY_CAST(split_part(cell, ':', 2) AS INTEGER)
    END;

-- "38", "38.0", "38 min", "38'", "1h 15m", "0:38". A part of a minute is not rounded, because one minute decides a unit.
CREATE OR REPLACE MACRO parse_minutes(cell) AS
    CASE
        WHEN ord(cell) BETWEEN 48 AND 57 AND strlen(cell) <= 2 AND TRY_CAST(cell AS TINYINT) IS NOT NULL THEN TRY_CAST(cell AS INTEGER)
        WHEN regexp_full_match(cell, '-?[0-9]+(\.0*)?')
            THEN TRY_CAST(split_part(cell, '.', 1) AS INTEGER)
        -- One visit takes no five hours: "8:00" and "15:00" may be minutes and seconds, or a clock time, and are not guessed.
        WHEN regexp_full_match(cell, '(0 days? )?0{0,2}[0-4]:[0-5][0-9](:00)?') THEN clocked_minutes(cell)
        ELSE parse_spoken_minutes(cell)
    END;

-- For a column that holds hours: "0.75" is 45 minutes, "0:45" too; "1,25" is not guessed.
CREATE OR REPLACE MACRO parse_hours(cell) AS
    CASE
        WHEN contains(cell, ':') THEN clocked_minutes(cell)
        WHEN regexp_full_match(cell, '([0-9]+(\.[0-9]*)?|\.[0-9]+)')
            THEN CAST(round(TRY_CAST(cell AS DECIMAL(9, 4)) * 60) AS INTEGER)
        ELSE parse_spoken_minutes(cell)
    END;
