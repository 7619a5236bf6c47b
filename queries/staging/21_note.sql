-- One row per distinct note: which treatment terms it shows as delivered. docs/notes.md explains the steps.
CREATE OR REPLACE TABLE note AS
WITH distinct_note AS (
    SELECT
        min(line_id) AS note_id,
        note_text
    FROM claim_row
    WHERE regexp_matches(note_text, '[^\s]')
    GROUP BY note_text
),

-- Letters in lower case, one kind of each mark, headings found, words of another meaning taken out.
folded_note AS (
    SELECT
        note_id,
        note_text,
        note_mark(note_mark(note_dash(note_mark(note_mark(
            note_fold(note_text),
            note_heading(note_words('not_delivered.section')), e'\n#'),
            note_heading(note_words('delivered.section')), e'\n%')),
            note_words('excluded'), ' '),
            '[^\n]*' || note_words('excluded.sentence') || '[^\n]*', ' ') AS body
    FROM distinct_note
),

-- Context words become marks, the longest kinds of phrase first.
context_note AS (
    SELECT
        note_id,
        note_text,
        note_mark(note_mark(note_mark(note_mark(note_mark(note_mark(note_mark(
            body,
            note_words('not_delivered.before'), '{B}'),
            note_words('not_delivered.after'), '{A}'),
            note_words('not_delivered.clause'), '{C}'),
            note_words('not_delivered.phrase'), '{P}'),
            note_words('not_delivered.either'), '{E}'),
            note_words('not_delivered.onward'), '{O}'),
            note_words('not_delivered.next'), '{N}') AS body
    FROM folded_note
),

-- Words that part or join phrases become marks, then the terms are marked, then lists are closed up.
marked_note AS (
    SELECT
        note_id,
        note_text,
        note_attach(note_join(note_mark(note_mark(note_mark(note_mark(note_mark(note_mark(
            body,
            note_words('structure.break'), '|'),
            note_words('delivered.verb'), '!'),
            note_words('structure.stop'), '^'),
            note_words('structure.and'), '&'),
            note_words('structure.or'), '/'),
            note_terms(), '<\0>'))) AS body
    FROM context_note
),

-- What is negated goes. An aim counts wherever it is stated, a treatment only where it was delivered.
affirmed_note AS (
    SELECT
        note_id,
        note_text,
        note_drop_negated(body) AS body
    FROM marked_note
),

found_note AS (
    SELECT
        note_id,
        note_text,
        note_found(note_drop_undelivered(body)) AS delivered_terms,
        note_found(body) AS affirmed_terms
    FROM affirmed_note
),

classed_note AS (
    SELECT
        note_id,
        note_text,
        note_of_class(delivered_terms, 'massage') AS massage_terms,
        note_of_class(delivered_terms, 'manual') AS manual_terms,
        note_of_class(delivered_terms, 'ambiguous') AS ambiguous_terms,
        note_of_class(delivered_terms, 'relaxation') AS relaxation_terms,
        note_aims(affirmed_terms) AS aim_terms
    FROM found_note
)

SELECT
    note_id,
    note_text,
    trim(regexp_replace(lower(note_text), '[^\p{L}\p{N}]+', ' ', 'g')) AS normalised,
    massage_terms <> [] AS has_massage,
    manual_terms <> [] AS has_manual,
    ambiguous_terms <> [] AS has_ambiguous,
    relaxation_terms <> [] AS has_relaxation,
    aim_terms <> [] AS has_therapeutic_aim,
    massage_terms,
    manual_terms,
    ambiguous_terms,
    relaxation_terms,
    aim_terms
FROM classed_note
ORDER BY note_id;
