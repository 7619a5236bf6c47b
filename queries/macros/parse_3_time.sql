-- How a tidy cell becomes a date or a clock time. NULL where it is neither.

-- A timestamp's clock part and its zone, a day of the week and a qualifier of an 837 ("D8:"), which a date of service does not
-- need, are cut off: "Mon 11/03/2025", "2025-11-03T10:00Z", "Mon Nov 03 10:00:00 2025" keep their dates alone.
CREATE OR REPLACE MACRO clock_of_date() AS
    '(?i)[T ,]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?\s*([ap]\.?m\.?)?\s*(Z|UTC|GMT|[A-Z]{1,2}[SD]?T)?\s*(?:[+-][0-9]{2}(?::?[0-9]{2})?)?\s*(\([a-z ]+\))?';
CREATE OR REPLACE MACRO without_clock(cell) AS
    trim(
        regexp_replace(
            regexp_replace(
                regexp_replace(cell, clock_of_date() || '\s*$', ''),
                clock_of_date() || '\s+([0-9]{4})$', ' \6'
            ),
            -- A zone behind a bare day, and clock times without a colon: "20251103T100000", "20251103100000".
            -- And a datetime of SAS: "03NOV2025:10:00:00".
            '(?i)^([0-9]{8})T?[0-9]{6}(\.[0-9]+)?Z?$|^([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})$'
            || '|^([0-9]{1,2}[a-z]{3}[0-9]{4}):[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]*)?)?$', '\1\3\5'
        )
    );

CREATE OR REPLACE MACRO date_part_of(cell) AS
    CASE
        WHEN regexp_full_match(cell, '[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}') THEN cell
        -- "11032025", of which a spreadsheet may have taken a leading nought: it is told from 20251103 by its last four digits.
        WHEN regexp_full_match(cell, '(0?[1-9]|[1-3][0-9])[0-3][0-9](19|20)[0-9]{2}')
            THEN lpad(cell, 8, '0')[1:2] || '/' || lpad(cell, 8, '0')[3:4] || '/' || lpad(cell, 8, '0')[5:8]
        ELSE
            trim(
                regexp_replace(
                    without_clock(cell),
                    '(?i)^(R?D8:|(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\b[., ]*)|[, ]*\(?\b(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\)?$',
                    '', 'g'
                )
            )
    END;

-- A year outside these is a slip of the keyboard or a wrong column.
CREATE OR REPLACE MACRO plausible_date(moment) AS
    CASE WHEN moment >= TIMESTAMP '1900-01-01' AND moment < TIMESTAMP '2100-01-01' THEN CAST(moment AS DATE) END;

-- Shapes in which day and month cannot be confused: 2024-05-15, 20240515, 15-May-2024, May 15, 2024, a spreadsheet's 45427.
CREATE OR REPLACE MACRO parse_named_date(cell) AS
    CASE
        WHEN regexp_full_match(cell, '[0-9]{5}(\.[0-9]+)?')
            THEN
                CASE
                    WHEN TRY_CAST(split_part(cell, '.', 1) AS INTEGER) BETWEEN 20000 AND 73050
                        THEN DATE '1899-12-30' + TRY_CAST(split_part(cell, '.', 1) AS INTEGER)
                END
        WHEN regexp_full_match(cell, '[0-9]{8}(\.0*)?') THEN plausible_date(try_strptime(cell[1:8], '%Y%m%d'))
        WHEN regexp_full_match(cell, '[0-9]{4}([-/.])[0-9]{1,2}[-/.][0-9]{1,2}')
            THEN plausible_date(try_strptime(translate(cell, '/.', '--'), '%Y-%m-%d'))
        WHEN regexp_full_match(cell, '(?i).*[a-z]{3}.*[0-9]{4}|[0-9]{4}[-/. ]+[a-z]{3,9}[-/. ]+[0-9]{1,2}')
            THEN
                plausible_date(
                    try_strptime(
                        regexp_replace(regexp_replace(cell, '(?i)\b([0-9]{1,2})(st|nd|rd|th)\b', '\1'), '[-/., ]+', ' ', 'g'),
                        ['%d %b %Y', '%b %d %Y', '%d %B %Y', '%B %d %Y', '%d%b%Y', '%Y %b %d', '%Y %B %d']
                    )
                )
        WHEN regexp_full_match(cell, '(?i)[0-9]{1,2}[- /]?[a-z]{3}[- /]?[0-9]{2}')
            THEN plausible_date(try_strptime(regexp_replace(cell, '[-/ ]+', '', 'g'), '%d%b%y'))
    END;

-- "05/15/2024": month first, as American exports write it. The day-first twin serves files whose own values show it. The part
-- that is a date is worked out once, as the one item of a list: a macro's argument is written out wherever it stands in it, and
-- a small file took longer to plan than to read.
CREATE OR REPLACE MACRO date_in_order(day, in_order) AS
    CASE
        WHEN regexp_full_match(day, '[0-9]{1,2}([-/.])[0-9]{1,2}[-/.]([0-9]{4}|[0-9]{2})')
            THEN
                coalesce(
                    plausible_date(try_strptime(translate(day, '-.', '//'), in_order || '/%Y')),
                    plausible_date(try_strptime(translate(day, '-.', '//'), in_order || '/%y'))
                )
        ELSE parse_named_date(day)
    END;

CREATE OR REPLACE MACRO date_written(cell, in_order) AS
    coalesce(
        plausible_date(try_strptime(cell, in_order || '/%Y')),
        list_transform([date_part_of(cell)], lambda day : date_in_order(day, in_order))[1]
    );

CREATE OR REPLACE MACRO parse_date(cell) AS date_written(cell, '%m/%d');
CREATE OR REPLACE MACRO parse_date_day_first(cell) AS date_written(cell, '%d/%m');

-- "9:05 AM", "9:05a", "14:30", "14:30:00", "0905", the clock part of a timestamp, a spreadsheet's fraction of a day.
CREATE OR REPLACE MACRO time_of_text(cell) AS
    CASE
        WHEN regexp_full_match(cell, '[0-9]{3,4}') THEN try_strptime(lpad(cell, 4, '0'), '%H%M')
        WHEN regexp_full_match(cell, '0?\.[0-9]+')
            THEN TIMESTAMP '2000-01-01' + to_seconds(CAST(round(TRY_CAST(cell AS DOUBLE) * 86400) AS INTEGER))
        WHEN regexp_full_match(cell, '(?i)[0-9]{1,2}\s*[ap]\.?m\.?')
            THEN try_strptime(regexp_replace(upper(cell), '[^0-9APM]', '', 'g'), '%I%p')
        WHEN regexp_full_match(cell, '(?i).*[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?\s*[ap]\.?(m\.?)?')
            THEN
                try_strptime(
                    replace(regexp_extract(upper(cell), '([0-9]{1,2}:[0-9]{2})', 1), ' ', '')
                    || regexp_extract(upper(cell), '([AP])\.?(M\.?)?$', 1) || 'M',
                    '%I:%M%p'
                )
        WHEN regexp_full_match(cell, '.*[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?\s*(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)?')
            THEN
                try_strptime(
                    regexp_extract(cell, '([0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)(\.[0-9]+)?\s*(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)?$', 1),
                    ['%H:%M:%S', '%H:%M']
                )
    END;

CREATE OR REPLACE MACRO parse_time(cell) AS
    CAST(
        coalesce(
            try_strptime(cell, ['%I:%M %p', '%H:%M', '%H:%M:%S']),
            time_of_text(cell)
        ) AS TIME
    );
