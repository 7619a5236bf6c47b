/*+++
id = "TIM012"
name = "minutes-heaping"
title = "Visits crowd on the first minute that earns another unit"
family = "time"
severity = "info"
confidence = "pattern"
direction = "none"
subject = "provider"
partition_by = "provider"
reads = ["export_visit", "export_line"]
version = 4
since = "0.1.0"
checks = "8, 23, 38, 53 and 68 timed minutes are the first that earn another unit. A provider's visits at exactly these minutes are compared with those a few minutes to either side, among which nothing sets them apart."
why = "Recorded time spreads smoothly. Where it stands again and again on the very minute that earns a unit, minutes may have been written to fit the units. It is a pattern, not a proof: it says whose notes to read."
numerator = "providers whose visits stand on these minutes at least min_ratio times as often as on the minutes around them, with a binomial p below max_p"
denominator = "providers with visits whose timed minutes are recorded"
applies_to = "every payer class except self-pay; secondary claims and visits with a timed line of several days are left out. All lines given count, those outside the period too; a provider without a visit in the period is not judged."
not_evaluated_when = "Fewer than min_visits visits with timed minutes; visits that name no provider; self-pay only."
flagged_example = "80 visits, 40 of them at exactly 38 minutes, 12 at 35-37 and 39-41: 2 expected on such a minute, 40 found."
correct_example = "80 visits spread over 30 to 50 minutes, 5 of them at exactly 38."
fix = "Read a sample of the notes and compare with arrival and departure times."
false_positives = "A documentation system that suggests the minutes; sessions planned for exactly 23 or 38 minutes."
references = ["CMS Pub. 100-04, ch. 5, sec. 20.2 (Transmittal 2121, effective 2011-03-21)"]

[params.min_visits]
type = "integer"
default = 50
help = "visits with timed minutes that a provider must have to be judged"

[params.longest_minutes]
type = "integer"
default = 68
help = "the last minute looked at; beyond it visits are too few and too mixed"

[params.neighbours]
type = "integer"
default = 3
help = "minutes to either side that are compared, 1 to 7"

[params.min_ratio]
type = "number"
default = 2
help = "how many times the expected number of visits must stand on these minutes"

[params.max_p]
type = "number"
default = 0.001
help = "largest probability of so many visits by chance"
+++*/
WITH timed_visit AS (
    SELECT
        export_visit.visit_id,
        any_value(export_visit.in_period) AS in_period,
        CASE WHEN count(export_line.provider_npi) = count(*) THEN any_value(export_line.provider_npi) END
            AS provider_npi,
        any_value(export_visit.unit_rule) = 'none' AS is_self_pay,
        any_value(export_visit.most_timed_minutes) AS timed_minutes
    FROM export_visit
    INNER JOIN export_line USING (visit_id)
    WHERE
        export_visit.coverage_order = 'P' AND export_visit.minutes_from IN ('lines', 'visit total')
        AND export_line.is_timed AND export_line.counts_units AND NOT export_visit.has_units_of_days
    GROUP BY export_visit.visit_id
    -- A visit shared by two providers is neither's record.
    HAVING count(DISTINCT export_line.provider_npi) < 2
),

provider_count AS (
    SELECT
        provider_npi,
        min(visit_id) FILTER (WHERE in_period) AS first_line_id,
        bool_and(is_self_pay) AS is_self_pay,
        count(*) FILTER (WHERE NOT is_self_pay) AS visits,
        count(*) FILTER (WHERE stands_on_step) AS hits,
        count(*) FILTER (WHERE stands_near_step) AS near_visits,
        list({'line_id': visit_id, 'amount_at_risk': at_risk(0)} ORDER BY visit_id)
        FILTER (WHERE stands_on_step AND in_period) AS lines
    FROM (
        SELECT
            *,
            NOT is_self_pay AND timed_minutes <= $longest_minutes
            AND units_supported(timed_minutes) > units_supported(timed_minutes - 1) AS stands_on_step,
            -- One of the minutes within reach earns another unit.
            NOT is_self_pay AND timed_minutes <= $longest_minutes + $neighbours
            AND units_supported(timed_minutes + $neighbours) > units_supported(timed_minutes - $neighbours - 1)
                AS stands_near_step
        FROM timed_visit
    ) AS placed_visit
    GROUP BY provider_npi
    HAVING bool_or(in_period)
),

-- If nothing sets the minute of the step apart, each of the 2 x neighbours + 1 minutes holds the same share of these visits.
judged_provider AS (
    SELECT
        *,
        (near_visits - hits) / (2 * $neighbours) AS expected,
        binomial_at_least(hits, near_visits, 1.0 / (2 * $neighbours + 1)) AS p,
        CASE
            WHEN is_self_pay THEN reason_self_pay()
            WHEN provider_npi IS NULL THEN 'the visits name no provider'
            WHEN visits < $min_visits THEN 'too few visits with timed minutes to judge by'
        END AS reason
    FROM provider_count
)
SELECT
    coalesce(lines[1].line_id, first_line_id) AS subject_id,
    coalesce(provider_npi, '') AS subject_key,
    p < $max_p AND hits >= $min_ratio * expected AND lines IS NOT NULL AS is_flagged,
    reason,
    lines,
    'NPI ' || provider_npi || ': ' || hits || ' of ' || visits || ' visits (' || format('{:.1f}', 100 * hits / visits)
    || ' %) have exactly as many timed minutes as earn another unit (8, 23, 38 and so on up to ' || $longest_minutes
    || '); the minutes around lead to expect ' || format('{:.1f} ({:.1f} %)', expected, 100 * expected / visits)
    || '; so many come about by chance ' || by_chance(p) AS message,
    {
        'provider_npi': provider_npi, 'visits': visits, 'visits_on_the_minute': hits, 'visits_near_it': near_visits - hits,
        'expected': round(expected, 1), 'neighbours': $neighbours, 'p': CAST(format('{:.1e}', p) AS DOUBLE)
    } AS evidence
FROM judged_provider
ORDER BY subject_id;
