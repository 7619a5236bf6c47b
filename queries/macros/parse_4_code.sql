-- Cells that hold a procedure code and more: its qualifier, its modifiers, its name. And several modifiers or diagnoses in one.

-- A cell as codes are looked for in it: capitals, no marks, and no qualifier or modifier glued to a code.
CREATE OR REPLACE MACRO code_text(cell) AS
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(upper(narrowed(cell)), '[®™©]|\bCPT-?4\b', ' ', 'g'), '_', ' ', 'g'
            ), '\b(CPT4?|HCPCS|HCPC|HC|HP|CODE|PROC)([0-9]{4}[0-9A-Z]|[A-Z][0-9]{4})\b', '\1 \2', 'g'
        ), '\b([0-9]{5})(X[0-9]{1,2}|([A-Z][A-Z0-9])([A-Z0-9]{2}){0,3})\b', '\1 \2', 'g'
    );

-- 97124.0 is a table's number and 97140.59 a code with its modifier; 97124.5 is neither, and no code. No code has an O: it is a
-- nought that was mistyped.
CREATE OR REPLACE MACRO codes_in(cell) AS
    list_filter(
        regexp_extract_all(
            regexp_replace(
                regexp_replace(code_text(cell), '\.0+\b', '', 'g'), '\b([0-9]{4}[0-9A-Z]|[A-Z][0-9]{4})\.([0-9]|[0-9]{3,})\b', ' ', 'g'
            ), '\b([0-9]{4}[0-9A-Z]|[A-Z][0-9]{4})\b'
        ),
        lambda code: code <> '00000' AND NOT contains(code, 'O')
    );

-- Rows of an account's ledger among its services: money that came or went, where a code would stand. A cell that begins with a
-- code is a service, whatever its description says ("97542 transfer to wheelchair"), unless it is the code and such a word alone.
CREATE OR REPLACE MACRO ledger_codes() AS
    '(PAY|PAID|PMT|PYMT|ADJ|WO|W/O|REF|RFND|BAL|BALANCE|TRF|TXFR|TFR|TRANS|TRANSFERS?|XFER|COINS|DED|DEDUCT|CPAY|COPAY|CREDIT|DEBIT|CASH|CHECK|CHK|EFT|ACH|VISA|SEQ'
    || '|DISCOUNT|INTEREST|INT|NSF|STMT|STATEMENT|DEPOSIT|PREPAY|PREPAYMENT|OVERPAYMENT|REBATE|WITHHOLD|CAPITATION|COLLECTIONS?|CHARITY|HARDSHIP|UNAPPLIED|REALLOCATION'
    || '|(CASH|CHK|CHECK|INS|PT|PAT|MC|MCR|PRI|SEC)[ -]?(PAY|ADJ|PMT|PYMT|WO)|(PAY|ADJ|PMT|PYMT)[ -]?(INS|PT|PAT|MC|MCR|CASH|CHK)|CONT(R|RACT)?[ -]?(ADJ|ALLOW)?'
    || '|BAL[ -]?FWD|BAD[ -]?DEBT|FIN[ -]?CHG|LATE[ -]?FEE|SALES TAX|TAX|ERA([ -]?POST)?|VOID|REVERSAL'
    || '|(CO|PR|OA|PI|CR)[ -]?[0-9]{1,3})S?[ .:#-]*[0-9]*';

