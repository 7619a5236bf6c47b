-- What the payer leaves of a code on a visit: of its medically unlikely edit, where that binds the payer, and of its own
-- daily limit, which counts the code's units of the day on all of the patient's visits (MED009). NULL: no limit is known. A
-- first code is given once and never short of a unit. Takes the name of a table of the codes asked about: (visit_id, procedure_code).
CREATE OR REPLACE MACRO room_of_code(asked_codes) AS TABLE
WITH billed_code AS (
    SELECT
        claim_line.visit_id,
        claim_line.timed_as,
        claim_line.procedure_code,
        is_first_code,
        service_date,
        setting,
        setting_position,
        coalesce(follows_ncci, FALSE) AS follows_ncci,
        sum(units) AS units,
        any_value(patient_id) AS patient_id,
        any_value(payer_key) AS payer_key,
        any_value(coverage_order) AS coverage_order
    FROM query_table(asked_codes) AS asked
    INNER JOIN claim_line ON asked.visit_id = claim_line.visit_id AND asked.procedure_code = claim_line.timed_as
    WHERE is_timed AND counts_units
    GROUP BY ALL
),

-- Of the codes that a payer limits.
units_of_code AS (
    SELECT
        patient_id,
        service_date,
        payer_key,
        coverage_order,
        procedure_code,
        sum(units) AS units_of_day
    FROM claim_line
    WHERE
        counts_units
        AND procedure_code IN (SELECT procedure_code FROM payer_limit WHERE daily_units IS NOT NULL)
    GROUP BY patient_id, service_date, payer_key, coverage_order, procedure_code
)
SELECT
    billed_code.visit_id,
    billed_code.timed_as AS procedure_code,
    CASE
        WHEN
            count(*) FILTER (WHERE NOT billed_code.is_first_code)
            = count(least(mue.mue, payer_limit.daily_units)) FILTER (WHERE NOT billed_code.is_first_code)
            THEN
                coalesce(
                    sum(
                        greatest(
                            0, least(mue.mue - billed_code.units, payer_limit.daily_units - units_of_code.units_of_day)
                        )
                    )
                    FILTER (WHERE NOT billed_code.is_first_code), 0
                )
    END AS units_left
FROM billed_code
LEFT JOIN mue
    ON
        billed_code.follows_ncci
        AND billed_code.setting = mue.setting
        AND billed_code.procedure_code = mue.procedure_code
        AND billed_code.service_date BETWEEN mue.effective_from AND mue.effective_to
LEFT JOIN payer_limit
    ON
        billed_code.setting_position = payer_limit.setting_position
        AND billed_code.procedure_code = payer_limit.procedure_code
        AND payer_limit.daily_units IS NOT NULL
LEFT JOIN units_of_code
    ON
        payer_limit.daily_units IS NOT NULL
        AND billed_code.patient_id = units_of_code.patient_id
        AND billed_code.service_date = units_of_code.service_date
        AND billed_code.payer_key = units_of_code.payer_key
        AND billed_code.coverage_order = units_of_code.coverage_order
        AND billed_code.procedure_code = units_of_code.procedure_code
GROUP BY billed_code.visit_id, billed_code.timed_as;
