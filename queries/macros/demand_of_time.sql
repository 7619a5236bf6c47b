-- The demand test of scheduling: between two moments nobody gives, and nobody receives, more one-on-one minutes than lie
-- between them. Takes the name of a table of sessions (clock_key, session_id, began, ended, asked), times and `asked` in
-- minutes, `asked` at most the session's span, one clock_key for each clock; session_id in the order of claim and line.
-- In order of end, start and session each keeps the most minutes that leave no window over its length; for windows that end
-- with the session in hand those are the only ones that can grow too full. Gives session_id and kept.
CREATE OR REPLACE MACRO minutes_kept(sessions) AS TABLE
WITH RECURSIVE numbered AS (
    SELECT
        *,
        row_number() OVER clock AS place,
        coalesce(began < max(ended) OVER (clock ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), FALSE) AS meets_earlier
    FROM query_table(sessions)
    WINDOW clock AS (PARTITION BY clock_key ORDER BY ended, began, session_id)
),

-- Sessions that stand apart keep all that they ask: only clocks on which some overlap are walked.
shared_clock AS (
    SELECT
        clock_key,
        list_transform(list_sort(list_distinct(list(began))), lambda start : {'began': start, 'taken': CAST(0 AS DOUBLE)}) AS windows
    FROM numbered
    GROUP BY clock_key
    HAVING bool_or(meets_earlier)
),

-- `windows`: for each start the minutes kept so far by sessions that begin at or after it.
walk AS (
    SELECT
        clock_key,
        CAST(0 AS BIGINT) AS place,
        CAST(NULL AS BIGINT) AS session_id,
        CAST(0 AS DOUBLE) AS kept,
        windows
    FROM shared_clock
    UNION ALL
    SELECT
        numbered.clock_key,
        numbered.place,
        numbered.session_id,
        room_to_keep(walk.windows, numbered.began, numbered.ended, numbered.asked) AS kept,
        list_transform(
            walk.windows, lambda one : {
                'began': one.began,
                'taken': one.taken + CASE
                    WHEN one.began <= numbered.began
                        THEN room_to_keep(walk.windows, numbered.began, numbered.ended, numbered.asked)
                    ELSE 0
                END
            }
        ) AS windows
    FROM walk
    INNER JOIN numbered ON walk.clock_key = numbered.clock_key AND walk.place + 1 = numbered.place
)
SELECT
    numbered.clock_key,
    numbered.session_id,
    coalesce(walk.kept, numbered.asked) AS kept
FROM numbered
LEFT JOIN walk ON numbered.session_id = walk.session_id AND numbered.clock_key = walk.clock_key;