CREATE OR REPLACE MACRO is_ledger_entry(cell) AS
    CASE
        WHEN regexp_matches(upper(cell), '^\W*(CPT|HCPCS|CODE)?\W*([0-9]{4}[0-9A-Z]|[A-Z][0-9]{4})\b')
            THEN regexp_full_match(upper(cell), '\W*(CPT|HCPCS|CODE)?\W*([0-9]{4}[0-9A-Z]|[A-Z][0-9]{4})\W+(PAYMENT|PA?Y?MT|ADJ|ADJUSTMENT|REFUND|WRITE-?\s?OFF|W/?O|VOID|REVERSAL)')
                AND NOT regexp_matches(upper(cell), '\b9894[0-3]\b')
        ELSE
            regexp_matches(
                upper(cell),
                '\b(PAYMENTS?|PMTS?|PYMTS?|PMNTS?|REFUNDS?|CO-?\s?PAY(MENT)?S?|CO-?INSURANCE|DEDUCTIBLE|WRITE-?\s?(OFF|DOWN)S?|WRITTEN OFF|CHARGE-?\s?OFFS?|TAKE-?\s?BACK'
                || '|RECOUP\w*|UNAPPLIED|BAD DEBT|SEQUESTRATION|CONTRACTUAL|ALLOWANCE|(CREDIT|DEBIT|GIFT) CARD|RETURN(ED)? CHECK|SMALL BALANCE|FINANCE CHARGE|LATE FEE|PAYPAL|ZELLE)\b'
                || '|\b(BALANCE|BAL)\.? (FORWARD|FWD|DUE|TRANSFER|XFER|BILL\w*|ADJ\w*)\b|\b(TRANSFER\w*|XFER|TRF|TRANS)\b.*\b(TO|FROM|OF|BALANCE|BAL|RESP\w*)\b'
                || '|\bDISC(OUNT)?\b'
            )
            OR regexp_full_match(upper(cell), ledger_codes())
            -- Adjusting a spine is a service.
            OR (
                regexp_matches(upper(cell), '\b(ADJUSTMENTS?|ADJ|ADJMT)\b')
                AND NOT regexp_matches(upper(cell), '\b9894[0-3]\b|SPIN|CHIRO|EXTREM|REGION|MANIP|CMT')
            )
    END;

-- A visit that was not kept, or a fee that is for no treatment, where a code would stand. What begins with a code is a service.
CREATE OR REPLACE MACRO is_no_visit(cell) AS
    NOT regexp_matches(upper(cell), '\b([0-9]{4}[0-9A-Z]|[A-Z][0-9]{4})\b')
    AND (
        regexp_full_match(upper(cell), '(N/?S|NSHOW|NOSH|DNA|DNKA|DNS|LC|LCX|LCXL|CX|CXL|CXLD|CANX|CANC|CNCL|NSF|NS[ -]?FEE|MISSED)[ .:#-]*[0-9]*')
        OR regexp_matches(
            upper(cell),
            '\bNO[ -]?SHOWS?\b|\bNO SHOWED\b|\bNOT SHOW\b|\b(LATE[ -]?)?CANCEL(S|LED|ED|LATIONS?|ATIONS?|LING|ING)?\b|\bMISSED (APPT|APPTS|APPOINTMENTS?|VISITS?|SESSIONS?)\b|\bDID NOT (ATTEND|COME|KEEP)\b|\bRESCHEDULED?\b|\bINSUFFICIENT FUNDS\b|\bBOUNCED CHE(CK|QUE)\b'
            || '|\b(LATE|NSF|NO[ -]?SHOW|RECORDS?|COPY|COPYING|COPIES|FORMS?|PAPERWORK|ADMIN|ADMINISTRATIVE|ADMINISTRATION|BOOKING|RETURNED CHE(CK|QUE)|BANK|PROCESSING|CONVENIENCE|MEMBERSHIP|REGISTRATION|STATEMENT|BILLING|REBILLING|COLLECTIONS?|FINANCE)\b.{0,20}\b(FEES?|CHARGES?)\b'
        )
    );

-- What the type of a ledger's row says of it: a 'service', an 'entry' that is none, a 'reversal' of either, as its sign tells,
-- NULL for a word that no ledger uses.
CREATE OR REPLACE MACRO ledger_word(cell) AS
    CASE
        WHEN regexp_full_match(
            upper(cell),
            '((CHARGE|CHG|SERVICE|PROCEDURE)S?( ENTRY)?[ -]*)?(VOID(S|ED)?|REVERS(AL|ALS|ED)|BACK(ED)?[ -]?OUTS?|CORRECTIONS?)|(VOID(ED)?|REVERSED|REVERSAL OF|CORRECTED|NEGATIVE) (CHARGE|CHG|SERVICE)S?'
        ) THEN 'reversal'
        WHEN regexp_full_match(upper(cell), '(NEW |PATIENT |CLAIM )?(CHARGES?|CHGS?|CHRGS?|SERVICES?|PROCEDURES?)( ENTRY)?') THEN 'service'
        WHEN is_ledger_entry(cell)
            OR regexp_full_match(
                upper(cell), 'BALANCE (TRANSFER|FORWARD)S?|TRANSFERS? ?(IN|OUT)|WRITE_?OFFS?|STATEMENTS?|NSF|INTEREST|LATE FEES?|TAX|DEPOSITS?'
            ) THEN 'entry'
    END;

