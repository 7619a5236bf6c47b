-- Minutes and units of each code on each visit, then of each visit as a whole. Time rules read these and no lines.
CREATE OR REPLACE TABLE code_of_visit AS
SELECT
    visit_id,
    procedure_code,
    unit_basis,
    is_timed,
    sum(units) AS units,
    -- A part of the amounts is no price of the code.
    CASE WHEN count(line_amount) = count(*) THEN sum(line_amount) END AS amount,
    CASE WHEN count("minutes") = count(*) THEN CAST(sum("minutes") AS INTEGER) END AS "minutes"
FROM claim_line
-- What was denied, or billed to be denied, was not asked to be paid.
WHERE counts_units
GROUP BY visit_id, procedure_code, unit_basis, is_timed;

CREATE OR REPLACE TABLE visit AS
WITH visit_header AS (
    SELECT
        visit_id,
        min(patient_id) AS patient_id,
        min(service_date) AS service_date,
        min(practice_npi) AS practice_npi,
        min(discipline) AS discipline,
        min(payer_key) AS payer_key,
        min(coverage_order) AS coverage_order,
        min(payer_class) AS payer_class,
        min(unit_rule) AS unit_rule,
        max(visit_timed_minutes) AS most_recorded_minutes,
        min(visit_timed_minutes) AS fewest_recorded_minutes
    FROM claim_line
    GROUP BY visit_id
),

timed_visit AS (
    SELECT
        visit_id,
        sum(units) FILTER (WHERE is_timed) AS timed_units,
        count(*) FILTER (WHERE is_timed) AS timed_codes,
        bool_or(starts_with(unit_basis, 'timed_') AND NOT is_timed) AS has_first_addon_code,
        -- NULL as soon as one timed code lacks minutes: a part of the minutes proves nothing about the whole.
        CASE
            WHEN count(*) FILTER (WHERE is_timed AND "minutes" IS NULL) = 0
                THEN CAST(sum("minutes") FILTER (WHERE is_timed) AS INTEGER)
        END AS code_minutes,
        CAST(sum(units_supported("minutes")) FILTER (WHERE is_timed) AS INTEGER) AS sum_of_ama_units,
        CAST(sum("minutes" // 15) FILTER (WHERE is_timed) AS INTEGER) AS quarter_hours,
        list_reverse_sort(list("minutes" % 15) FILTER (WHERE is_timed AND "minutes" IS NOT NULL)) AS remainders
    FROM code_of_visit
    GROUP BY visit_id
),

visit_minutes AS (
    SELECT
        visit_header.*,
        timed_visit.* EXCLUDE (visit_id),
        -- Two records of the time may disagree: an excess must stand against the larger, a shortfall against the smaller.
        greatest(code_minutes, most_recorded_minutes) AS most_timed_minutes,
        least(code_minutes, fewest_recorded_minutes) AS fewest_timed_minutes,
        units_supported(code_minutes) - quarter_hours AS units_left
    FROM visit_header
    INNER JOIN timed_visit USING (visit_id)
)
SELECT
    * EXCLUDE (most_recorded_minutes, fewest_recorded_minutes, sum_of_ama_units, remainders),
    units_supported(most_timed_minutes) AS most_cms_units,
    units_supported(fewest_timed_minutes) AS fewest_cms_units,
    -- A total beyond the sum of the codes' minutes means that one of them has more, or less, than its line says: which one
    -- is not known, and the total may have been split in any way.
    CASE
        WHEN code_minutes = most_timed_minutes THEN sum_of_ama_units
        ELSE most_units_of_any_split(most_timed_minutes, timed_codes)
    END AS most_ama_units,
    CASE
        WHEN code_minutes = fewest_timed_minutes THEN sum_of_ama_units
        ELSE fewest_units_of_any_split(fewest_timed_minutes, timed_codes)
    END AS fewest_ama_units,
    -- Units left after every code has its whole quarter hours go one each to the largest remainders.
    CASE WHEN units_left > 0 THEN remainders[units_left] END AS last_remainder_served,
    CASE WHEN units_left > 0 THEN coalesce(remainders[units_left + 1], -1) END AS next_remainder_waiting
FROM visit_minutes;

CREATE OR REPLACE TABLE visit_code AS
SELECT
    code_of_visit.*,
    units_supported(code_of_visit."minutes") AS ama_units,
    -- Acceptable units under the CMS rule: among tied remainders any choice is right, so a code has a least and a most.
    code_of_visit."minutes" // 15
    + CAST(coalesce(code_of_visit."minutes" % 15 > visit.next_remainder_waiting, FALSE) AS INTEGER) AS least_cms_units,
    code_of_visit."minutes" // 15
    + CAST(coalesce(code_of_visit."minutes" % 15 >= visit.last_remainder_served, FALSE) AS INTEGER) AS most_cms_units
FROM code_of_visit
INNER JOIN visit USING (visit_id)
WHERE code_of_visit.is_timed;
