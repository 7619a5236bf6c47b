/*+++
id = "DOC004"
name = "area-minutes-disagree"
title = "Minutes by body area do not add up to the line's minutes"
family = "documentation"
severity = "low"
confidence = "certain"
direction = "none"
subject = "line"
partition_by = "line"
reads = ["claim_line", "body_area"]
version = 2
since = "0.1.0"
checks = "The minutes written for each body area are added up and compared with the minutes of the line."
why = "The two records of one service contradict each other. A reviewer believes the smaller, and the units may fall."
numerator = "lines whose minutes by area differ from their minutes by more than tolerance"
denominator = "97124 and 97140 lines, and other lines with minutes by area"
applies_to = "every payer"
not_evaluated_when = "The line has no minutes by area, or none in the form \"upper back:10; neck 5\"; the line has no minutes."
flagged_example = "97124 with 30 minutes; areas: upper back:10; neck:15."
correct_example = "97124 with 30 minutes; areas: upper back:15; neck:15."
fix = "Take the minutes from the treatment note and correct the record that is wrong; check the units again."
false_positives = "Areas treated at the same time, or minutes of set-up that belong to no area."
references = ["Elements of a 97124 record in plain words: docs/notes.md"]

[params.tolerance]
type = "integer"
default = 0
help = "largest difference in minutes that is not flagged"
+++*/
WITH told_area AS (
    SELECT
        area_minutes,
        area_minutes_total(area_minutes, area_words) AS area_total
    FROM (SELECT DISTINCT area_minutes FROM claim_line) AS seen
    CROSS JOIN (SELECT string_split(string_agg(replace(names, '|', ' '), ' '), ' ') AS area_words FROM body_area) AS named
),

judged_line AS (
    SELECT
        line_id,
        procedure_code,
        area_minutes,
        "minutes",
        area_total,
        CASE
            WHEN area_minutes IS NULL THEN 'the line has no minutes by area'
            WHEN area_total IS NULL THEN 'the minutes by area cannot be read'
            WHEN "minutes" IS NULL THEN 'the line has no minutes'
        END AS reason
    FROM claim_line
    LEFT JOIN told_area USING (area_minutes)
    WHERE service_kind IN ('massage', 'manual_therapy') OR area_minutes IS NOT NULL
)
SELECT
    line_id AS subject_id,
    abs(area_total - "minutes") > $tolerance AS is_flagged,
    reason,
    one_line(line_id, 0) AS lines,
    procedure_code || ': the areas add up to ' || counted(area_total, 'minute', 'minutes') || ' (' || area_minutes
    || '), the line has ' || "minutes" AS message,
    {'procedure_code': procedure_code, 'area_minutes': area_minutes, 'area_total': area_total, 'line_minutes': "minutes"}
        AS evidence
FROM judged_line
ORDER BY subject_id;
