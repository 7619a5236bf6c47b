-- The payers of the export, and the class that each one's name says, or else its filing indicator.
CREATE OR REPLACE TABLE payer AS
SELECT
    payer_name,
    payer_id,
    claim_filing_indicator,
    -- "Non-Medicare", "No Medicare B" name no Medicare; what else stands in the name counts.
    regexp_replace(payer_key(payer_without_other(payer_name)), '\b(' || negated.pattern || ')\b', ' ', 'g') AS name_key
FROM (SELECT payer_name, payer_id, claim_filing_indicator FROM claim_row GROUP BY ALL) AS seen
CROSS JOIN (SELECT string_agg(pattern, '|') AS pattern FROM payer_word WHERE role = 'negated') AS negated;

-- What kinds of words a name holds (payer_word), and whether a word is left over that no list knows.
CREATE OR REPLACE TABLE payer_words AS
WITH named AS (
    SELECT DISTINCT name_key FROM payer WHERE name_key IS NOT NULL
),

found AS (
    SELECT
        named.name_key,
        list(payer_word.role) AS roles,
        arg_min(payer_word.payer_class, payer_word.pattern) FILTER (WHERE payer_word.role = 'insurer') AS insurer_class,
        '\b(' || string_agg(payer_word.pattern, '|' ORDER BY length(payer_word.pattern) DESC, payer_word.pattern) || ')\b'
            AS known_words
    FROM named
    INNER JOIN payer_word ON regexp_matches(named.name_key, '\b(' || payer_word.pattern || ')\b')
    GROUP BY named.name_key
)
SELECT
    name_key,
    roles,
    insurer_class,
    regexp_matches(regexp_replace(name_key, known_words, ' ', 'g'), '[a-z0-9]') AS has_unknown_word
FROM found;

-- The class of each. Fee-for-service Medicare wants a positive sign; beside an insurer's or a plan's word Medicare is an
-- Advantage plan, and so it is beside a word that no list knows, unless another sign speaks for fee-for-service.
CREATE OR REPLACE TABLE classified_payer AS
WITH sign AS (
    SELECT
        payer.*,
        filing_indicator.payer_class AS indicator_class,
        payer_words.insurer_class,
        coalesce(payer_words.has_unknown_word, FALSE) AS has_unknown_word,
        coalesce(payer_words.roles, []) AS roles,
        list_contains(roles, 'medicare') AS is_medicare,
        list_has_any(roles, ['plan', 'insurer', 'advantage_brand', 'auto_insurer', 'not_auto']) AS is_plan,
        list_has_any(roles, ['part', 'jurisdiction']) AS has_place_in_medicare,
        -- The short name of a contractor is Medicare's only beside another word of Medicare's.
        list_contains(roles, 'contractor')
        OR (list_contains(roles, 'contractor_short') AND has_place_in_medicare) AS is_contractor,
        list_has_any(roles, ['part', 'fee_for_service', 'contractor', 'contractor_short', 'jurisdiction'])
        OR coalesce(indicator_class = 'medicare_ffs', FALSE) AS is_fee_for_service
    FROM payer
    LEFT JOIN payer_words USING (name_key)
    LEFT JOIN filing_indicator USING (claim_filing_indicator)
),

judged AS (
    SELECT
        *,
        CASE
            WHEN list_contains(roles, 'supplement') THEN 'commercial'
            WHEN list_contains(roles, 'self_pay') THEN 'self_pay'
            WHEN list_contains(roles, 'tricare_for_life') THEN 'tricare'
            WHEN is_medicare OR (is_contractor AND NOT is_plan)
                THEN
                    CASE
                        WHEN is_plan OR coalesce(indicator_class = 'medicare_advantage', FALSE) THEN 'medicare_advantage'
                        WHEN is_fee_for_service OR NOT has_unknown_word THEN 'medicare_ffs'
                        ELSE 'medicare_advantage'
                    END
            WHEN
                insurer_class IS NOT NULL
                AND (list_contains(roles, 'advantage_plan') OR coalesce(indicator_class = 'medicare_advantage', FALSE))
                THEN 'medicare_advantage'
            WHEN list_contains(roles, 'medicaid') THEN 'medicaid'
            WHEN list_contains(roles, 'advantage_brand') THEN 'medicare_advantage'
            WHEN list_contains(roles, 'tricare') THEN 'tricare'
            WHEN list_contains(roles, 'veterans') OR list_has_all(roles, ['va', 'beside_va']) THEN 'va'
            WHEN list_contains(roles, 'workers_comp') THEN 'workers_comp'
            WHEN list_contains(roles, 'auto') THEN 'auto'
            -- An insurer with several lines of business leaves the class to the filing indicator, if that is not Medicare's own.
            WHEN insurer_class = 'unknown' AND indicator_class = 'medicare_ffs' THEN 'commercial'
            WHEN insurer_class = 'unknown' AND list_has_any(roles, ['network', 'commercial']) THEN 'commercial'
            WHEN insurer_class = 'unknown' THEN NULL
            WHEN insurer_class IS NOT NULL THEN insurer_class
            WHEN list_contains(roles, 'auto_insurer') AND NOT list_contains(roles, 'not_auto') THEN 'auto'
            -- VA is Virginia too: beside a state's or a plan's word it is no sign of the Veterans.
            WHEN list_contains(roles, 'va') AND NOT list_has_any(roles, ['plan', 'other_state']) THEN 'va'
            WHEN list_contains(roles, 'commercial') THEN 'commercial'
        END AS name_class
    FROM sign
)
SELECT
    payer_name,
    payer_id,
    claim_filing_indicator,
    -- A name in another script leaves nothing for comparing; it then stands for itself. Never NULL: NULL equals nothing.
    coalesce(nullif(payer_key(payer_name), ''), payer_name, payer_id, claim_filing_indicator, '') AS own_key,
    coalesce(name_class, indicator_class, 'unknown') AS payer_class,
    list_contains(roles, 'supplement') AS is_supplement,
    CASE
        WHEN insurer_class IS NOT NULL AND indicator_class = 'medicare_ffs' AND NOT is_medicare
            THEN 'payer name, against filing indicator ' || claim_filing_indicator
        WHEN name_class = 'medicare_advantage' AND indicator_class = 'medicare_advantage'
            THEN 'filing indicator ' || claim_filing_indicator
        WHEN name_class IS NOT NULL THEN 'payer name'
        WHEN indicator_class IS NOT NULL THEN 'filing indicator ' || claim_filing_indicator
        WHEN insurer_class = 'unknown' THEN 'payer name, an insurer with several lines of business'
        ELSE 'no match'
    END AS decided_by
FROM judged;
