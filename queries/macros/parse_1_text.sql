-- How the text of an export's cell becomes text or a code. Every macro takes VARCHAR and gives NULL for a blank cell.
-- These run on every cell of a file: the first branch is the cheap test that nearly all cells pass.

-- Blanks of every kind, line ends, control signs, and the signs without width that come with a copied text.
CREATE OR REPLACE MACRO blank_signs() AS
    '[\x00-\x20\x7f-\xa0\xad\x{1680}\x{2000}-\x{200f}\x{2028}-\x{202f}\x{205f}-\x{206f}\x{3000}\x{feff}]*';

-- What exports write for "nothing here": one pattern, also in audit/intake/columns/shapes.py.
CREATE OR REPLACE MACRO blank_words() AS
    '-*|[\x{2013}\x{2014}]+|\.+|\?+|n\s*/\s*a\.?|n\.\s*a\.?|na|nan|nat|nil|null|none|not (available|applicable)|\\n'
    || '|[(<\[{]\s*(n/a|na|nan|nat|nil|null|none|blank|empty)\s*[)>\]}]'
    || '|#(n/?a|null!|ref!|value!|name\?|div/0!|num!)';

-- Begins between "0" and "z", ends with a visible ASCII sign: nothing to trim or unwrap. Left out are the first signs of words
-- for nothing (N, <, [, \, ?) and of ="97140".
CREATE OR REPLACE MACRO is_clean(cell) AS
    ord(cell) BETWEEN 48 AND 122
    AND ord(cell) <> 78
    AND ord(cell) <> 110
    AND NOT ord(cell) BETWEEN 60 AND 63
    AND NOT ord(cell) BETWEEN 91 AND 92
    AND substr(cell, -1) BETWEEN '!' AND '~';

CREATE OR REPLACE MACRO trimmed(cell) AS
    regexp_replace(cell, '^' || blank_signs() || '|' || blank_signs() || '$', '', 'g');

-- A spreadsheet is made to keep a text by ="97140" or by an apostrophe in front: the value is what these hold.
CREATE OR REPLACE MACRO bare(cell) AS
    CASE
        WHEN regexp_matches(cell, '^' || blank_signs() || '[=''\x{2019}]')
            THEN
                trimmed(
                    regexp_replace(
                        regexp_replace(trimmed(cell), '(?s)^=(?:"(.*)"|([0-9.]+))$', '\1\2'), '(?s)^[''\x{2019}](.*?)[''\x{2019}]?$', '\1'
                    )
                )
        ELSE trimmed(cell)
    END;

CREATE OR REPLACE MACRO is_blank(cell) AS
    CASE
        WHEN cell IS NULL THEN TRUE
        WHEN is_clean(cell) THEN FALSE
        ELSE
            -- A pattern, not IN (...): DuckDB makes a join of a long IN list, and runs that on every row, not in this branch.
            regexp_full_match(
                cell,
                '(?i)' || blank_signs() || '(=")?''?' || blank_signs() || '(' || blank_words() || ')' || blank_signs() || '''?"?'
                || blank_signs()
            )
    END;

CREATE OR REPLACE MACRO parse_text(cell) AS
    CASE
        WHEN is_clean(cell) THEN cell
        WHEN is_blank(cell) THEN NULL
        ELSE nullif(bare(cell), '')
    END;

-- What a number, date or code is read from: bare, without quotes, and with the wide digits and letters of Asian keyboards as
-- the plain ones.
CREATE OR REPLACE MACRO plain_value(cell) AS
    regexp_replace(
        translate(
            regexp_replace(bare(cell), '[\x{200b}-\x{200f}\x{2060}\x{feff}\xad]', '', 'g'),
            '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ．，：；／－（）＊＃',
            '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,:;/-()*#'
        ), '(?s)^"(.*)"$', '\1'
    );

-- The shape of a cell that is not what its column holds, and may be anybody's name or number.
CREATE OR REPLACE MACRO masked(cell) AS
    left(regexp_replace(regexp_replace(cell, '\p{L}', 'A', 'g'), '\p{N}', '9', 'g'), 200);

-- Codes are upper-cased; a spreadsheet's "11.0" loses the decimal it never had.
CREATE OR REPLACE MACRO parse_code(cell) AS
    CASE
        -- Capitals and digits; words for nothing begin with N.
        WHEN regexp_full_match(cell, '[A-MO-Z0-9][A-Z0-9]*') THEN cell
        WHEN is_blank(cell) THEN NULL
        ELSE upper(regexp_replace(plain_value(cell), '^([0-9]+)\.0*$', '\1'))
    END;

-- A diagnosis of the old code set may end in .0 and mean it.
CREATE OR REPLACE MACRO parse_diagnosis(cell) AS CASE WHEN NOT is_blank(cell) THEN upper(plain_value(cell)) END;

-- "1.24533E+09": a number as a spreadsheet shows it. Its digits are whole where as many stand behind the point as it says.
CREATE OR REPLACE MACRO is_scientific(cell) AS
    regexp_full_match(cell, '[0-9]([.,][0-9]*)?[eE]\+[0-9]+|[0-9][.,][0-9]*[eE][0-9]+');

CREATE OR REPLACE MACRO digits_of_scientific(cell) AS
    CASE
        WHEN
            TRY_CAST(regexp_extract(cell, '[0-9]+$') AS INTEGER) <= 14
            AND strlen(regexp_extract(cell, '[.,]([0-9]*)', 1)) >= TRY_CAST(regexp_extract(cell, '[0-9]+$') AS INTEGER)
            THEN
                left(
                    regexp_replace(regexp_extract(cell, '^[^eE]*'), '[.,]', ''),
                    TRY_CAST(regexp_extract(cell, '[0-9]+$') AS INTEGER) + 1
                )
    END;

-- An id. "1001.0" is 1001, made a number on its way; one in scientific notation that lost digits is NULL, and no blank cell.
CREATE OR REPLACE MACRO parse_id(cell) AS
    CASE
        WHEN is_clean(cell) AND NOT contains(cell, '.') AND NOT contains(cell, '+') THEN cell
        WHEN is_blank(cell) THEN NULL
        WHEN is_scientific(bare(cell)) THEN digits_of_scientific(bare(cell))
        ELSE nullif(regexp_replace(bare(cell), '^([0-9]+)\.0*$', '\1'), '')
    END;

-- Ten digits, also where a spreadsheet made a number of them: "1247658447.0" and "1.247658447E9"; NULL where digits are lost.
-- Anything else tells persons apart, but may be a name: what stands for it can be told from its like and not be read.
CREATE OR REPLACE MACRO parse_npi(cell) AS
    CASE
        WHEN strlen(cell) = 10 AND TRY_CAST(cell AS BIGINT) > 999999999 AND NOT contains(lower(cell), 'e') THEN cell
        WHEN is_blank(cell) THEN NULL
        WHEN regexp_full_match(plain_value(cell), '(?i)(npi)?[ :#]*[0-9]{10}(\.0*)?') THEN regexp_extract(plain_value(cell), '[0-9]{10}')
        WHEN is_scientific(plain_value(cell)) THEN digits_of_scientific(plain_value(cell))
        ELSE 'not-an-npi-' || substr(sha256(plain_value(cell)), 1, 8)
    END;
