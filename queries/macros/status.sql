-- The words of a status without those that say the opposite of a role: "zero pay", "not paid" and "payment denied" are no words of
-- payment, "not denied" is none of denial, "not processed" none of what is done, and what is sent again, or to the next payer,
-- has been sent.
CREATE OR REPLACE MACRO without_negation(words, status_role) AS
    CASE
        WHEN status_role = 'paid' THEN
            regexp_replace(
                words,
                '\b(zero|no|not|non|un|never|0|do not|stop) ?pa(y|id)\w*|\bpa(y|id)\w* (at )?(0|zero)($| [a-z])'
                || '|\bpayments? (was |is )?(den|dny|rej|declin|refus)\w*|\b(den|rej|declin|refus)\w* (for )?payments?$',
                ' ',
                'g'
            )
        WHEN status_role = 'void' OR status_role = 'reversal' OR status_role = 'denied' THEN
            regexp_replace(
                words, '\b(not|non|no|never|un) ?(void|cancel|delet|supersed|replac|revers|den(y|ied|ial)|reject)\w*', ' ', 'g'
            )
        WHEN status_role = 'unsent' AND regexp_matches(words, '\b(secondary|tertiary|patient|re(submi|bill)|correct|appeal)') THEN ''
        WHEN status_role = 'waiting' OR status_role = 'done' OR status_role = 'live' THEN
            regexp_replace(
                words,
                '\b(not|non|never|unable to|fail(ed|ure)? to|can ?not( be)?|could not( be)?|un|dis) ?'
                || '(accept|receiv|acknowledg|approv|allow|active|clean|current|collect|process(|ing)\b'
                || CASE status_role WHEN 'waiting' THEN ')\w*' ELSE '|process|adjudicat|final|complet|post|clos|settl)\w*' END,
                ' ',
                'g'
            )
        ELSE words
    END;

-- What a column says that is headed "Denied": yes, a date or a word for it; no is 'not denied'. `says` is what its words say as
-- a status.
CREATE OR REPLACE MACRO mark_of_denial(stated, says) AS
    CASE
        WHEN parse_flag(stated) THEN 'denied'
        WHEN NOT parse_flag(stated) THEN 'not denied'
        WHEN says = 'live' THEN 'not denied'
        WHEN says <> 'not known' THEN says
        -- From a list, so that the mark, which is long to read, is planned once.
        ELSE coalesce(['not denied', 'denied'][1 + CAST(parse_mark(stated) AS INTEGER)], 'not known')
    END;

-- A group of adjustments and its reason, whatever stands between them.
CREATE OR REPLACE MACRO group_and_reason() AS '\b(CO|PR|OA|PI|CR)[^A-Z0-9]{0,5}0*([1-9][0-9]{0,2}|[ABP][0-9]{1,2})\b';

-- The adjustment reason codes (835 CAS) of a cell: "CO-50", "CO 45; PR-1", "CO*45*20.00", "CO_97", "50", "[45, 97]",
-- "50 - Not deemed necessary".
CREATE OR REPLACE MACRO reason_codes(stated) AS
    CASE
        WHEN regexp_matches(upper(stated), group_and_reason())
            THEN regexp_extract_all(upper(stated), group_and_reason(), 2)
        WHEN regexp_full_match(upper(stated), '([\s,;|/\[\](){}''"]*0*([1-9][0-9]{0,2}(\.0+)?|[ABP][0-9]{1,2}))+[\s,;|/\[\](){}''"]*')
            THEN regexp_extract_all(upper(stated), '\b0*([1-9][0-9]{0,2}|[ABP][0-9]{1,2})(\.0+)?\b', 1)
        ELSE regexp_extract_all(upper(stated), '^\s*0*([1-9][0-9]{0,2}|[ABP][0-9]{1,2})\s*[-:]', 1)
    END;

-- What a reason without codes says: anything but words for none, for what was paid, and for a part of the price, is a denial.
CREATE OR REPLACE MACRO reason_in_words(words, says) AS
    CASE
        WHEN says = 'denied' OR says = 'contradicts itself' THEN 'denied'
        WHEN says <> 'not known' OR words = '' OR regexp_full_match(words, 'n|no|none|0|false|ok|y|yes|true|1') THEN 'nothing'
        WHEN regexp_matches(
            words, '\b(deductibl|co ?pay|co ?insur|contract|fee schedule|sequest|patient resp|write ?off|multiple procedure|mppr|discount|interest)\w*'
            || '|\b(usual|reasonable) and customary|\bucr\b'
        )
            THEN 'nothing'
        ELSE 'denied'
    END;

-- What an export says of a line: void and reversal from wherever they stand; else a mark of denial; else the line's own status,
-- where it is known, else its claim's. `mark` that says no is heard where neither status says more. 'nothing' where none is stated.
CREATE OR REPLACE MACRO line_says(of_line, of_claim, mark) AS
    CASE
        WHEN of_line = 'void' OR of_claim = 'void' OR mark = 'void' THEN 'void'
        WHEN of_line = 'reversal' OR of_claim = 'reversal' OR mark = 'reversal' THEN 'reversal'
        WHEN mark = 'denied' THEN 'denied'
        WHEN of_line <> 'not known' AND (of_line <> 'live' OR mark IS NULL) THEN of_line
        WHEN of_claim <> 'not known' AND (of_claim <> 'live' OR mark IS NULL) THEN of_claim
        ELSE coalesce(nullif(mark, 'nothing'), of_line, of_claim, 'nothing')
    END;
