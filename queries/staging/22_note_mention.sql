-- The reading of each note: its delivered text with terms marked, and the aims that it affirms. docs/notes.md explains the
-- steps, the macros note_* hold them, lexicon.csv holds every word.
CREATE OR REPLACE TABLE note_reading AS
-- What is negated goes: what remains counts for aims, wherever it is stated.
WITH affirmed_note AS (
    SELECT
        note_text.note_id,
        note_drop_negated(
            note_mark_terms(
                note_mark_context(
                    note_drop_excluded(
                        note_mark_sections(
                            note_fold(note_fill_form(coalesce(note_spelling.spelt_text, note_text.note_text)))
                        )
                    )
                )
            )
        ) AS body
    FROM note_text
    LEFT JOIN note_spelling USING (note_id)
)

-- A treatment counts only where it was delivered: not planned, remembered or advised.
SELECT
    note_id,
    note_aims(note_found(body)) AS aim_terms,
    note_join_phrases(note_drop_undelivered(body)) AS body
FROM affirmed_note;

-- One row per mention of a delivered term: note, sentence, phrase, term and class, with what its reach asks for.
CREATE OR REPLACE TABLE note_mention AS
WITH sentence AS (
    SELECT
        note_id,
        generate_subscripts(sentences, 1) AS sentence_number,
        unnest(sentences) AS sentence_text
    FROM (SELECT note_id, note_sentences(body) AS sentences FROM note_reading) AS note_sentence -- noqa: LT09
),

phrase AS (
    SELECT
        note_id,
        sentence_number,
        sentence_text,
        generate_subscripts(phrases, 1) AS phrase_number,
        unnest(phrases) AS phrase_text
    FROM (SELECT *, note_phrases(sentence_text) AS phrases FROM sentence) AS sentence_phrase -- noqa: LT09
),

mention AS (
    SELECT
        *,
        unnest(note_found(phrase_text)) AS marked_term
    FROM phrase
)

SELECT
    mention.note_id,
    mention.sentence_number,
    mention.phrase_number,
    ltrim(mention.marked_term, '*') AS term,
    coalesce(note_lexicon.class, 'relaxation') AS class,
    coalesce(note_lexicon.reach, 'aim') AS reach,
    CASE
        WHEN note_lexicon.reach IN ('everyday', 'beside', 'technique') AND note_lexicon.class <> 'relaxation'
            THEN regexp_matches(mention.phrase_text, note_words('excluded.everyday'))
        WHEN note_lexicon.reach = 'capitals' THEN regexp_matches(mention.sentence_text, note_words('excluded.capitals'))
    END AS is_another_thing,
    CASE
        WHEN note_lexicon.reach IN ('everyday', 'beside', 'technique')
            THEN note_has_part(mention.phrase_text, mention.marked_term, note_lexicon.class, note_lexicon.reach)
    END AS has_part
FROM mention
LEFT JOIN note_lexicon
    ON
        mention.marked_term = note_lexicon.term
        AND note_lexicon.class IN ('massage', 'manual', 'ambiguous', 'relaxation')
        AND note_lexicon.reach NOT IN ('verb', 'object')
-- aims were read before
WHERE note_lexicon.term IS NOT NULL OR starts_with(mention.marked_term, '*');
