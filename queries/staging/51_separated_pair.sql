-- The pairs that only a modifier of the 59 family separates (indicator 1, one payer), with what the record says of the two:
-- the minutes they share on the clock, whether their body areas differ, whether they are of two encounters. NULL where the
-- record does not say. MOD004 reads the times, MOD005 whatever sets the two apart.
CREATE OR REPLACE VIEW separated_pair AS
SELECT
    ptp_pair.column_2_line_id AS line_id,
    ptp_pair.provider_known,
    column_1_line.procedure_code AS column_1_code,
    column_1_line.claim_id,
    column_1_line.claim_line_number,
    clock_text(column_1_line.start_time) AS began,
    clock_text(column_1_line.end_time) AS ended,
    body_areas(column_1_line.body_region, column_1_line.area_minutes) AS areas,
    shared_minutes(
        column_1_line.start_time, column_1_line.end_time, column_2_line.start_time, column_2_line.end_time
    ) AS minutes_of_both,
    -- The time of the whole visit stands on both lines where it holds the minutes of both.
    coalesce(
        column_1_line.start_time = column_2_line.start_time
        AND column_1_line.end_time = column_2_line.end_time
        AND column_1_line."minutes" + column_2_line."minutes"
        <= clock_minutes(column_1_line.start_time, column_1_line.end_time), FALSE
    ) AS is_visit_time,
    areas_differ(
        body_areas(column_1_line.body_region, column_1_line.area_minutes),
        body_areas(column_2_line.body_region, column_2_line.area_minutes)
    ) AS other_area,
    column_1_line.encounter_id <> column_2_line.encounter_id AS other_encounter
FROM ptp_pair
INNER JOIN claim_line AS column_1_line ON ptp_pair.column_1_line_id = column_1_line.line_id
INNER JOIN claim_line AS column_2_line ON ptp_pair.column_2_line_id = column_2_line.line_id
WHERE
    ptp_pair.modifier_indicator = 1
    AND ptp_pair.same_payer
    AND ptp_pair.has_distinct_service
    AND NOT ptp_pair.is_column_2_denied;
