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
            lexicon.class || coalesce('.' || nullif(trim(lexicon.reach), ''), '') AS kind,
            lower(trim(lexicon.term)) AS term
        FROM lexicon
        CROSS JOIN last_day
        WHERE
            trim(lexicon.term) <> ''
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
