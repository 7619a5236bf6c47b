-- A payer's name for comparing: lower case, apostrophes dropped, other punctuation to blanks, blanks folded.
CREATE OR REPLACE MACRO payer_key(payer_name) AS
    trim(regexp_replace(regexp_replace(lower(payer_name), '[''’‘`´]', '', 'g'), '[^a-z0-9]+', ' ', 'g'));

-- Who pays before or behind the payer may stand behind its name in brackets ("Cigna (Medicare Secondary)"): another payer, so
-- nothing of it says who this one is. A plan's word in the brackets may be the payer's own ("Aetna (Medicare PPO Primary)").
CREATE OR REPLACE MACRO payer_without_other(payer_name) AS
    CASE
        WHEN regexp_matches(lower(payer_name), '\(.*\b(hmo|ppo|pffs|advantage|adv|plan|part c|replacement|managed|plus|gold)\b.*\)')
            THEN payer_name
        ELSE
            regexp_replace(
                payer_name,
                '(?i)([a-z].*)\(\s*[a-z&]+(\s+[a-z&]+){0,2}\s+(primary|prim|1st|secondary|2ndary|2nd|sec|tertiary|3rd)\s*\)', '\1'
            )
    END;

-- A payer id that names no payer: a word, or one sign over and over (00000, 99999).
CREATE OR REPLACE MACRO is_placeholder_id(payer_id) AS
    NOT regexp_matches(payer_id, '[0-9]') OR replace(payer_id, payer_id[1], '') = '';

-- Who pays alone may be named beside it ("Self pay - Roe, Ann"): then the words of self-pay are all that is kept of the payer.
-- Words of tariffs and of the practice name nobody.
CREATE OR REPLACE MACRO payer_without_person(payer_name) AS
    CASE
        WHEN
            regexp_matches(payer_name, '(?i)\b(self|private|patient)[ -]*pay(s|ing|ment)?\b')
            AND regexp_matches(
                regexp_replace(
                    payer_key(payer_name),
                    '\b(self|private|patient|pay|pays|paying|payment|payer|cash|uninsured|no|not|insurance|insured|plan|discount|'
                    || 'discounted|sliding|scale|fee|fees|rate|rates|schedule|program|package|packages|wellness|prompt|account|'
                    || 'accounts|responsibility|out|of|pocket|pt|ot|st|therapy|adult|child|visit|visits|only|default|standard|'
                    || 'medicare|medicaid|non|for|at|time|service|services|the|and|by|with|without)\b', ' ', 'g'
                ), '[a-z]'
            )
            THEN regexp_extract(payer_name, '(?i)\b(self|private|patient)[ -]*pay(s|ing|ment)?\b')
        ELSE payer_name
    END;
