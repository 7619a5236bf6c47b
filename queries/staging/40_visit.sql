-- Minutes and units of each code on each visit, then of each visit as a whole. Time rules read these and few lines.
-- Context lines have visits too: patterns of providers look at all that was given. Rules flag visits of the period only.
CREATE OR REPLACE TABLE code_of_visit AS
WITH counted_line AS (
    SELECT
        *,
        -- Without minutes the line's own clock times say how long it took at most.
        CASE WHEN "minutes" IS NULL AND end_time > start_time THEN {'began': start_time, 'ended': end_time} END AS clock
    FROM export_line
    -- What was denied, or billed to be denied, was not asked to be paid.
    WHERE counts_units
)
SELECT
    visit_id,
    -- First and further codes of one time are one code.
    timed_as AS procedure_code,
    is_timed,
    in_period,
    sum(units) AS units,
    -- A part of the amounts is no price of the code.
    CASE WHEN count(line_amount) = count(*) THEN sum(line_amount) END AS amount,
    CASE WHEN count("minutes") = count(*) THEN CAST(sum("minutes") AS INTEGER) END AS "minutes",
    CAST(coalesce(sum("minutes"), 0) AS INTEGER) AS known_minutes,
    coalesce(list(clock) FILTER (WHERE clock IS NOT NULL), []) AS clocks,
    count(*) FILTER (WHERE "minutes" IS NULL AND clock IS NULL) > 0 AS lacks_time,
    -- The most minutes that the code can have had.
    CASE WHEN NOT lacks_time THEN known_minutes + covered_minutes(clocks) END AS most_minutes,
    bool_or(looks_like_minutes) AS looks_like_minutes,
    max(days) > 1 AS is_of_several_days
FROM counted_line
GROUP BY visit_id, timed_as, is_timed, in_period;

-- What a payer's daily limits of all timed codes, or of all therapy codes, leave the providers of a visit. NULL: of one of
-- them no limit is known.
CREATE OR REPLACE TABLE room_of_visit AS
WITH limited_line AS (
    SELECT
        claim_line.*,
        is_always_therapy OR has_plan_of_care AS is_therapy,
        daily_timed_units - sum(units) FILTER (WHERE starts_with(unit_basis, 'timed_')) OVER timed_day AS timed_left,
        daily_therapy_units - sum(units) FILTER (WHERE is_always_therapy OR has_plan_of_care) OVER therapy_day AS therapy_left
    FROM claim_line
    INNER JOIN payer_limit
        ON claim_line.setting_position = payer_limit.setting_position AND payer_limit.procedure_code IS NULL
    WHERE counts_units
    WINDOW
        timed_day AS (PARTITION BY patient_id, service_date, payer_key, coverage_order, provider_npi, discipline),
        therapy_day AS (PARTITION BY patient_id, service_date, payer_key, coverage_order, provider_npi)
),

provider_of_visit AS (
    SELECT
        visit_id,
        provider_npi,
        least(min(timed_left), CASE WHEN bool_and(is_therapy) THEN min(therapy_left) END) AS units_left
    FROM limited_line
    WHERE is_timed
    GROUP BY visit_id, provider_npi
)
SELECT
    visit_id,
    CASE WHEN count(provider_npi) = count(*) AND count(units_left) = count(*) THEN sum(greatest(0, units_left)) END
        AS units_left_of_all
FROM provider_of_visit
GROUP BY visit_id;

