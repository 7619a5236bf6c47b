/*+++
id = "MED009"
name = "over-payer-limit"
title = "More units in a day or visits in a year than the payer's policy allows"
family = "medicare"
severity = "medium"
confidence = "likely"
direction = "over"
subject = "line"
partition_by = "patient"
reads = ["export_year", "payer_limit", "year_line"]
version = 5
since = "0.1.0"
checks = "The units of a code on one date are more than the payer's daily_units for it; the units of all timed codes, or of all therapy codes, that a provider billed for a patient on one date are more than its daily_timed_units or daily_therapy_units; or the line stands on a visit after the last that its yearly_visits allows."
why = "Units and visits beyond the payer's own limit are not payable without its approval; what was paid for them is a potential overpayment."
numerator = "lines that bear units over a code's daily limit, or that stand on a visit over the yearly limit; of each day over a limit of all codes the line with the dearest surplus"
denominator = "lines that were neither denied nor billed to be denied"
applies_to = "payers whose limits audit.toml states. Units are added up per patient, date, code and payer; over all timed codes also per provider and discipline, over all therapy codes per provider; cheapest lines bear the surplus first, and what a code's own limit takes is not taken again. Visits are dates of service of one patient with one payer in one calendar year, in order of date. Visits before the audited period count, where the export holds them, and are not flagged."
not_evaluated_when = "The payer's policy states no limit; self-pay; a yearly limit is stated, the export does not hold the year from its start (its first date is after 10 January) and what it holds is within the limit; units of the day look like minutes; a line covers several days, and the units are no more than the limit for each of them; a limit of all codes is stated and the line has no NPI."
flagged_example = "97140 with 3 units to a plan that allows 2 a day: one unit over."
correct_example = "97140 with 2 units to the same plan."
fix = "Look for an authorization. Without one correct the units, or refund the visits over the limit, and watch the count in the schedule."
ask = "the payer's leave for more units or visits"
false_positives = "An approval for more; visits of another discipline that the plan counts apart."
references = ["The payer's policy, as written down in audit.toml"]
+++*/
WITH limited_line AS (
    SELECT
        year_line.*,
        daily.daily_units,
        -- A limit of all codes counts for its own kind of line only, and where it is known who treated.
        CASE WHEN starts_with(unit_basis, 'timed_') AND provider_npi IS NOT NULL THEN every.daily_timed_units END AS timed_limit,
        CASE WHEN (is_always_therapy OR has_plan_of_care) AND provider_npi IS NOT NULL THEN every.daily_therapy_units END
            AS therapy_limit,
        coalesce(every.daily_timed_units, every.daily_therapy_units) AS limit_of_all,
        every.yearly_visits,
        dense_rank() OVER (
            PARTITION BY patient_id, payer_key, coverage_order, year(service_date) ORDER BY service_date
        ) AS visit_of_year,
        -- Nobody knows the units where minutes stand in their place.
        bool_or(looks_like_minutes) OVER (PARTITION BY patient_id, service_date, payer_key, coverage_order)
            AS has_minutes_as_units,
        -- Each day that a line covers may hold as many units.
        max(days) OVER (PARTITION BY patient_id, service_date, payer_key, coverage_order) AS days_of_units
    FROM year_line
    LEFT JOIN payer_limit AS daily
        ON
            year_line.setting_position = daily.setting_position
            AND year_line.procedure_code = daily.procedure_code
            AND daily.daily_units IS NOT NULL
    LEFT JOIN payer_limit AS every
        ON year_line.setting_position = every.setting_position AND every.procedure_code IS NULL
    WHERE
        year_line.counts_units
        -- Where no limit is stated nothing is added up.
        AND (patient_id, payer_key) IN (
            SELECT (patient_id, payer_key) FROM year_line
            WHERE setting_position IN (SELECT setting_position FROM payer_limit)
        )
),

