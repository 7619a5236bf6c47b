-- What to look for in notes: the terms of each kind (class and reach) of the lexicon, fixed before any note is read.
-- A term counts if it was in force on the last date of service of the run. Longest terms first, so that "soft tissue
-- mobilization" is found before "mobilization".
SET VARIABLE note_terms = (
    WITH last_day AS (
        SELECT coalesce(max(service_date), DATE '9999-12-31') AS service_date
        FROM claim_row
    ),

    term_in_force AS (
        SELECT DISTINCT
            -- a context word that does not say how far it reaches governs its phrase
            CASE
                WHEN coalesce(trim(lexicon.reach), '') <> '' THEN lexicon.class || '.' || trim(lexicon.reach)
                WHEN lexicon.class = 'not_delivered' THEN 'not_delivered.phrase'
                ELSE lexicon.class
            END AS kind,
            -- as the notes are folded: no quotes, spaces for hyphens
            trim(regexp_replace(replace(lower(lexicon.term), '''', ''), '[-\s]+', ' ', 'g')) AS term
        FROM lexicon
        CROSS JOIN last_day
        WHERE
            regexp_matches(lexicon.term, '[^-''\s]')
            AND last_day.service_date >= lexicon.effective_from
            AND last_day.service_date <= coalesce(lexicon.effective_to, DATE '9999-12-31')
    ),

    kind AS (
        SELECT kind, list(term ORDER BY length(term) DESC, term) AS terms
        FROM term_in_force
        GROUP BY kind
    )

    SELECT map_from_entries(list((kind, terms))) FROM kind
);

-- The pattern of each kind, put together once and not wherever it is looked for.
SET VARIABLE note_patterns = (
    SELECT map_from_entries(list((entry.key, note_any(entry.value))))
    FROM (SELECT unnest(map_entries(getvariable('note_terms'))) AS entry) AS kind
);
