-- How a cell of an export is made tidy, once, before anything is read from it: NULL where it is blank, else without what
-- stands around its value. These run on every cell of a file: the first branch is the cheap test that nearly all cells pass.

-- Blanks of every kind, line ends, control signs, and the signs without width that come with a copied text (U+007F to U+00A0,
-- U+00AD, U+1680, U+2000 to U+200F, U+2028 to U+202F, U+205F to U+206F, U+3000, U+FEFF). One literal, because anything
-- else is worked out again for each column of each file.
CREATE OR REPLACE MACRO blank_signs() AS
    E'\x20\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b'
    '\x1c\x1d\x1e\x1f'
    '\x7f\xc2\x80\xc2\x81\xc2\x82\xc2\x83\xc2\x84\xc2\x85\xc2\x86\xc2\x87\xc2\x88\xc2\x89\xc2\x8a\xc2\x8b\xc2\x8c'
    '\xc2\x8d\xc2\x8e\xc2\x8f\xc2\x90\xc2\x91\xc2\x92\xc2\x93\xc2\x94\xc2\x95\xc2\x96\xc2\x97\xc2\x98\xc2\x99\xc2\x9a'
    '\xc2\x9b\xc2\x9c\xc2\x9d\xc2\x9e\xc2\x9f\xc2\xa0\xc2\xad'
    '\xe1\x9a\x80\xe2\x80\x80\xe2\x80\x81\xe2\x80\x82\xe2\x80\x83\xe2\x80\x84\xe2\x80\x85\xe2\x80\x86\xe2\x80\x87'
    '\xe2\x80\x88\xe2\x80\x89\xe2\x80\x8a\xe2\x80\x8b\xe2\x80\x8c\xe2\x80\x8d\xe2\x80\x8e\xe2\x80\x8f'
    '\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad\xe2\x80\xae\xe2\x80\xaf'
    '\xe2\x81\x9f\xe2\x81\xa0\xe2\x81\xa1\xe2\x81\xa2\xe2\x81\xa3\xe2\x81\xa4\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa7'
    '\xe2\x81\xa8\xe2\x81\xa9\xe2\x81\xaa\xe2\x81\xab\xe2\x81\xac\xe2\x81\xad\xe2\x81\xae\xe2\x81\xaf'
    '\xe3\x80\x80\xef\xbb\xbf';

-- What exports write for "nothing here": one pattern, also in audit/intake/columns/shapes.py. One literal, as above.
CREATE OR REPLACE MACRO blank_words() AS
    '(?i)^(?:'
    '-*|[\x{2013}\x{2014}]+|\.+|\?+|n\s*/\s*a\.?|n\.\s*a\.?|na|nan|nat|nil|null|none( (reported|listed|on file))?|nonetype|no (modifiers?|data)|not (available|applicable|documented|recorded|provided|specified|entered|stated|on file|given|listed|reported|assigned)|\\n'
    '|[(<\[{]\s*((n/a|na|nan|nat|nil|null|none|blank|empty|unset|missing|no value)\s*)?[)>\]}]|\x22\s*\x22'
    '|#(n/?a|null!|ref!|value!|name\?|div/0!|num!)'
    ')$';

