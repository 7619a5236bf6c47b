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
reads = ["claim_line", "export_year", "payer_limit", "year_line"]
version = 2
since = "0.1.0"
checks = "The units of a code on one date are more than the payer's daily_units for it, or the line stands on a visit after the last that the payer's yearly_visits allows."
why = "Units and visits beyond the payer's own limit are not payable without its approval; what was paid for them is a potential overpayment."
numerator = "lines that bear units over the daily limit, or that stand on a visit over the yearly limit"
denominator = "lines that were not denied"
applies_to = "payers whose limits audit.toml states. Units are added up per patient, date, code and payer, cheapest lines first; visits are dates of service of one patient with one payer in one calendar year, in order of date. Visits before the audited period count, where the export holds them, and are not flagged. An export that begins within the year counts too few visits, never too many; the message says where it begins."
not_evaluated_when = "The payer's policy states neither a daily limit for the code nor a yearly limit of visits; self-pay."
flagged_example = "97140 with 3 units to a plan that allows 2 a day: one unit over."
correct_example = "97140 with 2 units to the same plan."
fix = "Look for an authorization. Without one correct the units, or refund the visits over the limit, and watch the count in the schedule."
false_positives = "An approval for more; visits of another discipline that the plan counts apart."
references = ["The payer's policy, as written down in audit.toml"]
+++*/
WITH counted_visit AS (
    SELECT
        patient_id,
        payer_key,
        coverage_order,
        service_date,
        row_number() OVER (
            PARTITION BY patient_id, payer_key, coverage_order, year(service_date) ORDER BY service_date
        ) AS visit_of_year
    FROM year_line
    WHERE NOT is_denied
    GROUP BY patient_id, payer_key, coverage_order, service_date
),

limited_line AS (
    SELECT
        claim_line.*,
        daily.daily_units,
        yearly.yearly_visits,
        counted_visit.visit_of_year
    FROM claim_line
    INNER JOIN counted_visit USING (patient_id, payer_key, coverage_order, service_date)
    LEFT JOIN payer_limit AS daily
        ON
            claim_line.setting_position = daily.setting_position
            AND claim_line.procedure_code = daily.procedure_code
            AND daily.daily_units IS NOT NULL
    LEFT JOIN payer_limit AS yearly
        ON
            claim_line.setting_position = yearly.setting_position
            AND yearly.yearly_visits IS NOT NULL
    WHERE NOT claim_line.is_denied
),

judged_line AS (
    SELECT
        *,
        visit_of_year > yearly_visits AS is_visit_over,
        sum(units) OVER code_of_day AS units_of_day,
        units_to_take(
            sum(units) OVER code_of_day - daily_units,
            sum(units) OVER cheaper_line,
            units
        ) AS units_over
    FROM limited_line
    WINDOW
        code_of_day AS (PARTITION BY patient_id, service_date, payer_key, coverage_order, procedure_code),
        cheaper_line AS (
            PARTITION BY patient_id, service_date, payer_key, coverage_order, procedure_code
            ORDER BY unit_price(line_amount, units), line_id DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
)
SELECT
    line_id AS subject_id,
    coalesce(is_visit_over, FALSE) OR coalesce(units_over > 0, FALSE) AS is_flagged,
    CASE
        WHEN unit_rule = 'none' THEN reason_self_pay()
        WHEN coalesce(daily_units, yearly_visits) IS NULL THEN 'the payer''s policy states no limit'
    END AS reason,
    one_line(line_id, CASE WHEN is_visit_over THEN line_amount ELSE amount_of_units(line_amount, units_over, units) END) AS lines,
    CASE
        WHEN is_visit_over
            THEN
                'visit ' || visit_of_year || ' of ' || service_year || ' with '
                || coalesce(payer_name, payer_id, 'the payer') || ', which allows ' || yearly_visits
                || '; the export holds ' || service_year || ' from ' || first_service_date || ' on'
        ELSE procedure_code || ': ' || counted(units_of_day, 'unit', 'units') || ' on the date, the payer allows ' || daily_units
    END AS message,
    {
        'visit_of_year': visit_of_year,
        'yearly_visits': yearly_visits,
        'export_holds_year_from': first_service_date,
        'units_of_day': units_of_day,
        'daily_units': daily_units
    } AS evidence
FROM judged_line
INNER JOIN export_year ON year(judged_line.service_date) = export_year.service_year
ORDER BY subject_id;
