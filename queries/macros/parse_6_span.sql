-- Cells that hold a first and a last: "9:00 AM - 9:45 AM", "0900-0945", "11/13/2025 - 11/13/2025", "11/13/2025 9:00-9:45".
-- A cell that is no such span is its own first part and has no last one.

-- Two dates with a comma between are rather two services; two clock times are always a span.
CREATE OR REPLACE MACRO span_sign() AS '\s*(?:[-=]+>?|[\x{2010}-\x{2015}\x{2192}]|~|/|\.\.+|\bto\b|\bthru\b|\bthrough\b|\buntil\b|\btill\b)\s*';
CREATE OR REPLACE MACRO clock_sign() AS
    '(?:' || span_sign() || '|\s*(?:[,;|&\n]|\band\b|,?\s*\b(?:time )?(?:out|end|stop|finish)\b\s*:?)\s*)';
CREATE OR REPLACE MACRO clock_shape() AS '[0-9]{1,2}(?::[0-9]{2}){1,2}\s*(?:[ap]\.?m?\.?)?|[0-9]{3,4}\s*(?:[ap]\.?m?\.?)?|[0-9]{1,2}\s*[ap]\.?m?\.?';
CREATE OR REPLACE MACRO date_shape() AS
    '[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}|[0-9]{8}|[0-9]{1,2}[- ]?[a-z]{3,9}[- ,]*[0-9]{2,4}|[a-z]{3,9}\.? [0-9]{1,2},? [0-9]{4}';

-- A span's clock times with colons: "10-10:30" begins at ten, and "10.00-10.30" and "10h00-10h30" are times as well.
CREATE OR REPLACE MACRO with_colons(cell) AS
    regexp_replace(
        regexp_replace(
            lower(cell), '(^|[ t])([0-9]{1,2})(\s*(?:[-\x{2010}-\x{2015}~]|\bto\b)\s*[0-9]{1,2}:[0-9]{2})', '\1\2:00\3'
        ),
        '(^|[ t])([0-9]{1,2})[.h]([0-9]{2})(' || span_sign() || ')([0-9]{1,2})[.h]([0-9]{2})\b', '\1\2:\3\4\5:\6'
    );

-- A span's clock times as {first, last}, NULL where the cell is none. Days that stand before the times are left out.
CREATE OR REPLACE MACRO clock_span(cell) AS
    regexp_extract(
        with_colons(cell),
        '^(?:(?:' || date_shape() || ')[ t,]+)?(?:(?:from|time in|in|start|begin)\b\s*:?\s*)?(' || clock_shape() || ')' || clock_sign()
        || '(?:(?:' || date_shape() || ')[ t,]+)?(' || clock_shape() || ')(?:\s*[ecmp][sd]?t)?(?:\s*\(.*\))?$', ['first', 'last']
    );

-- Likewise a span's dates, with or without clock times behind them.
CREATE OR REPLACE MACRO date_span(cell) AS
    regexp_extract(
        lower(cell),
        '^(?:from\s+)?(' || date_shape() || ')(?:[ t,]+(?:' || clock_shape() || '))?' || span_sign()
        || '(' || date_shape() || ')(?:[ t,]+(?:' || clock_shape() || '))?$', ['first', 'last']
    );

CREATE OR REPLACE MACRO half_of(clock) AS nullif(regexp_extract(clock, '([ap])\.?m?\.?\s*$', 1), '');
CREATE OR REPLACE MACRO face_minutes(clock) AS
    TRY_CAST(regexp_extract(lpad(regexp_replace(clock, '[^0-9:]', '', 'g'), 4, '0'), '^([0-9]{1,2})', 1) AS INTEGER) % 12 * 60
    + coalesce(TRY_CAST(nullif(regexp_extract(regexp_replace(clock, '[^0-9:]', '', 'g'), '([0-9]{2})(?::[0-9]{2})?$', 1), '') AS INTEGER), 0);

-- One AM or PM serves both times, unless the first would then be the later one: "11:30 - 12:15 PM" begins in the morning.
CREATE OR REPLACE MACRO clock_with_half(clock, other, is_in_order) AS
    CASE
        WHEN half_of(clock) IS NOT NULL OR half_of(other) IS NULL THEN clock
        WHEN is_in_order THEN clock || ' ' || half_of(other) || 'm'
        ELSE clock || CASE half_of(other) WHEN 'a' THEN ' pm' ELSE ' am' END
    END;

CREATE OR REPLACE MACRO is_in_order(span) AS face_minutes(span.first) <= face_minutes(span.last);

CREATE OR REPLACE MACRO first_clock(cell) AS
    coalesce(
        list_transform(
            [clock_span(cell)],
            lambda span: CASE WHEN span.first <> '' THEN clock_with_half(span.first, span.last, is_in_order(span)) END
        )[1], cell
    );

CREATE OR REPLACE MACRO last_clock(cell) AS
    list_transform(
        [clock_span(cell)], lambda span: CASE WHEN span.first <> '' THEN clock_with_half(span.last, span.first, is_in_order(span)) END
    )[1];

CREATE OR REPLACE MACRO first_date(cell) AS
    CASE
        WHEN coalesce(date_span(cell).first, '') <> '' THEN date_span(cell).first
        -- A day with its clock times, first and last.
        WHEN coalesce(clock_span(cell).first, '') <> '' THEN nullif(regexp_extract(lower(cell), '^(' || date_shape() || ')[ t,]', 1), '')
        ELSE cell
    END;

CREATE OR REPLACE MACRO last_date(cell) AS nullif(date_span(cell).last, '');
