-- The pairs that only a modifier of the 59 family separates (indicator 1, one payer), with what the record says of the two:
-- the minutes that the clock cannot hold, whether the areas differ, whether they are of two encounters. NULL where the
-- record does not say. MOD004 reads the times, MOD005 whatever sets the two apart.
CREATE OR REPLACE VIEW separated_pair AS
SELECT
    ptp_pair.column_2_line_id AS line_id,
    ptp_pair.provider_known,
    ptp_pair.is_column_1_denied,
    column_1_line.procedure_code AS column_1_code,
    column_1_line.claim_id,
    column_1_line.claim_line_number,
    clock_text(column_1_line.start_time) AS began,
    clock_text(column_1_line.end_time) AS ended,
    area_text(column_1_line.body_region, column_1_line.area_minutes) AS areas,
    areas IS NOT NULL OR area_text(column_2_line.body_region, column_2_line.area_minutes) IS NOT NULL AS has_areas,
    -- Beside an adjustment of the spine the record of areas is asked, not the clock.
    column_1_line.is_one_on_one AND column_2_line.is_one_on_one
    AND coalesce(column_1_line.service_kind <> 'spinal_adjustment', TRUE) AS is_one_on_one,
    -- Beside an adjustment of the spine these are separate in another region only, at whatever time.
    coalesce(column_1_line.service_kind = 'spinal_adjustment', FALSE)
    AND column_2_line.procedure_code IN ('97112', '97124', '97140') AS is_by_region_only,
    -- What sets a re-evaluation apart is the patient's changed status.
    column_2_line.procedure_code IN ('97164', '97168') AS is_re_evaluation,
    shared_minutes(
        column_1_line.start_time, column_1_line.end_time, column_2_line.start_time, column_2_line.end_time
    ) AS minutes_of_both,
    -- One time for both is an appointment's, and shows no block of either.
    minutes_of_both IS NOT NULL
    AND column_1_line.start_time = column_2_line.start_time AND column_1_line.end_time = column_2_line.end_time AS is_one_time,
    -- With the minutes of both: how many of them find no room between the first start and the last end.
    CASE
        WHEN
            minutes_of_both IS NOT NULL AND column_1_line."minutes" IS NOT NULL AND column_2_line."minutes" IS NOT NULL
            THEN greatest(
                    0,
                    least(column_1_line."minutes", clock_minutes(column_1_line.start_time, column_1_line.end_time))
                    + least(column_2_line."minutes", clock_minutes(column_2_line.start_time, column_2_line.end_time))
                    - clock_minutes(
                        least(column_1_line.start_time, column_2_line.start_time),
                        greatest(column_1_line.end_time, column_2_line.end_time)
                    )
                )
    END AS minutes_without_room,
    areas_differ(column_2_area.record, column_1_area.record) AS other_area,
    column_1_line.encounter_id <> column_2_line.encounter_id AS other_encounter
FROM ptp_pair
INNER JOIN claim_line AS column_1_line ON ptp_pair.column_1_line_id = column_1_line.line_id
INNER JOIN claim_line AS column_2_line ON ptp_pair.column_2_line_id = column_2_line.line_id
LEFT JOIN line_area AS column_1_area ON ptp_pair.column_1_line_id = column_1_area.line_id
LEFT JOIN line_area AS column_2_area ON ptp_pair.column_2_line_id = column_2_area.line_id
WHERE
    ptp_pair.modifier_indicator = 1
    AND ptp_pair.same_payer
    AND ptp_pair.has_distinct_service
    AND NOT ptp_pair.is_column_2_denied;
