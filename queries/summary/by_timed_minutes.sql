-- How many visits record how many timed minutes: a heap at 8, 23 or 38 stands out in the report's picture.
SELECT
    code_minutes AS "minutes",
    count(*) AS visits
FROM visit
WHERE timed_codes > 0 AND code_minutes IS NOT NULL
GROUP BY code_minutes
ORDER BY code_minutes;
