-- What each status of the export says, read once for each word that stands there (status_word: patterns are beginnings of
-- words). Of two words void wins over denied. A word of payment or of reversal beside a denial contradicts it.
CREATE OR REPLACE TABLE status_reading AS
WITH seen AS (
    SELECT
        claim_status,
        trim(regexp_replace(lower(claim_status), '[^a-z0-9]+', ' ', 'g')) AS words
    FROM (SELECT DISTINCT claim_status FROM claim_row WHERE claim_status IS NOT NULL) AS status
),

role_of_status AS (
    SELECT
        seen.claim_status,
        list(DISTINCT status_word.role) AS roles
    FROM seen
    INNER JOIN status_word
        ON
            -- "Zero pay" and "not paid" are no words of payment.
            regexp_matches(
                CASE status_word.role
                    WHEN 'paid' THEN regexp_replace(seen.words, '\b(zero|no|not|non|un|never) ?pa(y|id)\w*', ' ', 'g')
                    ELSE seen.words
                END,
                -- A sign alone (4, D) is a status only where nothing stands beside it.
                CASE WHEN ends_with(status_word.pattern, '$') THEN '^(' ELSE '\b(' END || status_word.pattern || ')'
            )
    GROUP BY seen.claim_status
)
SELECT
    seen.claim_status,
    CASE
        WHEN list_contains(roles, 'void') THEN 'void'
        WHEN list_contains(roles, 'denied') AND list_has_any(roles, ['paid', 'reversal']) THEN 'contradicts itself'
        WHEN list_contains(roles, 'reversal') THEN 'reversal'
        WHEN list_contains(roles, 'denied') THEN 'denied'
        WHEN roles IS NOT NULL THEN 'live'
        ELSE 'not known'
    END AS says
FROM seen
LEFT JOIN role_of_status USING (claim_status);
