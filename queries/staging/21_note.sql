-- One row per distinct note: which treatment terms it shows as delivered. docs/notes.md explains the steps, the macros
-- note_* hold them, lexicon.csv holds every word.
CREATE OR REPLACE TABLE note AS
WITH distinct_note AS (
    SELECT
        min(line_id) AS note_id,
        note_text
    FROM claim_row
    WHERE regexp_matches(note_text, '[^\s]')
    GROUP BY note_text
),

-- What is negated goes: what remains counts for aims, wherever it is stated.
affirmed_note AS (
    SELECT
        note_id,
        note_text,
        note_drop_negated(
            note_mark_terms(note_mark_context(note_drop_excluded(note_mark_sections(note_fold(note_text)))))
        ) AS body
    FROM distinct_note
),

-- A treatment counts only where it was delivered: not planned, remembered or advised.
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
    len(massage_terms) > 0 AS has_massage,
    len(manual_terms) > 0 AS has_manual,
    len(ambiguous_terms) > 0 AS has_ambiguous,
    len(relaxation_terms) > 0 AS has_relaxation,
    len(aim_terms) > 0 AS has_therapeutic_aim,
    massage_terms,
    manual_terms,
    ambiguous_terms,
    relaxation_terms,
    aim_terms
FROM classed_note
ORDER BY note_id;
