/*+++
id = "TIM016"
name = "minutes-per-unit"
title = "Visits of a provider bear fewer than 15 minutes a unit, taken together"
family = "time"
severity = "info"
confidence = "pattern"
direction = "none"
subject = "provider"
partition_by = "provider"
reads = ["export_visit", "export_line"]
version = 2
since = "0.1.0"
checks = "Of each of a provider's visits the timed minutes are divided by the timed units billed. Any one visit may have 8 to 14 minutes to a unit; the mean over many should not stand below 15. It is flagged where even the upper end of its one-sided 99 % interval (Student's t) stands below min_mean."
why = "CMS's manual says that units which regularly stand on less than 15 minutes should be highlighted for review: minutes may be cut to what earns the unit. It is a pattern, not a proof: it says whose notes to read."
numerator = "providers whose mean of timed minutes per timed unit lies below min_mean, chance allowed for"
denominator = "providers with visits whose timed minutes are recorded"
applies_to = "every payer but self-pay. All lines given count, those outside the period too; a provider without a visit in the period is not judged. Secondary claims, denied lines, lines billed to be denied and visits whose units look like minutes (TIM011) or are of several days are left out."
not_evaluated_when = "Fewer than min_visits visits with timed minutes and units; visits that name no provider; self-pay only."
flagged_example = "60 visits of one unit each, with 8 to 11 minutes."
correct_example = "60 visits of two units each, with 28 to 32 minutes."
fix = "Read a sample of the notes and compare with arrival and departure times."
false_positives = "Short services that are medically right for most of the provider's patients; minutes exported without those of a second code."
references = ["CMS Pub. 100-04, ch. 5, sec. 20.2 (Transmittal 2121, effective 2011-03-21): highlighted for review"]

[params.min_visits]
type = "integer"
default = 50
help = "visits with timed minutes and units that a provider must have to be judged"

[params.min_mean]
type = "number"
default = 15
help = "minutes per unit below which the mean is flagged"

[params.confidence_level]
type = "number"
default = 0.99
help = "one-sided confidence of the upper end of the interval"
+++*/
WITH timed_visit AS (
    SELECT
        export_visit.visit_id,
        any_value(export_visit.in_period) AS in_period,
        CASE WHEN count(export_line.provider_npi) = count(*) THEN any_value(export_line.provider_npi) END AS provider_npi,
        any_value(export_visit.unit_rule) = 'none' AS is_self_pay,
        any_value(export_visit.most_timed_minutes) / any_value(export_visit.timed_units) AS minutes_per_unit
    FROM export_visit
    INNER JOIN export_line USING (visit_id)
    WHERE
        export_visit.coverage_order = 'P' AND export_visit.minutes_from IN ('lines', 'visit total')
        AND export_visit.timed_units > 0 AND NOT export_visit.has_units_like_minutes AND NOT export_visit.has_units_of_days
        AND export_line.is_timed AND export_line.counts_units
    GROUP BY export_visit.visit_id
    -- A visit shared by two providers is neither's record.
    HAVING count(DISTINCT export_line.provider_npi) < 2
),

judged_provider AS (
    SELECT
        provider_npi,
        min(visit_id) FILTER (WHERE in_period) AS first_line_id,
        count(*) FILTER (WHERE NOT is_self_pay) AS visits,
        -- Rounded, so that the order in which visits are added up decides nothing.
        round(avg(minutes_per_unit) FILTER (WHERE NOT is_self_pay), 9) AS mean,
        round(stddev_samp(minutes_per_unit) FILTER (WHERE NOT is_self_pay), 9) AS deviation,
        list({'line_id': visit_id, 'amount_at_risk': at_risk(0)} ORDER BY visit_id)
        FILTER (WHERE NOT is_self_pay AND in_period AND minutes_per_unit < $min_mean) AS lines,
        CASE
            WHEN bool_and(is_self_pay) THEN reason_self_pay()
            WHEN provider_npi IS NULL THEN 'the visits name no provider'
            WHEN visits < greatest($min_visits, 2) THEN 'too few visits with timed minutes to judge by'
        END AS reason,
        CASE WHEN reason IS NULL THEN upper_bound_of_mean(mean, deviation, visits, $confidence_level) END AS upper_bound
    FROM timed_visit
    GROUP BY provider_npi
    HAVING bool_or(in_period)
)
SELECT
    coalesce(lines[1].line_id, first_line_id) AS subject_id,
    coalesce(provider_npi, '') AS subject_key,
    upper_bound < $min_mean AND lines IS NOT NULL AS is_flagged,
    reason,
    lines,
    format(
        'NPI {}: {} visits bear {:.1f} timed minutes a unit on average, allowing for chance at most {:.1f}; '
        || 'a unit stands for 15',
        provider_npi, visits, mean, upper_bound
    ) AS message,
    {
        'provider_npi': provider_npi, 'visits': visits, 'minutes_per_unit': round(mean, 2),
        'upper_bound': round(upper_bound, 2), 'min_mean': $min_mean
    } AS evidence
FROM judged_provider
ORDER BY subject_id;
