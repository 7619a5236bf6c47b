-- How the text of a cell becomes an amount, units, minutes or a whole number. NULL where the text is none of these:
-- intake compares that with is_blank() and rejects the row, so nothing here may guess.

-- "$1,234.50", "(45.00)", "45.00-", "-$45.00". A comma must stand at thousands: "1234,50" could be either and is NULL.
CREATE OR REPLACE MACRO parse_money(cell) AS
    coalesce(
        CASE
            -- Nearly every cell is digits and a point, and reads at once.
            WHEN regexp_full_match(cell, '[0-9]+(\.[0-9]*)?') THEN TRY_CAST(cell AS DECIMAL(12, 2))
            WHEN regexp_full_match(cell, '\$[0-9]+(\.[0-9]*)?') THEN TRY_CAST(substr(cell, 2) AS DECIMAL(12, 2))
        END,
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
        END
    );

CREATE OR REPLACE MACRO parse_units(cell) AS
    CASE
        WHEN regexp_full_match(cell, '[0-9]+(\.[0-9]*)?') THEN TRY_CAST(cell AS DECIMAL(9, 2))
        WHEN regexp_full_match(cell, '\s*[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)\s*')
            THEN TRY_CAST(trim(cell) AS DECIMAL(9, 2))
    END;

CREATE OR REPLACE MACRO parse_whole(cell) AS
    CASE
        WHEN ord(cell) BETWEEN 48 AND 57 AND strlen(cell) <= 2 AND NOT contains(cell, '.') THEN TRY_CAST(cell AS INTEGER)
        WHEN regexp_full_match(cell, '\s*-?[0-9]+(\.0*)?\s*')
            THEN TRY_CAST(split_part(trim(cell), '.', 1) AS INTEGER)
    END;

-- "38", "38.0", "38 min". A part of a minute is not rounded, because one minute decides a unit.
CREATE OR REPLACE MACRO parse_minutes(cell) AS
    CASE
        WHEN ord(cell) BETWEEN 48 AND 57 AND strlen(cell) <= 2 AND NOT contains(cell, '.') THEN TRY_CAST(cell AS INTEGER)
        WHEN regexp_full_match(cell, '\s*-?[0-9]+(\.0*)?\s*')
            THEN TRY_CAST(split_part(trim(cell), '.', 1) AS INTEGER)
        WHEN regexp_full_match(cell, '(?i)\s*[0-9]+(\.0*)?\s*m(in(ute)?s?\.?)?\s*')
            THEN TRY_CAST(regexp_extract(cell, '[0-9]+') AS INTEGER)
    END;

-- For a column whose header says hours: "0.75" and "1,25" are not guessed; "0.25" is 15 minutes; "0:45" too is taken.
CREATE OR REPLACE MACRO parse_hours(cell) AS
    CASE
        WHEN regexp_full_match(cell, '\s*[0-9]{1,3}:[0-5][0-9](:00)?\s*')
            THEN
                TRY_CAST(split_part(trim(cell), ':', 1) AS INTEGER) * 60
                + TRY_CAST(split_part(trim(cell), ':', 2) AS INTEGER)
        WHEN regexp_full_match(cell, '\s*([0-9]+(\.[0-9]*)?|\.[0-9]+)\s*')
            THEN CAST(round(TRY_CAST(trim(cell) AS DECIMAL(9, 4)) * 60) AS INTEGER)
    END;
