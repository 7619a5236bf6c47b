-- The shapes that the reading of treatment notes looks for. queries/staging/21_note.sql puts these marks into a text
-- (characters that the text itself no longer holds, they were folded away first):
--   <term>   a term of the lexicon                {reach}  a context word, by the first letter of its reach
--   #  a section that is not treatment begins     %  a section that may be treatment begins
--   |  a new clause begins ("but")                !  a word of delivery ("performed"): a phrase ends here
--   ^  "no ..." does not reach across this word   & and /  join terms to a list
-- A phrase ends at a comma, a bracket, a dash, | or !, a sentence at a line end. Newlines are sentence ends.

-- A term as it stands in a text: whole words, every character literal.
CREATE OR REPLACE MACRO note_term(term) AS
    (CASE WHEN regexp_matches(term, '^\w') THEN '\b' ELSE '' END)
    || regexp_escape(term)
    || (CASE WHEN regexp_matches(term, '\w$') THEN '\b' ELSE '' END);

-- One alternative for each term, in the order given. No terms: a pattern that matches nothing.
CREATE OR REPLACE MACRO note_any(terms) AS
    '(?:' || coalesce(array_to_string(list_transform(terms, lambda t: note_term(t)), '|'), '\b\B') || ')';

-- The heading of a section: "P:", or alone on its line, or opening a line as "P - " or "P) ".
CREATE OR REPLACE MACRO note_heading(any_of) AS
    '(?:\s' || any_of || '\s*:|\n *' || any_of || ' *(?:[-).] |\n))';

-- An aim put together from a verb and its object, with up to two words between: "reduce lower back pain".
CREATE OR REPLACE MACRO note_aim(verb, object) AS verb || ' (?:[^\s,()|^<>{}&#%!/]+ ){0,2}' || object;

-- One term, or several joined: <a>, or <a> / <b>.
CREATE OR REPLACE MACRO note_list() AS '<[^<>]*>(?:\s*/\s*<[^<>]*>)*';

-- A context word, then its list of terms with up to `most` words between.
CREATE OR REPLACE MACRO note_before(reaches, most) AS
    '\{[' || reaches || ']\}[\s:]*(?:[^\s,()|^<>{}&#%!/]+\s+){0,' || most || '}' || note_list();

-- A list of terms, then its context word in the same phrase, or alone in the next one: "massage to neck (declined)".
CREATE OR REPLACE MACRO note_after(reaches) AS note_list() || '[^,()|!<\n#%]*\{[' || reaches || ']\}';

-- Characters that mean nothing here or stand for a mark become a space, sentence ends become newlines, quotes go.
CREATE OR REPLACE MACRO note_fold(note_text) AS
    regexp_replace(
        e'\n ' || translate(
            lower(note_text),
            chr(59) || '!?*•·●▪' || e'\r' || chr(11) || chr(12) || '[]–—−' || e'\t#%<>{}|^~' || chr(160) || e'\'‘’`´"“”',
            e'\n\n\n\n\n\n\n\n\n\n\n' || '()---' || '           '
        ) || e' \n',
        '([\w)]{2}|\d|[^\w])\.+(\D)', e'\\1\n\\2', 'g'
    );

-- A dash between words parts phrases, one inside a word is a space.
CREATE OR REPLACE MACRO note_dash(body) AS
    regexp_replace(replace(regexp_replace(body, ' -+ | -+|-+ ', ' , ', 'g'), '-', ' '), ' {2,}', ' ', 'g');

-- Puts a mark in the place of every match.
CREATE OR REPLACE MACRO note_mark(body, pattern, mark) AS regexp_replace(body, pattern, mark, 'g');

-- "and", "or", commas: joins the terms of a list, and parts what is none.
CREATE OR REPLACE MACRO note_join(body) AS
    note_mark(note_mark(note_mark(note_mark(
        body,
        '>\s*,?\s*[&/]\s*<', '> / <'),
        '>\s*,\s*(<[^<>]*>\s*/)', '> / \1'),
        '>\s*,\s*(<[^<>]*>\s*/)', '> / \1'),
        '&(\s*(?:\w+\s+)?<|\s*[{!])', '|\1');

-- A word of delivery followed at once by its context ("performed last week"), or a context alone in its phrase
-- ("massage to neck (declined)"), belongs to what stands before it.
CREATE OR REPLACE MACRO note_attach(body) AS
    note_mark(note_mark(
        body,
        '!(\s*(?:\w+\s+){0,2}\{[APCE]\})', ' \1'),
        '[,(]\s*(\{[AE]\}[^,()|!<\n]*[,()|\n])', ' \1');

-- Takes out terms under a negation.
CREATE OR REPLACE MACRO note_drop_negated(body) AS
    note_mark(note_mark(note_mark(
        body,
        note_before('N', 1), ' '),
        note_before('BE', 4), ' '),
        note_after('AE'), ' ');

-- Takes out sections, clauses, phrases and ends of sentences that are plan, history or advice.
CREATE OR REPLACE MACRO note_drop_undelivered(body) AS
    note_mark(note_mark(note_mark(note_mark(
        body,
        '#[^%]*', e'\n'),
        '\n\s*\{C\}[^|!\n]*|[^,()|!\n]*\{C\}[^,()|!\n]*', e'\n'),
        '[^,()|!\n]*\{P\}[^,()|!\n]*', ' '),
        '\{O\}[^|!\n]*', ' ');

-- The terms still marked in a text, each once, in alphabetical order.
CREATE OR REPLACE MACRO note_found(body) AS
    list_sort(list_distinct(regexp_extract_all(body, '<([^<>]*)>', 1)));

-- The pattern of one kind of lexicon term; constant during a statement, so it is compiled once.
CREATE OR REPLACE MACRO note_words(kind) AS note_any(getvariable('note_terms')[kind]);

-- The pattern of every term that is treatment, relaxation or aim; an aim put together goes before its parts.
CREATE OR REPLACE MACRO note_terms() AS
    '(?:' || note_aim(note_words('therapeutic_aim.verb'), note_words('therapeutic_aim.object')) || '|'
    || note_any(list_sort(
        list_concat(
            getvariable('note_terms')['massage'],
            getvariable('note_terms')['manual'],
            getvariable('note_terms')['ambiguous'],
            getvariable('note_terms')['relaxation'],
            getvariable('note_terms')['therapeutic_aim']
        ), 'DESC'
    )) || ')';

-- The terms of one class among those found.
CREATE OR REPLACE MACRO note_of_class(found, class) AS
    list_filter(found, lambda term: list_contains(coalesce(getvariable('note_terms')[class], []), term));

-- Aims among those found: terms that are no treatment and no relaxation.
CREATE OR REPLACE MACRO note_aims(found) AS
    list_filter(found, lambda term: NOT list_contains(
        list_concat(
            getvariable('note_terms')['massage'],
            getvariable('note_terms')['manual'],
            getvariable('note_terms')['ambiguous'],
            getvariable('note_terms')['relaxation']
        ), term
    ));
