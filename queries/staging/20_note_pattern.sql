-- What to look for in notes: the terms of each kind (class and reach) of the lexicon, fixed before any note is read.
-- A term counts if it was in force on the last date of service of the run.
CREATE OR REPLACE TABLE note_lexicon AS
WITH last_day AS (
    SELECT coalesce(max(service_date), DATE '9999-12-31') AS service_date
    FROM claim_row
)

SELECT DISTINCT
    lexicon.class,
    -- a context word that does not say how far it reaches governs its phrase
    CASE
        WHEN coalesce(trim(lexicon.reach), '') <> '' THEN trim(lexicon.reach)
        WHEN lexicon.class = 'not_delivered' THEN 'phrase'
        ELSE ''
    END AS reach,
    -- as the notes are folded: no quotes, spaces for hyphens
    trim(regexp_replace(replace(lower(lexicon.term), '''', ''), '[-\s]+', ' ', 'g')) AS term
FROM lexicon
CROSS JOIN last_day
WHERE
    regexp_matches(lexicon.term, '[^-''\s]')
    AND last_day.service_date >= lexicon.effective_from
    AND last_day.service_date <= coalesce(lexicon.effective_to, DATE '9999-12-31');

-- The terms by kind: "class", "class.reach", and "class.any" for all reaches of a class. Of two that begin alike the longer
-- comes first, so that "mobilization with movement" is found whole; neighbours that begin alike make a small pattern.
SET VARIABLE note_terms = (
    WITH kind_of_term AS (
        SELECT
            class || CASE reach WHEN '' THEN '' ELSE '.' || reach END AS kind,
            term
        FROM note_lexicon
        UNION
        SELECT
            class || '.any' AS kind,
            term
        FROM note_lexicon
        -- the verb of an aim is no term
        WHERE reach <> 'verb'
    ),

    kind AS (
        SELECT kind, list(term ORDER BY term DESC) AS terms
        FROM kind_of_term
        GROUP BY kind
    )

    SELECT map_from_entries(list((kind, terms))) FROM kind
);

-- The pattern of each kind, put together once and not wherever it is looked for.
SET VARIABLE note_patterns = (
    SELECT map_from_entries(list((entry.key, note_any(entry.value))))
    FROM (SELECT unnest(map_entries(getvariable('note_terms'))) AS entry) AS kind
);

-- Terms that count in capitals only, as they look in small letters: those go before a note is read.
SET VARIABLE note_small = (
    SELECT note_any(list(spelt))
    FROM (
        SELECT unnest([term, upper(left(term, 1)) || right(term, -1)]) AS spelt
        FROM note_lexicon
        WHERE reach = 'capitals' AND class <> 'excluded' AND length(term) > 1
    ) AS small
);

-- The mark of a term that counts in company only.
SET VARIABLE note_accompanied = (
    SELECT '<(?:\*|' || note_any(list(term)) || '>)'
    FROM note_lexicon
    WHERE
        class IN ('massage', 'manual', 'relaxation')
        AND reach IN ('everyday', 'beside', 'technique')
);
