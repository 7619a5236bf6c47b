-- How the text of an export's cell becomes text or a code. Every macro takes VARCHAR and gives NULL for a blank cell.
-- These run on every cell of a file: the first branch is the cheap test that nearly all cells pass.

-- Begins between "0" and "z", ends with a visible ASCII sign: nothing to trim. N is left out, because "N/A" begins so.
CREATE OR REPLACE MACRO is_clean(cell) AS
    ord(cell) BETWEEN 48 AND 122
    AND ord(cell) <> 78
    AND ord(cell) <> 110
    AND substr(cell, -1) BETWEEN '!' AND '~';

-- Blanks, tabs, line ends and the no-break blank that spreadsheets leave.
CREATE OR REPLACE MACRO trimmed(cell) AS trim(cell, ' ' || chr(9) || chr(10) || chr(13) || chr(160));

-- What exports write for "nothing here".
CREATE OR REPLACE MACRO is_blank(cell) AS
    CASE
        WHEN cell IS NULL THEN TRUE
        WHEN is_clean(cell) THEN FALSE
        ELSE
            -- A pattern, not IN (...): DuckDB makes a join of a long IN list, and runs that on every row, not in this branch.
            regexp_full_match(cell, '(?i)[\s\x{a0}]*(-{0,3}|\.|#?n/a|na|nan|null|none|\(blank\))[\s\x{a0}]*')
    END;

CREATE OR REPLACE MACRO parse_text(cell) AS
    CASE
        WHEN is_clean(cell) THEN cell
        WHEN is_blank(cell) THEN NULL
        ELSE trimmed(cell)
    END;

-- Codes are upper-cased; a spreadsheet's "97140.0" or "59.0" loses the decimal it never had.
CREATE OR REPLACE MACRO parse_code(cell) AS
    CASE
        -- Capitals and digits; words for nothing begin with N.
        WHEN regexp_full_match(cell, '[A-MO-Z0-9][A-Z0-9]*') THEN cell
        WHEN is_blank(cell) THEN NULL
        WHEN regexp_full_match(cell, '\s*([0-9]{1,2}|[0-9]{5})\.0+\s*') THEN split_part(trimmed(cell), '.', 1)
        ELSE upper(trimmed(cell))
    END;

-- Ten digits, also where a spreadsheet made a number of them: "1247658447.0" and "1.247658447E9".
CREATE OR REPLACE MACRO parse_npi(cell) AS
    CASE
        -- What else of ten signs is so large ("1.24765e+9") has lost digits: it stays as it is, and fails the check digit.
        WHEN strlen(cell) = 10 AND TRY_CAST(cell AS BIGINT) > 999999999 THEN cell
        WHEN is_blank(cell) THEN NULL
        WHEN regexp_full_match(cell, '\s*[0-9]+\.0*\s*|\s*[0-9]\.[0-9]+[eE]\+?[0-9]+\s*')
            THEN CAST(TRY_CAST(TRY_CAST(trim(cell) AS DOUBLE) AS BIGINT) AS VARCHAR)
        ELSE trimmed(cell)
    END;
