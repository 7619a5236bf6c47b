-- What each distinct note shows as delivered, by its terms.
CREATE OR REPLACE TABLE note_finding AS
-- A term whose reach asks for company counts only in it.
WITH accompanied_mention AS (
    SELECT
        *,
        count(*) FILTER (WHERE class <> 'relaxation') OVER same_sentence > 1 AS is_beside_hands_on,
        bool_or(reach = 'tapotement') OVER same_sentence AS is_beside_tapotement,
        bool_or(reach = 'with_tapotement') OVER same_term AS is_tapotement_or_ambiguous,
        count(*) OVER (PARTITION BY note_id, sentence_number, phrase_number, class) > 1 AS is_beside_its_class
    FROM note_mention
    WINDOW
        same_sentence AS (PARTITION BY note_id, sentence_number),
        same_term AS (PARTITION BY note_id, sentence_number, phrase_number, term)
),

counted_mention AS (
    SELECT
        *,
        bool_or(class = 'massage') OVER (PARTITION BY note_id, sentence_number, phrase_number) AS is_in_phrase_of_massage,
        bool_or(class = 'massage') OVER (PARTITION BY note_id, sentence_number) AS is_in_sentence_of_massage
    FROM accompanied_mention
    WHERE
        CASE
            WHEN is_another_thing THEN FALSE
            WHEN class = 'relaxation' THEN TRUE
            WHEN reach = 'everyday' THEN is_beside_its_class OR has_part
            WHEN reach = 'beside' THEN is_beside_its_class OR has_part
            WHEN reach = 'technique' THEN is_beside_hands_on OR has_part
            WHEN reach = 'with_tapotement' THEN is_beside_tapotement
            WHEN reach = 'name' THEN FALSE
            WHEN class = 'ambiguous' THEN NOT (is_tapotement_or_ambiguous AND is_beside_tapotement)
            ELSE TRUE
        END
),

told_note AS (
    SELECT
        note_id,
        list(DISTINCT term ORDER BY term) FILTER (WHERE class = 'massage') AS massage_terms,
        list(DISTINCT term ORDER BY term) FILTER (WHERE class = 'manual') AS manual_terms,
        list(DISTINCT term ORDER BY term) FILTER (WHERE class = 'ambiguous') AS ambiguous_terms,
        -- Relaxation is the aim of massage only where both stand in one clause.
        list(DISTINCT term ORDER BY term) FILTER (
            WHERE class = 'relaxation'
            AND CASE reach
                WHEN 'aim' THEN is_in_phrase_of_massage
                WHEN 'everyday' THEN is_in_sentence_of_massage AND has_part
                ELSE is_in_sentence_of_massage
            END
        ) AS relaxation_terms
    FROM counted_mention
    GROUP BY note_id
)

SELECT
    note_text.note_id,
    trim(regexp_replace(lower(note_ticks_in_words(note_text.note_text)), '[^\p{L}\p{N}]+', ' ', 'g')) AS normalised,
    told_note.massage_terms IS NOT NULL AS has_massage,
    told_note.manual_terms IS NOT NULL AS has_manual,
    told_note.ambiguous_terms IS NOT NULL AS has_ambiguous,
    told_note.relaxation_terms IS NOT NULL AS has_relaxation,
    len(note_reading.aim_terms) > 0 AS has_therapeutic_aim,
    -- What is told in another language is not read: one word of it may be a name or a quotation.
    len(list_distinct(
        regexp_extract_all(strip_accents(lower(note_text.note_text)), note_words('structure.foreign'))
    )) > 1
    OR regexp_matches(note_text.note_text, '[\p{Han}\p{Hangul}\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{Armenian}\p{Thai}]{2}')
        AS is_in_other_language,
    coalesce(told_note.massage_terms, []) AS massage_terms,
    coalesce(told_note.manual_terms, []) AS manual_terms,
    coalesce(told_note.ambiguous_terms, []) AS ambiguous_terms,
    coalesce(told_note.relaxation_terms, []) AS relaxation_terms,
    note_reading.aim_terms
FROM note_text
INNER JOIN note_reading USING (note_id)
LEFT JOIN told_note USING (note_id)
ORDER BY note_text.note_id;

DROP TABLE IF EXISTS note_spelling;
DROP TABLE IF EXISTS note_reading;
DROP TABLE IF EXISTS note_mention;

-- One row per distinct note: its text, and which treatment terms it shows as delivered.
CREATE OR REPLACE VIEW note AS
SELECT
    note_text.note_id,
    note_text.note_text,
    note_finding.* EXCLUDE (note_id)
FROM note_text
INNER JOIN note_finding USING (note_id);
