-- The steps of reading a treatment note, in their order. docs/notes.md explains them. None holds a word of the lexicon.

-- Small letters and no accents. Words that count in capitals only leave a bare place where they stand in small letters: "goals
-- met." is no heading "Goals". The dot of a short word ("gr. III") is no full stop.
CREATE OR REPLACE MACRO note_in_small_letters(note_text) AS
    strip_accents(lower(note_text.note_mark(getvariable('note_small'), ' _ ')))
        .note_mark('(' || note_words('structure.dotted') || ')\.', '\1 ');

-- Characters that mean nothing here or stand for a mark become a space, sentence ends become newlines, quotes go.
-- A full stop ends a sentence unless a digit follows or a single letter stands before it ("n. glides").
CREATE OR REPLACE MACRO note_fold(note_text) AS
    note_mark(
        e'\n ' || translate(
            note_in_small_letters(note_text),
            chr(59) || '!*•·●▪' || e'\r' || chr(11) || chr(12) || '[]–—−' || e'\t#%<>{}|^~' || chr(160) || e'\'‘’`´"“”',
            e'\n\n\n\n\n\n\n\n\n\n' || '()---' || '           '
        ) || e' \n',
        '([\w)]{2}|\d|[^\w])\.+(\D)', e'\\1\n\\2'
    );

-- Headings become # or %, a dash between words parts phrases, one inside a word is a space.
CREATE OR REPLACE MACRO note_mark_sections(body) AS
    body
        .note_mark(note_heading(note_words('not_delivered.section')), e'\n#')
        .note_mark(note_heading(note_words('delivered.section')), e'\n%')
        .note_mark(' -+ | -+|-+ ', ' , ')
        .replace('-', ' ')
        .note_mark(' {2,}', ' ');

-- Names within which no other phrase begins ("muscle energy technique" for the hip, "trigger pt" to the levator) are held together,
-- and parted again before terms are looked for.
CREATE OR REPLACE MACRO note_hold_together(body) AS
    list_reduce(note_list_of('structure.whole'), lambda text, name : replace(text, name, replace(name, ' ', '_')), body);

CREATE OR REPLACE MACRO note_let_go(body) AS body.note_mark('([a-z0-9])_([a-z0-9])', '\1 \2');

-- Phrases of another meaning go, some with their whole sentence. A cue to relax and rest by other means are no aim.
CREATE OR REPLACE MACRO note_drop_excluded(body) AS
    note_hold_together(body)
        .note_mark(note_words('excluded'), ' ')
        .note_mark(note_pair('excluded.cue', 2, 'excluded.cued'), ' ')
        .note_mark(note_pair('excluded.means', 1, 'excluded.meant'), ' ')
        .note_mark('[^\n]*' || note_words('excluded.sentence') || '[^\n]*', ' ');

-- Context words become marks. A word inside a longer one of another reach is marked later than that one.
CREATE OR REPLACE MACRO note_mark_context(body) AS
    note_mark_no(note_mark_no(body))
        .note_mark(note_words('not_delivered.before'), '{B}')
        .note_mark(note_words('not_delivered.after'), '{A}')
        .note_mark(note_words('not_delivered.clause'), '{C}')
        .note_mark(note_words('not_delivered.phrase'), '{P}')
        .note_mark(note_words('not_delivered.either'), '{E}')
        .note_mark(note_words('not_delivered.around'), '{U}')
        .note_mark(note_words('not_delivered.onward'), '{O}')
        .note_mark(note_words('not_delivered.next'), '{N}')
        .note_mark(note_words('structure.break'), '|')
        .note_mark(note_words('delivered.verb'), '!')
        .note_mark(note_words('structure.stop'), '^')
        .note_mark(note_words('structure.and'), '&')
        .note_mark(note_words('structure.or'), '/');

-- Terms are marked. "and", "or" and commas then join the terms of a list, and "and" before anything else parts phrases.
-- At last relaxation that is said to be the aim ("for stress relief").
CREATE OR REPLACE MACRO note_mark_terms(body) AS
    note_let_go(body)
        .note_mark(note_every_term(), '<\0>')
        .note_mark('>\s*,?\s*[&/]\s*<', '> / <')
        .note_mark('>\s*,\s*(<[^<>]*>\s*/)', '> / \1')
        .note_mark('>\s*,\s*(<[^<>]*>\s*/)', '> / \1')
        .note_mark('&(\s*(?:\w+\s+)?(?:<|\{O\})|\s*[{!])', '|\1')
        .note_mark(note_relaxation_aim(), '<*\1\2>');

-- Negated terms go. First, a word of delivery with its context at once behind it ("performed last week"), and a context
-- alone in its phrase ("massage to neck (declined)"), are joined to what stands before them. A denial that heads a list
-- ("Not performed: massage, MFR") takes the list with it.
CREATE OR REPLACE MACRO note_drop_negated(body) AS
    note_drop_blank_labels(note_drop_blank_labels(body))
        .note_mark(note_list() || '(?: [^\s,()|^<>{}&#%!/:]+){0,2}[ !]*\{Z\}', ' ')
        .note_mark('!(\s*:?\s*(?:\w+\s+){0,2}\{[APCEU]\})', ' \1')
        .note_mark('[,(]\s*(\{[AE]\}[^,()|!<\n]*[,()|\n])', ' \1')
        .note_mark('([\n,(|!]\s*(?:\w+ ){0,3})\{[AE]\} *:[^\n|!]*', '\1')
        .note_mark(note_before('N', 1), ' ')
        .note_mark(note_before('BE', 4), ' ')
        .note_mark(note_after('AEU'), ' ');

-- Sections, clauses, phrases and ends of sentences go that are plan, history or advice.
CREATE OR REPLACE MACRO note_drop_undelivered(body) AS
    body
        .note_mark('#[^%]*', e'\n')
        .note_mark('\n\s*\{C\}[^|!\n]*|[^,()|!\n]*\{C\}[^,()|!\n]*', e'\n')
        .note_mark('[^,()|!\n]*\{P\}[^,()|!\n]*', ' ')
        .note_mark('\{[OU]\}[^|!\n]*', ' ');

-- The terms still marked in a text, each once, in alphabetical order.
CREATE OR REPLACE MACRO note_found(body) AS list_sort(list_distinct(regexp_extract_all(body, '<([^<>]*)>', 1)));

-- Aims among those found: terms that are no treatment and no relaxation.
CREATE OR REPLACE MACRO note_aims(found) AS
    list_filter(found, lambda term: NOT starts_with(term, '*') AND NOT list_contains(note_treatments(), term));