-- The same of the kind of code that a row holds.
CREATE OR REPLACE MACRO code_type_word(cell) AS
    CASE
        WHEN regexp_full_match(upper(cell), 'CPT[ -]?4?|HCPCS?|CPT ?/ ?HCPCS') THEN 'service'
        WHEN is_ledger_entry(cell) OR regexp_full_match(
            upper(cell), 'ICD[ -]?(9|10)?([ -]?(CM|DX|PCS|SG|D))?|DX|DIAGNOSIS|TAX|CVX|PROD|DSM[ -]?(4|5|IV|V)?|SNOMED.*|LOINC|RXCUI|RXNORM|NDC'
        ) THEN 'entry'
    END;

-- The one procedure code of a cell; NULL where it has none or several, and for entries of a ledger. A number in scientific
-- notation is one where all its five digits stand there.
CREATE OR REPLACE MACRO parse_procedure(cell) AS
    CASE
        WHEN regexp_full_match(cell, '[1-9][0-9]{3}[0-9A-NP-Z]|[A-NP-Z][0-9]{4}') THEN cell
        WHEN regexp_full_match(cell, '(?i)[0-9]\.[0-9]+E\+?[0-9]+')
            THEN CASE WHEN regexp_full_match(cell, '(?i)[1-9]\.[0-9]{4}E\+?0?4') THEN left(cell, 1) || cell[3:6] END
        WHEN is_ledger_entry(cell) THEN NULL
        WHEN len(codes_in(cell)) = 1 THEN codes_in(cell)[1]
    END;

-- Modifiers of digits are known by their number, because 15 behind a code is rather minutes; and the letters that therapists
-- write, because others behind a code may be a word.
CREATE OR REPLACE MACRO modifier_of_digits() AS '2[2-9]|3[23]|47|5[0-9]|6[236]|7[346-9]|8[0-2]|9[0-35-79]';
CREATE OR REPLACE MACRO known_modifier() AS '(' || modifier_of_digits() || '|G[APOXYZN]|KX|C[QO]|X[EPSU]|RT|LT)';

-- What stands behind the code of a cell, without the words that only announce a modifier.
CREATE OR REPLACE MACRO behind_code(cell) AS
    regexp_replace(
        regexp_extract(
            regexp_replace(code_text(cell), '\.0+\b', '', 'g'), '(?s)\b([0-9]{4}[0-9A-Z]|[A-Z][0-9]{4})\b(.*)$', 2
        ), '\b(MODIFIERS?|MODS?|WITH|W/)|\bX[0-9]{1,2}\b', ' ', 'g'
    );

-- The modifiers behind the code: pairs of signs and nothing else, or known ones at once behind it and words after them. An
-- 837's HC:97140:59:GP holds any in its third to sixth place.
CREATE OR REPLACE MACRO modifiers_behind_code(cell) AS
    CASE
        WHEN regexp_full_match(upper(cell), '(?s)H[CP][:>^|*]\w{5}([:>^|*]\w{2})+([:>^|*].*)?')
            THEN regexp_extract_all(regexp_extract(upper(cell), '^H[CP].\w{5}((?:[:>^|*]\w{2})+)\b', 1), '\w{2}')
        ELSE
            list_transform(
                [behind_code(cell)],
                lambda rest: CASE
                    WHEN regexp_full_match(rest, '([^A-Z0-9]+([A-Z][A-Z0-9]|' || known_modifier() || '{1,4}))+[^A-Z0-9]*')
                        THEN regexp_extract_all(rest, '[A-Z0-9]{2}')
                    WHEN regexp_matches(rest, '^([^A-Z0-9]*\b' || known_modifier() || '\b)+\s*-?\s*(MIN|UNIT|REG|AREA|%|X)') THEN []
                    ELSE
                        regexp_extract_all(regexp_extract(rest, '^([^A-Z0-9]*\b' || known_modifier() || '{1,4}\b)+'), '[A-Z0-9]{2}')
                END
            )[1]
    END;

