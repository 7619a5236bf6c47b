-- How a tidy cell becomes a date or a clock time. NULL where it is neither.

-- A timestamp's clock part, which a date of service does not need, is cut off.
CREATE OR REPLACE MACRO date_part_of(cell) AS
    trim(
        regexp_replace(
            cell,
            '(?i)[T ]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?\s*([ap]\.?m\.?)?\s*(Z|UTC|[+-][0-9]{2}:?[0-9]{2})?\s*$',
            ''
        )
    );

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
        WHEN regexp_full_match(cell, '(?i).*[a-z]{3}.*[0-9]{4}')
            THEN
                plausible_date(
                    try_strptime(
                        regexp_replace(regexp_replace(cell, '(?i)^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?[, ]+', ''), '[-/., ]+', ' ', 'g'),
                        ['%d %b %Y', '%b %d %Y', '%d %B %Y', '%B %d %Y', '%d%b%Y']
                    )
                )
        WHEN regexp_full_match(cell, '(?i)[0-9]{1,2}[- /]?[a-z]{3}[- /]?[0-9]{2}')
            THEN plausible_date(try_strptime(regexp_replace(cell, '[-/ ]+', '', 'g'), '%d%b%y'))
    END;

-- "05/15/2024": month first, as American exports write it. The day-first twin serves files whose own values show it.
CREATE OR REPLACE MACRO parse_date(cell) AS
    coalesce(
        plausible_date(try_strptime(cell, '%m/%d/%Y')),
        CASE
            WHEN regexp_full_match(date_part_of(cell), '[0-9]{1,2}([-/.])[0-9]{1,2}[-/.]([0-9]{4}|[0-9]{2})')
                THEN
                    coalesce(
                        plausible_date(try_strptime(translate(date_part_of(cell), '-.', '//'), '%m/%d/%Y')),
                        plausible_date(try_strptime(translate(date_part_of(cell), '-.', '//'), '%m/%d/%y'))
                    )
            ELSE parse_named_date(date_part_of(cell))
        END
    );

CREATE OR REPLACE MACRO parse_date_day_first(cell) AS
    CASE
        WHEN regexp_full_match(date_part_of(cell), '[0-9]{1,2}([-/.])[0-9]{1,2}[-/.]([0-9]{4}|[0-9]{2})')
            THEN
                coalesce(
                    plausible_date(try_strptime(translate(date_part_of(cell), '-.', '//'), '%d/%m/%Y')),
                    plausible_date(try_strptime(translate(date_part_of(cell), '-.', '//'), '%d/%m/%y'))
                )
        ELSE parse_named_date(date_part_of(cell))
    END;

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
        WHEN regexp_full_match(cell, '.*[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?\s*(Z|UTC|[+-][0-9]{2}:?[0-9]{2})?')
            THEN
                try_strptime(
                    regexp_extract(cell, '([0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)(\.[0-9]+)?\s*(Z|UTC|[+-][0-9]{2}:?[0-9]{2})?$', 1),
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
