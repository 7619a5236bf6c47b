/*+++
id = "TIM014"
name = "group-and-one-on-one"
title = "One-on-one service in the time of the same person's group, or a group of one"
family = "time"
severity = "medium"
confidence = "likely"
direction = "none"
subject = "line"
partition_by = "provider_and_date"
reads = ["claim_line"]
version = 4
since = "0.1.0"
checks = "A group (97150) holds its leader's attention for its whole time. A one-on-one line of the same person with a patient while the leader has a group of others: of its minutes so many must lie in the group's time as do not fit in the rest of its span (minutes - (span - overlap)). And a group line at whose time no other patient's group line of that person stands: a group of one."
why = "One person cannot lead a group and give another patient undivided attention. A patient alone is treated one-on-one, not in a group: the code is wrong, whichever of the two is."
numerator = "one-on-one lines of which more than max_minutes must lie in the time of a group, and group lines with one patient only"
denominator = "group lines, and one-on-one lines of a person who leads a group of other patients that day"
applies_to = "every payer class except self-pay. Lines with an assistant's modifier (CQ, CO) are left out, as are institutional lines, secondary claims, denied lines and lines billed to be denied: they take nobody's time, but a member on one is company in the group. Where a payer does not have assistants marked, one-on-one beside the group is possible only; likewise where the NPI may stand for several people: a physician's or practitioner's, under whom therapists' services are billed incident to theirs, or a practice's that has other rendering NPIs. A group of one is a matter of coding: its other patients may be of another payer or export."
not_evaluated_when = "The line, or every group line that decides, has no clock times; the line covers several days; institutional lines and lines without a rendering NPI; self-pay."
flagged_example = "97150 for two patients from 9:00 to 9:30, and 97110 with 30 minutes for a third from 9:00 to 9:30, one rendering NPI."
correct_example = "97110 with 30 minutes from 9:00 to 10:00: there is time for it after the group."
fix = "Find out who led the group and who treated one-on-one. If it was one person, bill the time as group therapy; if the group had one patient, bill what was done with that patient."
ask = "the times of the group and of the single session, and who led each"
false_positives = "An assistant who led the group without CQ or CO; members of the group whose claims are not in the export; clock times of the whole stay."
references = ["CMS Pub. 100-02, ch. 15, sec. 230.A (group therapy)", "CMS, 11 Part B billing scenarios for PTs and OTs (group and individual services)"]

[params.max_minutes]
type = "integer"
default = 7
help = "minutes of a one-on-one line that may lie in the time of a group"
+++*/
WITH contact_line AS (
    SELECT
        *,
        coalesce(service_kind = 'group', FALSE) AS is_group,
        CASE WHEN end_time > start_time THEN {'began': start_time, 'ended': end_time} END AS clock,
        coalesce("minutes", CASE WHEN is_timed AND NOT looks_like_minutes THEN fewest_minutes_of(units) END) AS line_minutes
    FROM claim_line
    WHERE
        counts_units AND coverage_order = 'P' AND NOT has_assistant
        AND (service_kind = 'group' OR (is_one_on_one AND ("minutes" IS NOT NULL OR is_timed)))
),

group_line AS (
    SELECT
        *,
        -- The time of whoever the NPI names; a denied member's line, a facility's or a secondary one says that somebody was there.
        counts_units AND NOT has_assistant AND bill_type IS NULL AND coverage_order = 'P' AS holds_leader
    FROM claim_line
    WHERE service_kind = 'group'
),

-- Beside each line the group lines of other patients under that NPI on that date.
beside_group AS (
    SELECT
        contact_line.line_id,
        count(group_line.line_id) AS group_lines,
        count(group_line.line_id) FILTER (
            WHERE (is_group OR holds_leader) AND NOT coalesce(group_line.end_time > group_line.start_time, FALSE)
        ) > 0 AS has_group_without_clock,
        bool_or(
            coalesce(shared_minutes(clock.began, clock.ended, group_line.start_time, group_line.end_time) > 0, FALSE)
        ) AS has_company,
        covered_minutes(list({
            'began': greatest(clock.began, group_line.start_time), 'ended': least(clock.ended, group_line.end_time)
        }) FILTER (
            WHERE shared_minutes(clock.began, clock.ended, group_line.start_time, group_line.end_time) > 0 AND holds_leader
        )) AS overlap,
        covered_minutes(list({
            'began': greatest(clock.began, group_line.start_time), 'ended': least(clock.ended, group_line.end_time)
        }) FILTER (
            WHERE shared_minutes(clock.began, clock.ended, group_line.start_time, group_line.end_time) > 0
            AND holds_leader AND group_line.marks_assistants
        )) AS marked_overlap
    FROM contact_line
    LEFT JOIN group_line
        ON
            contact_line.rendering_npi = group_line.rendering_npi
            AND contact_line.service_date = group_line.service_date
            AND contact_line.patient_id <> group_line.patient_id
    GROUP BY contact_line.line_id
),

judged_line AS (
    SELECT
        *,
        clock_minutes(clock.began, clock.ended) AS span,
        CASE WHEN NOT is_group THEN least(line_minutes, span) - (span - overlap) END AS in_group,
        CASE WHEN is_group THEN NOT has_company ELSE in_group > $max_minutes END AS is_flagged,
        CASE
            WHEN unit_rule = 'none' THEN reason_self_pay()
            WHEN rendering_npi IS NULL THEN reason_no_rendering_npi()
            WHEN bill_type IS NOT NULL THEN reason_institutional()
            WHEN clock IS NULL OR (has_group_without_clock AND is_group = is_flagged)
                THEN 'a group or one-on-one line has no clock times'
            WHEN NOT is_group AND line_minutes IS NULL THEN reason_units_like_minutes()
            -- On which of its days the line has these clock times is not known.
            WHEN days > 1 THEN reason_units_of_days()
        END AS reason
    FROM contact_line
    INNER JOIN beside_group USING (line_id)
    WHERE is_group OR group_lines > 0
)
SELECT
    line_id AS subject_id,
    is_flagged,
    reason,
    one_line(line_id, 0) AS lines,
    CASE WHEN is_group THEN 'coding' ELSE 'none' END AS direction,
    CASE
        WHEN is_group OR (marks_assistants AND least(line_minutes, span) - (span - marked_overlap) > $max_minutes) THEN 'likely'
        ELSE 'possible'
    END AS confidence,
    CASE
        WHEN is_group
            THEN procedure_code || ' from ' || clock_text(start_time) || ' to ' || clock_text(end_time)
                || ': no other patient of NPI ' || rendering_npi || ' is in a group at that time'
        ELSE
            procedure_code || ' from ' || clock_text(start_time) || ' to ' || clock_text(end_time) || ', '
            || counted(line_minutes, 'minute', 'minutes') || ': ' || counted(in_group, 'minute', 'minutes')
            || ' must lie in the time of a group of NPI ' || rendering_npi || ' with other patients'
            || coalesce('; ' || who_else, '')
    END AS message,
    {
        'rendering_npi': rendering_npi, 'minutes': line_minutes, 'span': span, 'overlap_with_group': overlap,
        'minutes_in_group': in_group, 'allowed': $max_minutes
    } AS evidence
FROM judged_line
ORDER BY subject_id;
