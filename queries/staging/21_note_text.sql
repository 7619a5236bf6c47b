-- One row per distinct note text, and what is misspelt in it: a long word of the lexicon with one letter wrong, missing or
-- too many, or with two neighbours changed.
CREATE OR REPLACE TABLE note_text AS
SELECT
    min(line_id) AS note_id,
    note_text
FROM claim_row
WHERE regexp_matches(note_text, '[^\s]')
GROUP BY note_text;

CREATE OR REPLACE TABLE note_misspelling AS
WITH known_word AS (
    SELECT DISTINCT
        class,
        reach,
        unnest(regexp_extract_all(term, '[a-z]+')) AS word
    FROM note_lexicon
),

-- Short words lie too near to others; the word that names a class is worth it.
long_word AS (
    SELECT DISTINCT word
    FROM known_word
    WHERE
        (length(word) >= 8 OR word = class)
        AND (
            class IN ('massage', 'manual', 'ambiguous')
            OR (class = 'not_delivered' AND reach IN ('after', 'around', 'either'))
        )
),

unknown_word AS (
    SELECT DISTINCT unnest(regexp_extract_all(lower(note_text), '\b[a-z]{6,24}\b')) AS word
    FROM note_text
    EXCEPT
    SELECT word FROM known_word
)

SELECT
    unknown_word.word AS misspelt,
    min(long_word.word) AS word
FROM unknown_word
INNER JOIN long_word
    -- one slip leaves the beginning or the end as it was
    ON
        left(unknown_word.word, 3) = left(long_word.word, 3)
        OR right(unknown_word.word, 3) = right(long_word.word, 3)
WHERE
    abs(length(unknown_word.word) - length(long_word.word)) <= 1
    AND damerau_levenshtein(unknown_word.word, long_word.word) = 1
    -- another ending is another word: "stroke", "provides"
    AND left(unknown_word.word, length(long_word.word) - 1) <> left(long_word.word, -1)
GROUP BY unknown_word.word;

SET VARIABLE note_misspelt = (SELECT note_any(list(misspelt)) FROM note_misspelling);

-- The notes that hold one, put right. An auditor is shown the note as it is.
CREATE OR REPLACE TABLE note_spelling AS
WITH piece AS (
    SELECT
        note_id,
        unnest(pieces) AS piece,
        generate_subscripts(pieces, 1) AS place
    FROM (
        SELECT
            note_id,
            regexp_extract_all(note_text, '[A-Za-z]+|[^A-Za-z]+') AS pieces
        FROM note_text
        WHERE regexp_matches(lower(note_text), getvariable('note_misspelt'))
    ) AS misspelt_note
)

SELECT
    piece.note_id,
    string_agg(coalesce(note_misspelling.word, piece.piece), '' ORDER BY piece.place) AS spelt_text
FROM piece
LEFT JOIN note_misspelling ON lower(piece.piece) = note_misspelling.misspelt
GROUP BY piece.note_id;