-- Each limit takes the cheapest units first, and none that a limit before it took: the year's, the code's, the timed codes',
-- all therapy codes'.
code_line AS (
    SELECT
        *,
        coalesce(visit_of_year > yearly_visits, FALSE) AS is_visit_over,
        sum(units) OVER code_of_day AS units_of_code,
        units_to_take(
            sum(units) OVER code_of_day - daily_units * days_of_units, sum(units) OVER cheaper_line, units
        ) AS code_over,
        CASE WHEN is_visit_over THEN 0 ELSE units - code_over END AS left_of_code,
        one_surplus(
            sum(units) OVER code_of_day - daily_units * days_of_units, list(line_id ORDER BY line_id) OVER code_of_day
        ) AS code_surplus
    FROM limited_line
    WINDOW
        code_of_day AS (PARTITION BY patient_id, service_date, payer_key, coverage_order, procedure_code),
        cheaper_line AS (
            code_of_day
            ORDER BY unit_price(line_amount, units), claim_id DESC, claim_line_number DESC, line_id DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
),

timed_line AS (
    SELECT
        *,
        sum(units) OVER timed_day AS timed_units,
        units_to_take(
            sum(left_of_code) OVER timed_day - timed_limit * days_of_units, sum(left_of_code) OVER cheaper_line, left_of_code
        ) AS timed_over,
        left_of_code - timed_over AS left_of_timed,
        one_surplus(
            sum(units) OVER timed_day - timed_limit * days_of_units, list(line_id ORDER BY line_id) OVER timed_day
        ) AS timed_surplus
    FROM code_line
    WINDOW
        timed_day AS (
            PARTITION BY patient_id, service_date, payer_key, coverage_order, provider_npi, discipline, timed_limit
        ),
        cheaper_line AS (
            timed_day
            ORDER BY unit_price(line_amount, units), claim_id DESC, claim_line_number DESC, line_id DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
),

therapy_line AS (
    SELECT
        *,
        sum(units) OVER therapy_day AS therapy_units,
        one_surplus(
            sum(units) OVER therapy_day - therapy_limit * days_of_units, list(line_id ORDER BY line_id) OVER therapy_day
        ) AS therapy_surplus,
        timed_over + units_to_take(
            sum(left_of_timed) OVER therapy_day - therapy_limit * days_of_units,
            sum(left_of_timed) OVER cheaper_line, left_of_timed
        ) AS all_over,
        CASE WHEN is_visit_over THEN line_amount ELSE amount_of_units(line_amount, code_over, units) END AS own_amount,
        amount_of_units(line_amount, code_over + all_over, units) AS full_amount
    FROM timed_line
    WINDOW
        therapy_day AS (PARTITION BY patient_id, service_date, payer_key, coverage_order, provider_npi, therapy_limit),
        cheaper_line AS (
            therapy_day
            ORDER BY unit_price(line_amount, units), claim_id DESC, claim_line_number DESC, line_id DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
),

judged_line AS (
    SELECT
        therapy_line.*,
        export_year.first_service_date,
        is_visit_over OR code_over > 0 AS is_own_over,
        -- A day over a limit of all codes is one finding; it stands on the line with the dearest surplus.
        all_over > 0 AND row_number() OVER (
            provider_day ORDER BY all_over > 0 DESC, full_amount - own_amount DESC NULLS LAST, line_id
        ) = 1 AS is_lead,
        list({'line_id': line_id, 'amount_at_risk': at_risk(full_amount - own_amount)})
        FILTER (WHERE all_over > 0) OVER provider_day AS lines_of_day,
        list(
            DISTINCT counted(timed_units, 'unit', 'units') || ' of timed codes on ' || days_in_words(days_of_units)
            || ', the payer allows ' || timed_limit * days_of_units
        )
        FILTER (WHERE timed_units > timed_limit * days_of_units) OVER provider_day AS timed_limits,
        list(
            DISTINCT counted(therapy_units, 'unit', 'units')
            || ' of therapy codes on ' || days_in_words(days_of_units)
            || ', the payer allows ' || therapy_limit * days_of_units
        )
        FILTER (WHERE therapy_units > therapy_limit * days_of_units) OVER provider_day AS therapy_limits,
        list_distinct(list_concat(list(timed_surplus) OVER provider_day, list(therapy_surplus) OVER provider_day))
            AS surplus_of_day
    FROM therapy_line
    INNER JOIN export_year ON year(therapy_line.service_date) = export_year.service_year
    WINDOW provider_day AS (PARTITION BY patient_id, service_date, payer_key, coverage_order, provider_npi)
)
SELECT
    line_id AS subject_id,
    coalesce(is_own_over OR is_lead, FALSE) AS is_flagged,
    CASE
        WHEN unit_rule = 'none' THEN reason_self_pay()
        WHEN coalesce(daily_units, limit_of_all, yearly_visits) IS NULL THEN 'the payer''s policy states no limit'
        WHEN is_visit_over THEN NULL
        WHEN has_minutes_as_units THEN 'units look like minutes'
        WHEN is_flagged THEN NULL
        WHEN
            (units_of_code > daily_units AND units_of_code <= daily_units * days_of_units)
            OR (timed_units > timed_limit AND timed_units <= timed_limit * days_of_units)
            OR (therapy_units > therapy_limit AND therapy_units <= therapy_limit * days_of_units)
            THEN reason_units_of_days()
        WHEN limit_of_all IS NOT NULL AND provider_npi IS NULL THEN reason_no_npi()
        WHEN yearly_visits IS NOT NULL AND first_service_date > make_date(year(service_date), 1, 10)
            THEN reason_year_not_held()
    END AS reason,
    CASE
        WHEN is_lead
            THEN list_sort(list_transform(lines_of_day, lambda one : {
                    'line_id': one.line_id,
                    'amount_at_risk': CASE WHEN one.line_id = line.line_id THEN full_amount ELSE one.amount_at_risk END
                }))
        ELSE one_line(line_id, own_amount)
    END AS lines,
    -- A visit over the year's is taken whole.
    CASE
        WHEN NOT is_visit_over
            THEN list_sort(list_filter(
                    list_concat([code_surplus], CASE WHEN is_lead THEN surplus_of_day END), lambda one : one.units_over > 0
                ))
    END AS surplus,
    -- Every limit that binds: who has leave to exceed one has none for the others.
    concat_ws(
        '; ',
        CASE
            WHEN is_visit_over
                THEN 'visit ' || visit_of_year || ' of ' || year(service_date) || ' with '
                    || coalesce(payer_name, payer_id, 'the payer') || ', which allows ' || yearly_visits
                    || '; the export holds ' || year(service_date) || ' from ' || first_service_date || ' on'
        END,
        CASE
            WHEN code_over > 0
                THEN procedure_code || ': ' || counted(units_of_code, 'unit', 'units') || ' on ' || days_in_words(days_of_units)
                    || ', the payer allows ' || daily_units * days_of_units
        END,
        CASE WHEN is_lead THEN array_to_string(list_concat(list_sort(timed_limits), list_sort(therapy_limits)), '; ') END
    ) AS message,
    {
        'visit_of_year': visit_of_year, 'yearly_visits': yearly_visits, 'export_holds_year_from': first_service_date,
        'units_of_day': units_of_code, 'daily_units': daily_units, 'timed_units_of_day': timed_units,
        'daily_timed_units': timed_limit, 'therapy_units_of_day': therapy_units, 'daily_therapy_units': therapy_limit
    } AS evidence
-- Of the year's lines only those of the audit are judged.
FROM (SELECT line_id, unit_rule FROM year_line WHERE in_period AND counts_units) AS line
LEFT JOIN (SELECT * EXCLUDE (unit_rule) FROM judged_line) AS judged USING (line_id)
ORDER BY subject_id;