-- What the lines of a visit say of it together. A denied line's minutes count in no visit, nor does a total that only such a line
-- states.
CREATE OR REPLACE TABLE visit_fact AS
SELECT
    visit_id,
    -- The lines of a visit are of one date, so all or none of them are of the period.
    bool_and(in_period) AS in_period,
    min(payer_class) AS payer_class,
    -- One payer under several names may stand under several tables of audit.toml: the first of those that state a rule decides
    -- (the oddities of a run tell of it).
    coalesce(min_by(unit_rule, setting_position) FILTER (WHERE is_unit_rule_stated), min(unit_rule)) AS unit_rule,
    bool_or(is_denied AND is_timed) AS has_denied_timed_line,
    -- Of several encounters, or of an encounter and lines outside any.
    min(encounter_id) FILTER (WHERE NOT is_denied) < max(encounter_id) FILTER (WHERE NOT is_denied)
    OR (
        count(encounter_id) FILTER (WHERE NOT is_denied) > 0
        AND count(encounter_id) FILTER (WHERE NOT is_denied) < count(*) FILTER (WHERE NOT is_denied)
    ) AS has_several_encounters,
    min(visit_timed_minutes) FILTER (WHERE NOT is_denied) AS least_timed_total,
    max(visit_timed_minutes) FILTER (WHERE NOT is_denied) AS most_timed_total,
    min(visit_total_minutes) FILTER (WHERE NOT is_denied) AS least_total,
    max(visit_total_minutes) FILTER (WHERE NOT is_denied) AS most_total
FROM export_line
GROUP BY visit_id;

-- What a visit's lines record of its time as a whole. Encounters that the export tells apart are sessions of their own, each with
-- its total. Without encounters, totals that differ from claim to claim or therapist to therapist may be sessions of their own:
-- an excess must stand against their sum, a shortfall against the least. Equal totals without encounters are one, repeated; so
-- are those of encounters (one_total) where the lines have their minutes and one total holds them all. Most visits have one total on
-- all their lines, and nothing to add up: they are not here.
CREATE OR REPLACE TABLE recorded_time AS
WITH visit_of_sessions AS (
    SELECT visit_id
    FROM visit_fact
    WHERE has_several_encounters OR least_timed_total < most_timed_total OR least_total < most_total
),

stated_session AS (
    SELECT
        visit_id,
        in_period,
        encounter_id,
        CASE WHEN encounter_id IS NULL THEN claim_id END AS claim_of_session,
        CASE WHEN encounter_id IS NULL THEN rendering_npi END AS therapist_of_session,
        max(visit_timed_minutes) AS most_timed,
        min(visit_timed_minutes) AS fewest_timed,
        max(visit_total_minutes) AS most_treatment
    FROM export_line
    WHERE
        visit_id IN (SELECT visit_id FROM visit_of_sessions)
        AND NOT is_denied AND (visit_timed_minutes IS NOT NULL OR visit_total_minutes IS NOT NULL)
    GROUP BY ALL
)
SELECT
    visit_id,
    CAST(total_of_sessions(
        sum(most_timed) FILTER (WHERE encounter_id IS NOT NULL), sum(DISTINCT most_timed) FILTER (WHERE encounter_id IS NULL)
    ) AS INTEGER) AS most_of_sessions,
    CAST(CASE WHEN bool_or(encounter_id IS NULL) THEN min(fewest_timed) ELSE sum(fewest_timed) END AS INTEGER)
        AS fewest_of_sessions,
    CASE WHEN min(fewest_timed) = max(most_timed) THEN max(most_timed) END AS one_total,
    max(most_treatment) AS one_treatment,
    CAST(total_of_sessions(
        sum(most_treatment) FILTER (WHERE encounter_id IS NOT NULL),
        sum(DISTINCT most_treatment) FILTER (WHERE encounter_id IS NULL)
    ) AS INTEGER) AS treatment_of_sessions
FROM stated_session
GROUP BY visit_id;

