-- A mark of a row that is dead: a flag, a word for it, or the date on which it was set. Dates of noughts and of the end of
-- time are what databases write for "never"; -1 is Access's yes.
CREATE OR REPLACE MACRO parse_mark(cell) AS
    coalesce(
        parse_flag(cell),
        CASE
            WHEN is_blank(cell) THEN NULL
            WHEN regexp_full_match(cell, '(?i)[\s\x{a0}]*(v|void|voided|d|del|deleted|cancell?ed|reversed|inactive|archived|-1|\x{2611}|\x{2612})[\s\x{a0}]*')
                THEN TRUE
            WHEN regexp_full_match(cell, '(?i)[\s\x{a0}]*(a|active|valid|open|current|live|(not |non-?|un)(void|cancell?|delet|revers)(ed)?|\x{2610})[\s\x{a0}]*') THEN FALSE
            WHEN regexp_full_match(cell, '[\s0/:.T-]*|.*(9999|1900|1753|0001)[-/]?[0-9]{0,2}[-/]?[0-9]{0,2}.*') THEN FALSE
            WHEN regexp_full_match(cell, '\s*[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}([T ].*)?') OR parse_named_date(cell) IS NOT NULL
                THEN TRUE
        END
    );

-- The opposite: "Is Active" says 0 of a row that is dead, and a "Record Status" I, D or V.
CREATE OR REPLACE MACRO parse_inactive(cell) AS
    coalesce(
        NOT parse_flag(cell),
        CASE
            WHEN regexp_full_match(cell, '(?i)[\s\x{a0}]*(a|active|valid|current|open|live|-1|\x{2611}|\x{2612})[\s\x{a0}]*') THEN FALSE
            WHEN regexp_full_match(cell, '(?i)[\s\x{a0}]*(i|inactive|not active|d|del|deleted|v|void|voided|archived|\x{2610})[\s\x{a0}]*') THEN TRUE
        END
    );
