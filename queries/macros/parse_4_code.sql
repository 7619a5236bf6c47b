-- Cells that hold more than one thing: several modifiers in one, or a code with its modifiers or its name behind it.

-- "59, GP", "59GP", "59-GP" -> [59, GP]. What is no pair of characters is left whole, for the rule on malformed codes to find.
CREATE OR REPLACE MACRO modifier_parts(cell) AS
    flatten(
        list_transform(
            -- A spreadsheet's 59.0 is 59.
            string_split_regex(regexp_replace(upper(cell), '\b([0-9]{2})\.0+\b', '\1', 'g'), '[^A-Z0-9]+'),
            lambda part: CASE WHEN strlen(part) % 2 = 0 THEN regexp_extract_all(part, '..') ELSE [part] END
        )
    );

CREATE OR REPLACE MACRO modifier_part(cell, place) AS
    CASE WHEN NOT is_blank(cell) THEN list_extract(modifier_parts(cell), place) END;

-- "M54.50; M62.81" -> M54.50, M62.81: the place-th of the diagnoses in one cell.
CREATE OR REPLACE MACRO diagnosis_part(cell, place) AS
    CASE
        WHEN NOT is_blank(cell)
            THEN
                nullif(
                    list_extract(
                        list_filter(string_split_regex(trimmed(cell), '[,;|/\s]+'), lambda part: part <> ''), place
                    ),
                    ''
                )
    END;

-- "97140-59", "97140 GP 59" and "97140: manual therapy" -> 97140; anything else is left as it stands.
CREATE OR REPLACE MACRO code_alone(cell) AS
    CASE
        WHEN regexp_full_match(cell, '\s*[A-Za-z0-9]{5}[^A-Za-z0-9].*') THEN regexp_extract(cell, '[A-Za-z0-9]{5}')
        ELSE cell
    END;

-- The modifiers behind the code in such a cell, NULL where what follows it is words.
CREATE OR REPLACE MACRO modifiers_behind_code(cell) AS
    CASE
        WHEN regexp_full_match(cell, '\s*[A-Za-z0-9]{5}([^A-Za-z0-9]+[A-Za-z0-9]{2})+\s*')
            THEN regexp_replace(trimmed(cell), '^.{5}[^A-Za-z0-9]+', '')
    END;
