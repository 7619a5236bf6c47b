/*+++
id = "MOD010"
name = "59-rate-outlier"
title = "Modifier 59 used far more often than by the other providers"
family = "modifier"
severity = "info"
confidence = "pattern"
direction = "none"
subject = "provider"
partition_by = "provider"
reads = ["paired_line"]
version = 2
since = "0.1.0"
checks = "For each provider: of the column 2 lines that stand in an NCCI edit of the day, the share with a modifier of the 59 family on either line. The lower end of its Wilson interval is compared with the rate of all other providers of the export together. Lines outside the period count for the rates, and are not named."
why = "Whether two services were separate varies from visit to visit. A provider or a system that nearly always says so appends the modifier by habit, and payers look for exactly that."
numerator = "providers whose 59 rate lies above their peers' rate with the given confidence"
denominator = "providers with column 2 lines in an edit in force"
applies_to = "every payer class except self-pay, whose lines are left out, as are secondary claims"
not_evaluated_when = "Fewer than min_lines such lines; fewer than min_peers other providers with such lines; lines of a pair without NPI."
flagged_example = "38 of 40 paired lines with 59 (95 %, interval from 78 %), peers 60 of 120 (50 %)."
correct_example = "25 of 40 paired lines with 59 (62 %, interval from 42 %), peers 60 of 120 (50 %)."
fix = "Read a sample of the provider's notes for what made the services separate; find out whether a system appends the modifier by itself."
false_positives = "A provider whose patients' payers deny without the modifier while the peers' payers do not; one who alone treats a second area on the same day."
references = ["NCCI policy manual 2026, ch. I, sec. E", "E. B. Wilson, Probable inference, J. Am. Stat. Assoc. 22 (1927)"]

[params.min_lines]
type = "integer"
default = 30
help = "paired lines that a provider must have to be judged"

[params.min_peers]
type = "integer"
default = 5
help = "other providers with paired lines that there must be"

[params.confidence]
type = "number"
default = 0.99
help = "confidence of the two-sided Wilson interval"
+++*/
WITH provider_count AS (
    SELECT
        provider_npi,
        min(line_id) FILTER (WHERE in_period) AS first_line_id,
        count(*) AS paired_lines,
        count(*) FILTER (WHERE is_separated) AS hits,
        list({'line_id': line_id, 'amount_at_risk': at_risk(0)} ORDER BY line_id)
        FILTER (WHERE in_period AND is_separated) AS lines
    FROM paired_line
    GROUP BY provider_npi
),

provider_rate AS (
    SELECT
        *,
        -- All providers but this one; a line without NPI is nobody's.
        count(provider_npi) OVER () - 1 AS peers,
        sum(paired_lines) FILTER (WHERE provider_npi IS NOT NULL) OVER () - paired_lines AS peer_lines,
        sum(hits) FILTER (WHERE provider_npi IS NOT NULL) OVER () - hits AS peer_hits
    FROM provider_count
),

judged_provider AS (
    SELECT
        *,
        CASE
            WHEN provider_npi IS NULL THEN reason_no_npi_on_pair()
            WHEN paired_lines < $min_lines THEN 'too few paired lines to judge by'
            WHEN peers < $min_peers THEN 'too few other providers to compare with'
        END AS reason,
        CASE WHEN reason IS NULL THEN wilson_lower_bound(hits, paired_lines, $confidence) END AS lower_bound,
        CASE WHEN reason IS NULL THEN 1 - wilson_lower_bound(paired_lines - hits, paired_lines, $confidence) END AS upper_bound,
        CASE WHEN reason IS NULL THEN peer_hits / peer_lines END AS peer_rate
    FROM provider_rate
)
SELECT
    coalesce(lines[1].line_id, first_line_id) AS subject_id,
    coalesce(provider_npi, '') AS subject_key,
    lower_bound > peer_rate AND lines IS NOT NULL AS is_flagged,
    reason,
    lines,
    'NPI ' || provider_npi || ': ' || hits || ' of ' || paired_lines || ' paired lines have a modifier of the 59 family ('
    || format('{:.1f} %; ', 100 * hits / paired_lines)
    || format('allowing for chance, {:.1f} to {:.1f} %', 100 * lower_bound, 100 * upper_bound)
    || '); ' || peers || ' other providers: ' || peer_hits || ' of ' || peer_lines || ' (' || format('{:.1f}', 100 * peer_rate)
    || ' %)' AS message,
    {
        'provider_npi': provider_npi, 'paired_lines': paired_lines, 'with_59': hits, 'confidence': $confidence,
        'lower_bound': round(lower_bound, 4), 'upper_bound': round(upper_bound, 4), 'peers': peers,
        'peer_lines': CAST(peer_lines AS BIGINT), 'peer_lines_with_59': CAST(peer_hits AS BIGINT),
        'peer_rate': round(peer_rate, 4)
    } AS evidence
FROM judged_provider
WHERE first_line_id IS NOT NULL
ORDER BY subject_id;