-- Begins between "0" and "z", ends with a visible ASCII sign: nothing to trim or unwrap. Left out are the first signs of words
-- for nothing (N, <, [, \, ?) and of ="97140". Texts are compared, because that costs a fifth of taking their first sign out.
CREATE OR REPLACE MACRO is_clean(cell) AS
    cell >= '0'
    AND cell < '{'
    AND NOT (cell >= '<' AND cell < '@')
    AND NOT (cell >= 'N' AND cell < 'O')
    AND NOT (cell >= '[' AND cell < ']')
    AND NOT (cell >= 'n' AND cell < 'o')
    AND substr(cell, -1) BETWEEN '!' AND '~';

-- One pass by trim(), no patterns: a file of a few rows takes longer to plan than to read, and patterns are most of that.
CREATE OR REPLACE MACRO trimmed(cell) AS trim(cell, blank_signs());

-- A spreadsheet is made to keep a text by ="97140" or by an apostrophe in front: the value is what these hold.
CREATE OR REPLACE MACRO unwrapped(cell) AS
    CASE
        WHEN ord(cell) = 39 OR ord(cell) = 8217 THEN trim(cell, blank_signs() || chr(39) || chr(8217))
        WHEN ord(cell) <> 61 THEN cell
        WHEN cell LIKE '="%"' THEN trim(substr(cell, 3, length(cell) - 3), blank_signs() || chr(39))
        WHEN cell LIKE '= "%"' THEN trim(substr(cell, 4, length(cell) - 4), blank_signs() || chr(39))
        WHEN cell LIKE '=T("%")' THEN trim(substr(cell, 5, length(cell) - 6), blank_signs() || chr(39))
        WHEN cell LIKE '=_%' AND translate(substr(cell, 2), '0123456789.', '') = '' THEN substr(cell, 2)
        ELSE cell
    END;

-- Trimming looks each sign up among the many, sixty times as long as to see that a visible ASCII sign stands at both ends.
CREATE OR REPLACE MACRO bare(cell) AS
    CASE
        WHEN cell >= '!' AND cell < E'\x7f' AND NOT (cell >= chr(39) AND cell < '(') AND NOT (cell >= '=' AND cell < '>')
            AND substr(cell, -1) BETWEEN '!' AND '~' THEN cell
        WHEN cell IS NOT NULL THEN list_transform([trimmed(cell)], lambda inner_text: unwrapped(inner_text))[1]
    END;

CREATE OR REPLACE MACRO is_blank(cell) AS
    CASE
        WHEN cell IS NULL THEN TRUE
        WHEN is_clean(cell) THEN FALSE
        -- A pattern, not IN (...): DuckDB makes a join of a long IN list, and runs that on every row, not in this branch.
        ELSE regexp_full_match(bare(cell), blank_words())
    END;

-- The wide digits and letters of Asian keyboards as the plain ones, and the blanks at which no line breaks ("9:00 AM") as a
-- plain one; the last signs have no width and are dropped.
CREATE OR REPLACE MACRO narrowed(cell) AS
    translate(
        cell,
        E'０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ．，：；／－（）＊＃'
        '\xc2\xa0\xe2\x80\x87\xe2\x80\x89\xe2\x80\xaf'
        '\xc2\xad\xe2\x80\x8b\xe2\x80\x8c\xe2\x80\x8d\xe2\x80\x8e\xe2\x80\x8f\xe2\x81\xa0\xef\xbb\xbf',
        '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,:;/-()*#    '
    );

-- What a number, date or code is read from.
CREATE OR REPLACE MACRO plain_value(cell) AS narrowed(bare(cell));

-- The text where it is none of the words. By way of a list, so that the text, which is long to work out, is written out once:
-- nullif() and CASE would plan it as often as they name it.
CREATE OR REPLACE MACRO without_words(text_of_cell, words) AS
    list_transform([text_of_cell], lambda inner_text: CASE WHEN NOT regexp_full_match(inner_text, words) THEN inner_text END)[1];

CREATE OR REPLACE MACRO tidy_text(cell) AS
    CASE
        WHEN is_clean(cell) THEN cell
        WHEN cell IS NOT NULL THEN without_words(bare(cell), blank_words())
    END;

-- As many bytes as signs: no sign among them is wide, or has no width.
CREATE OR REPLACE MACRO is_narrow(cell) AS strlen(cell) = length(cell);

CREATE OR REPLACE MACRO tidy_value(cell) AS
    CASE
        WHEN is_clean(cell) AND is_narrow(cell) THEN cell
        WHEN cell IS NOT NULL THEN without_words(plain_value(cell), blank_words())
    END;

-- Words that say of a number, date or code that it is not known or not there yet. Of a status or a payer they say something.
CREATE OR REPLACE MACRO unknown_words() AS
    '(?i)unknown|unkn?|undetermined|unspecified|undefined|pending|tbd|tba|to be (determined|announced|assigned)|not (yet )?known';

-- What a number, date or code is read from, blank also where such a word stands.
CREATE OR REPLACE MACRO tidy_known(cell) AS
    CASE
        WHEN NOT (is_clean(cell) AND is_narrow(cell))
            THEN without_words(plain_value(cell), '(?:' || blank_words() || ')|' || unknown_words())
        WHEN (cell >= 'P' AND cell < 'V') OR (cell >= 'p' AND cell < 'v')
            THEN CASE WHEN NOT regexp_full_match(cell, unknown_words()) THEN cell END
        ELSE cell
    END;

-- The shape of a cell that is not what its column holds, and may be anybody's name or number.
CREATE OR REPLACE MACRO masked(cell) AS
    left(regexp_replace(regexp_replace(cell, '[A-Za-z]|[^\x00-\x7f]', 'A', 'g'), '[0-9]', '9', 'g'), 200);

-- From here on every macro takes a tidy cell.

-- What stands where an id is not known, and would make one of several claims or patients: a word for it, noughts or nines alone.
CREATE OR REPLACE MACRO is_no_id(cell) AS
    regexp_full_match(
        cell,
        '(?i)0+|9{6,}|x{3,}|\*+|(unknown|unkn?|unassigned|unspecified|undefined|undetermined|missing|dummy|test|testing|pending|temporary|self|same|ditto|various|multiple|redacted|masked|hidden|removed|withheld|confidential|anonymous|de-?identified|default|blank|empty|new|no)( (patient|pt|claim|client|member|id|number|no\.?|npi))?|tbd|tba|to be (determined|announced|assigned)|not (yet )?(known|assigned)|same as above|see above|none( yet)?'
    );

-- Whether it may be one: a look at how it begins and ends, which costs half as much and lets nearly every id pass.
CREATE OR REPLACE MACRO may_be_no_id(cell) AS
    substr(cell, -1) > '9' OR cell < '1' OR (cell >= '999999' AND cell < '99999:');

-- What parse_npi() makes of words that say so, and what a form is filled with.
CREATE OR REPLACE MACRO is_no_npi(npi) AS npi = '0000000000' OR npi = '9999999999';

-- Codes are upper-cased; a spreadsheet's "11.0" loses the decimal it never had.
CREATE OR REPLACE MACRO parse_code(cell) AS
    CASE
        WHEN regexp_full_match(cell, '[A-Z0-9]+') THEN cell
        ELSE upper(regexp_replace(cell, '^([0-9]+)\.0*$', '\1'))
    END;

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

-- An id. "1001.0" is 1001, made a number on its way; one in scientific notation that lost digits is NULL.
-- So is a row of # that a spreadsheet shows for a number too wide for its column.
CREATE OR REPLACE MACRO parse_id(cell) AS
    CASE
        WHEN cell LIKE '##%' AND regexp_full_match(cell, '#+') THEN NULL
        WHEN NOT contains(cell, '.') AND NOT contains(cell, '+') THEN cell
        WHEN is_scientific(cell) THEN digits_of_scientific(cell)
        ELSE regexp_replace(cell, '^([0-9]+)\.0*$', '\1')
    END;

-- Ten digits, also where a spreadsheet made a number of them: "1247658447.0" and "1.247658447E9"; NULL where digits are lost.
-- Anything else tells persons apart, but may be a name: what stands for it can be told from its like and not be read.
CREATE OR REPLACE MACRO parse_npi(cell) AS
    CASE
        WHEN strlen(cell) = 10 AND TRY_CAST(cell AS BIGINT) > 999999999 AND NOT contains(lower(cell), 'e') THEN cell
        WHEN regexp_full_match(cell, '(?i)(npi)?[ :#]*[0-9]{10}(\.0*)?') THEN regexp_extract(cell, '[0-9]{10}')
        -- In groups, "1999-990-017": the check digit tells it from a telephone number.
        WHEN
            regexp_full_match(cell, '(?i)(npi)?[ :#]*[0-9]([- ]*[0-9]){9}')
            AND coalesce(npi_is_valid(regexp_replace(cell, '[^0-9]', '', 'g')), FALSE)
            THEN regexp_replace(cell, '[^0-9]', '', 'g')
        WHEN is_scientific(cell) THEN digits_of_scientific(cell)
        WHEN regexp_full_match(cell, '##+') THEN NULL
        WHEN is_no_id(cell) THEN '0000000000'
        ELSE 'not-an-npi-' || substr(sha256(cell), 1, 8)
    END;

-- What stands for the NPI of a person whom the export knows by name alone: the same for one name in either order, with credentials
-- or without, and not to be read. (MA and DO are surnames too.)
CREATE OR REPLACE MACRO parse_person(cell) AS
    'by-name-' || substr(
        sha256(
            nullif(
                array_to_string(
                    list_sort(
                        list_filter(
                            regexp_extract_all(upper(cell), '\p{L}+'),
                            lambda word : NOT regexp_full_match(
                                word,
                                'D?PT|M?S?PT|PTA|OTR?|OTRL|OTD|COTA|L?MT|L?MP|LMBT|BCTMB|RMT|DC|SLP|CCC|CFY?|MD|NP|PA|RN|ATC?|LAT|OCS|SCS|CSCS|CHT|MS|PHD|CERT|MDT|FAAOMPT|LAC'
                            )
                        )
                    ), ' '
                ), ''
            )
        ), 1, 8
    );
