-- "True", "yes", "1", "x": a mark that is set. NULL for a blank cell, and for what is neither yes nor no.
CREATE OR REPLACE MACRO parse_flag(cell) AS
    CASE
        WHEN regexp_full_match(cell, '(?i)[\s\x{a0}]*(true|t|yes|y|x|\*|\x{2713}|\x{2714}|1(\.0+)?)[\s\x{a0}]*') THEN TRUE
        WHEN regexp_full_match(cell, '(?i)[\s\x{a0}]*(false|f|no|n|0(\.0+)?)[\s\x{a0}]*') THEN FALSE
    END;
