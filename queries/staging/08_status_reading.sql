-- What each status, mark of denial and reason of the export says, read once for each text that stands there (status_word:
-- patterns are beginnings of words). Of two words void wins over denied. A word of payment or of reversal beside a denial
-- contradicts it. Unsent: nobody was asked for money yet. Waiting: the payer has not answered, so that no payment is no denial.
CREATE OR REPLACE TABLE status_reading AS
WITH stated AS (
    SELECT 'status' AS kind, claim_status AS stated FROM claim_row WHERE claim_status IS NOT NULL
    UNION
    SELECT 'status' AS kind, line_status AS stated FROM claim_row WHERE line_status IS NOT NULL
    UNION
    SELECT 'mark' AS kind, denial_mark AS stated FROM claim_row WHERE denial_mark IS NOT NULL
    UNION
    SELECT 'reason' AS kind, denial_reason AS stated FROM claim_row WHERE denial_reason IS NOT NULL
),

seen AS (
    SELECT
        kind,
        stated,
        -- 04 and 4.0 are 4.
        trim(regexp_replace(
            regexp_replace(lower(stated), '\b0*([0-9]+)(\.0+)?\b', '\1', 'g'), '[^a-z0-9]+', ' ', 'g'
        )) AS words
    FROM stated
),

role_of_status AS (
    SELECT
        seen.kind,
        seen.stated,
        list(DISTINCT status_word.role) AS roles
    FROM seen
    INNER JOIN status_word
        ON
            regexp_matches(
                without_negation(seen.words, status_word.role),
                -- A sign alone (4, D) is a status only where nothing stands beside it.
                CASE WHEN ends_with(status_word.pattern, '$') THEN '^(' ELSE '\b(' END || status_word.pattern || ')'
            )
    GROUP BY seen.kind, seen.stated
),

worded AS (
    SELECT
        seen.kind,
        seen.stated,
        seen.words,
        CASE
            WHEN list_contains(roles, 'void') THEN 'void'
            WHEN list_contains(roles, 'denied') AND list_has_any(roles, ['paid', 'reversal']) THEN 'contradicts itself'
            WHEN list_contains(roles, 'reversal') THEN 'reversal'
            WHEN list_contains(roles, 'denied') THEN 'denied'
            WHEN list_contains(roles, 'unsent') AND NOT list_has_any(roles, ['paid', 'done']) THEN 'unsent'
            WHEN list_contains(roles, 'waiting') AND NOT list_has_any(roles, ['paid', 'done']) THEN 'waiting'
            WHEN roles IS NOT NULL THEN 'live'
            ELSE 'not known'
        END AS says
    FROM seen
    LEFT JOIN role_of_status USING (kind, stated)
),

reading AS (
    SELECT
        kind,
        stated,
        CASE kind
            WHEN 'status' THEN says
            WHEN 'mark' THEN mark_of_denial(stated, says)
            ELSE
                CASE
                    WHEN EXISTS (
                            SELECT 1
                            FROM adjustment_reason
                            WHERE role = 'denied' AND list_contains(reason_codes(worded.stated), adjustment_reason.reason_code)
                        ) THEN 'denied'
                    WHEN len(reason_codes(stated)) > 0 THEN 'nothing'
                    ELSE reason_in_words(words, says)
                END
        END AS says
    FROM worded
)
SELECT
    kind,
    stated,
    -- A mark that is set nowhere is one that nobody keeps.
    CASE
        WHEN says = 'not denied' AND NOT bool_or(kind = 'mark' AND says = 'denied') OVER () THEN 'nothing'
        ELSE says
    END AS says
FROM reading;