-- "59, GP", "59GP", "59-GP" -> [59, GP]. What is no pair of characters is left whole, for the rule on malformed codes to find;
-- letters that run on without a sign between them may be a word, and are parted where all are modifiers of therapy. Behind one
-- modifier its name may stand ("GP - Services under a plan of care").
CREATE OR REPLACE MACRO modifier_parts(cell) AS
    CASE
        WHEN cell IS NULL THEN CAST([] AS VARCHAR[])
        WHEN
            regexp_full_match(cell, '[A-Z0-9]{2}\s*[-:\x{2013}(]?\s+[^0-9]*[a-z]{4}[^0-9]*')
            AND NOT regexp_matches(cell[3:], '\b' || known_modifier() || '\b')
            THEN [cell[1:2]]
        ELSE
            flatten(
                list_transform(
                    list_filter(
                        -- A spreadsheet's 59.0 is 59.
                        string_split_regex(regexp_replace(upper(cell), '\b([0-9]{2})\.0+\b', '\1', 'g'), '[^A-Z0-9]+'),
                        lambda part: NOT regexp_full_match(part, '0{0,2}|AND|WITH|MOD|MODS|MODIFIERS?')
                    ),
                    lambda part: CASE
                        WHEN regexp_full_match(part, '([A-Z0-9]{2}){2,}') AND regexp_matches(part, '[0-9]') THEN regexp_extract_all(part, '..')
                        WHEN regexp_full_match(part, known_modifier() || '{2,}') THEN regexp_extract_all(part, '..')
                        ELSE [part]
                    END
                )
            )
    END;

-- A modifier, or the shape of what is none and may be a name.
CREATE OR REPLACE MACRO modifier_or_shape(part) AS
    CASE WHEN regexp_full_match(part, '[A-Z0-9]{2}') THEN part ELSE masked(part) END;

CREATE OR REPLACE MACRO parse_modifier(cell) AS
    CASE
        WHEN regexp_full_match(cell, '0{1,2}(\.0+)?') THEN NULL
        WHEN regexp_full_match(cell, '[A-Z0-9]{2}') THEN cell
        ELSE modifier_or_shape(upper(cell))
    END;

-- A line's modifiers where a cell of `cells` may hold several, or the code's cell holds some: in their places where each cell
-- holds one at most, else one behind the other, each once.
CREATE OR REPLACE MACRO modifiers_of(cells, code_cell) AS
    list_transform(
        [{
            'own': list_transform(cells, lambda cell: modifier_parts(cell)),
            'behind': coalesce(modifiers_behind_code(code_cell), CAST([] AS VARCHAR[]))
        }],
        lambda held: list_transform(
            CASE
                WHEN len(held.behind) = 0 AND coalesce(list_max(list_transform(held.own, lambda parts: len(parts))), 0) <= 1
                    THEN list_transform(held.own, lambda parts: parts[1])
                ELSE
                    list_reduce(
                        list_concat(flatten(held.own), held.behind),
                        lambda seen, part: CASE WHEN list_contains(seen, part) THEN seen ELSE list_append(seen, part) END,
                        CAST([] AS VARCHAR[])
                    )
            END,
            lambda part: modifier_or_shape(part)
        )
    )[1];

-- "M54.50; M62.81" -> M54.50, M62.81: the place-th of the diagnoses in one cell.
CREATE OR REPLACE MACRO diagnosis_part(cell, place) AS
    list_extract(list_filter(string_split_regex(cell, '[,;|/\s]+'), lambda part: part <> ''), place);