CREATE OR REPLACE TABLE export_visit AS
WITH timed_visit AS (
    SELECT
        visit_id,
        bool_or(looks_like_minutes) AS has_units_like_minutes,
        coalesce(bool_or(is_of_several_days) FILTER (WHERE is_timed), FALSE) AS has_units_of_days,
        sum(units) FILTER (WHERE is_timed) AS timed_units,
        count(*) FILTER (WHERE is_timed) AS timed_codes,
        -- NULL as soon as one timed code lacks minutes: a part of the minutes proves nothing about the whole.
        CASE
            WHEN count(*) FILTER (WHERE is_timed AND "minutes" IS NULL) = 0
                THEN CAST(sum("minutes") FILTER (WHERE is_timed) AS INTEGER)
        END AS code_minutes,
        count(*) FILTER (WHERE is_timed AND most_minutes IS NULL) > 0 AS has_code_without_time,
        CAST(sum(known_minutes) FILTER (WHERE is_timed) AS INTEGER) AS known_minutes,
        -- Where clock times stand in for minutes: the minutes, and the time that the other lines' intervals cover.
        CASE
            WHEN NOT bool_or(lacks_time) FILTER (WHERE is_timed)
                THEN
                    CAST(sum(known_minutes) FILTER (WHERE is_timed) AS INTEGER)
                    + covered_minutes(flatten(list(clocks) FILTER (WHERE is_timed)))
        END AS clock_minutes,
        CAST(sum(units_supported(most_minutes)) FILTER (WHERE is_timed) AS INTEGER) AS sum_of_ama_units,
        -- What the clock may add to the codes' own minutes under the midpoint: minutes to each code's next unit, and the number
        -- of later ones, of 15 minutes each.
        sum(units_supported(known_minutes)) FILTER (WHERE is_timed) AS known_ama_units,
        coalesce(list(
            CASE WHEN known_minutes < 8 THEN 8 - known_minutes ELSE 15 * units_supported(known_minutes) + 8 - known_minutes END
        ) FILTER (WHERE is_timed AND units_supported(most_minutes) > units_supported(known_minutes)), []) AS next_units,
        coalesce(sum(units_supported(most_minutes) - units_supported(known_minutes) - 1) FILTER (
            WHERE is_timed AND units_supported(most_minutes) > units_supported(known_minutes)
        ), 0) AS later_units,
        CAST(sum("minutes" // 15) FILTER (WHERE is_timed) AS INTEGER) AS quarter_hours,
        list("minutes" % 15) FILTER (WHERE is_timed AND "minutes" IS NOT NULL) AS remainders
    FROM code_of_visit
    GROUP BY visit_id
),

recorded_visit AS (
    SELECT
        visit_id,
        visit_fact.in_period,
        visit_fact.payer_class,
        visit_fact.unit_rule,
        visit_fact.has_denied_timed_line,
        CASE WHEN recorded_time.visit_id IS NULL THEN most_timed_total ELSE most_of_sessions END AS most_of_sessions,
        CASE WHEN recorded_time.visit_id IS NULL THEN most_timed_total ELSE fewest_of_sessions END AS fewest_of_sessions,
        CASE WHEN recorded_time.visit_id IS NULL THEN most_timed_total ELSE one_total END AS one_total,
        CASE WHEN recorded_time.visit_id IS NULL THEN most_total ELSE one_treatment END AS one_treatment,
        CASE WHEN recorded_time.visit_id IS NULL THEN most_total ELSE treatment_of_sessions END AS treatment_of_sessions
    FROM visit_fact
    LEFT JOIN recorded_time USING (visit_id)
),

visit_minutes AS (
    SELECT
        visit_header.* EXCLUDE (line_ids),
        recorded_visit.in_period,
        recorded_visit.payer_class,
        recorded_visit.unit_rule,
        recorded_visit.has_denied_timed_line,
        coalesce(code_minutes <= one_total, FALSE) AS is_one_total,
        CASE WHEN is_one_total THEN one_total ELSE most_of_sessions END AS most_recorded_minutes,
        CASE WHEN is_one_total THEN one_total ELSE fewest_of_sessions END AS fewest_recorded_minutes,
        CASE WHEN is_one_total THEN one_treatment ELSE treatment_of_sessions END AS recorded_treatment_minutes,
        timed_visit.* EXCLUDE (visit_id),
        CASE
            WHEN code_minutes >= coalesce(most_recorded_minutes, 0) THEN 'lines'
            WHEN most_recorded_minutes IS NOT NULL THEN 'visit total'
            WHEN clock_minutes IS NOT NULL THEN 'clock times'
        END AS minutes_from,
        -- Minutes that only the visit's total has: they may be any one code's.
        greatest(0, coalesce(most_recorded_minutes - known_minutes, 0)) AS extra_minutes,
        -- Two records of the time may disagree: an excess must stand against the larger, a shortfall against the smaller.
        -- The clock is asked only where nobody wrote down minutes: it says how many there can be at most, never how few.
        CASE minutes_from
            WHEN 'clock times' THEN clock_minutes
            ELSE greatest(known_minutes, most_recorded_minutes)
        END AS counted_minutes,
        CASE WHEN minutes_from IS NOT NULL THEN counted_minutes END AS most_timed_minutes,
        least(code_minutes, fewest_recorded_minutes) AS fewest_timed_minutes
    FROM visit_header
    INNER JOIN recorded_visit USING (visit_id)
    INNER JOIN timed_visit USING (visit_id)
)
SELECT
    * EXCLUDE (
        known_minutes, clock_minutes, counted_minutes, sum_of_ama_units, known_ama_units, next_units, later_units, is_one_total
    ),
    units_supported(most_timed_minutes) AS most_cms_units,
    units_supported(fewest_timed_minutes) AS fewest_cms_units,
    -- A total beyond the sum of the codes' minutes means that one of them has more, or less, than its line says: which one
    -- is not known, and the total may have been split in any way. So may what the clock leaves, but no code beyond its own.
    CASE minutes_from
        WHEN 'lines' THEN sum_of_ama_units
        WHEN 'visit total' THEN most_units_of_any_split(most_timed_minutes, timed_codes)
        WHEN 'clock times'
            THEN CAST(
                    known_ama_units + units_of_spare_minutes(next_units, later_units, most_timed_minutes - known_minutes)
                    AS INTEGER
                )
    END AS most_ama_units,
    CASE
        WHEN code_minutes = fewest_timed_minutes THEN sum_of_ama_units
        ELSE fewest_units_of_any_split(fewest_timed_minutes, timed_codes)
    END AS fewest_ama_units
FROM visit_minutes
LEFT JOIN room_of_visit USING (visit_id);

CREATE OR REPLACE VIEW visit AS
SELECT * EXCLUDE (in_period)
FROM export_visit
WHERE in_period;

-- Acceptable units under the CMS rule: each code its whole quarter hours, and the units left one each to the largest
-- remainders; among tied remainders any choice is right, so a code has a least and a most. Minutes that only the visit's
-- total has may be any one code's: the most counts them as this one's, the least as another's.
CREATE OR REPLACE TABLE visit_code AS
WITH placed_code AS (
    SELECT
        code_of_visit.* EXCLUDE (in_period, is_timed, clocks, lacks_time, looks_like_minutes, is_of_several_days),
        visit.remainders,
        visit.quarter_hours - code_of_visit."minutes" // 15 AS other_quarters,
        visit.most_cms_units AS units_of_visit,
        units_supported(visit.code_minutes) AS units_of_codes,
        code_of_visit."minutes" + visit.most_timed_minutes - visit.code_minutes AS fullest_minutes
    FROM code_of_visit
    INNER JOIN visit USING (visit_id)
    WHERE code_of_visit.is_timed
)
SELECT
    placed_code.* EXCLUDE (remainders, other_quarters, units_of_visit, units_of_codes, fullest_minutes),
    units_supported("minutes") AS ama_units,
    "minutes" // 15 + CAST(
        len(list_filter(remainders, lambda other : other >= "minutes" % 15))
        <= units_of_codes - other_quarters - "minutes" // 15 AS INTEGER
    ) AS least_cms_units,
    -- By the codes' own minutes alone: what a shortfall stands against.
    "minutes" // 15 + CAST(
        len(list_filter(remainders, lambda other : other > "minutes" % 15)) < units_of_codes - other_quarters - "minutes" // 15
        AS INTEGER
    ) AS most_own_units,
    fullest_minutes // 15 + CAST(
        len(list_filter(remainders, lambda other : other > fullest_minutes % 15))
        - CAST("minutes" % 15 > fullest_minutes % 15 AS INTEGER)
        < units_of_visit - other_quarters - fullest_minutes // 15 AS INTEGER
    ) AS most_cms_units
FROM placed_code;
