/*+++
id = "MAN005"
name = "code-follows-payer"
title = "More manual therapy and less massage where massage is not covered"
family = "massage"
severity = "info"
confidence = "pattern"
direction = "none"
subject = "provider"
partition_by = "provider"
reads = ["export_line"]
version = 3
since = "0.1.0"
checks = "For each provider: the share of manual therapy (97140) among massage and manual therapy lines, for payers that do not cover massage, or in a plan of care alone (Medicare), and for all others. Fisher's exact test says how likely so much more manual therapy is if the payer made no difference. Lines outside the period count for the habit, and are not named."
why = "What a patient needs does not depend on who pays. Where the code does, either the services differ from payer to payer or the code follows what is paid: the notes tell which. It is a pattern, no proof."
numerator = "providers with a higher share of 97140 where massage is not covered, or in a plan of care alone, one-sided p below max_p"
denominator = "providers with 97124 or 97140 lines"
applies_to = "every payer class except self-pay, whose lines are left out, as are secondary claims"
not_evaluated_when = "Fewer than min_lines 97124 and 97140 lines on either side; lines that name no provider."
flagged_example = "Not covered: 40 of 40 lines are 97140. Elsewhere: 20 of 40."
correct_example = "Not covered: 30 of 40 lines are 97140. Elsewhere: 26 of 40."
fix = "Read a sample of the notes of 97140 lines for the payers that do not cover massage. Where massage is what was done, correct those claims; where it was not, there is nothing to correct."
false_positives = "A provider who offers massage only to patients whose payer covers it, and sends the others elsewhere."
references = ["Definition of 97124 and 97140 in plain words: docs/notes.md", "R. A. Fisher, Statistical Methods for Research Workers, sec. 21.02"]

[params.min_lines]
type = "integer"
default = 20
help = "97124 and 97140 lines that a provider must have on each side"

[params.max_p]
type = "number"
default = 0.01
help = "largest probability of such a difference by chance"
+++*/
WITH hands_on_line AS (
    SELECT
        line_id,
        provider_npi,
        in_period,
        service_kind = 'manual_therapy' AS is_manual,
        -- Medicare covers massage inside a plan of care alone: to a habit of coding the two are one.
        massage_coverage IN ('not_covered', 'plan_of_care') AS is_not_covered,
        massage_coverage = 'plan_of_care' AS is_by_plan
    FROM export_line
    WHERE service_kind IN ('massage', 'manual_therapy') AND coverage_order = 'P' AND unit_rule <> 'none'
),

provider_count AS (
    SELECT
        provider_npi,
        min(line_id) FILTER (WHERE in_period) AS first_line_id,
        count(*) FILTER (WHERE is_not_covered) AS not_covered_lines,
        count(*) FILTER (WHERE is_not_covered AND is_manual) AS not_covered_manual,
        -- What the payers' policies say of massage, in words.
        CASE
            WHEN bool_and(is_by_plan) FILTER (WHERE is_not_covered) THEN 'is covered in a plan of care alone'
            WHEN bool_or(is_by_plan) THEN 'is not covered, or in a plan of care alone'
            ELSE 'is not covered'
        END AS coverage,
        count(*) FILTER (WHERE NOT is_not_covered) AS other_lines,
        count(*) FILTER (WHERE NOT is_not_covered AND is_manual) AS other_manual,
        list({'line_id': line_id, 'amount_at_risk': at_risk(0)} ORDER BY line_id)
        FILTER (WHERE in_period AND is_not_covered AND is_manual) AS lines
    FROM hands_on_line
    GROUP BY provider_npi
    HAVING first_line_id IS NOT NULL
),

judged_provider AS (
    SELECT
        *,
        CASE
            WHEN provider_npi IS NULL THEN 'the lines name no provider'
            WHEN least(not_covered_lines, other_lines) < $min_lines THEN 'too few lines on one side to compare'
        END AS reason,
        CASE
            WHEN reason IS NULL
                THEN
                    fisher_exact_greater(
                        not_covered_manual, not_covered_lines - not_covered_manual, other_manual, other_lines - other_manual
                    )
        END AS p
    FROM provider_count
)
SELECT
    coalesce(lines[1].line_id, first_line_id) AS subject_id,
    coalesce(provider_npi, '') AS subject_key,
    p < $max_p AND lines IS NOT NULL AS is_flagged,
    reason,
    lines,
    'NPI ' || provider_npi || ': manual therapy is ' || not_covered_manual || ' of ' || not_covered_lines
    || ' massage and manual therapy lines (' || format('{:.1f}', 100 * not_covered_manual / not_covered_lines)
    || ' %) where massage ' || coverage || ', ' || other_manual || ' of ' || other_lines || ' ('
    || format('{:.1f}', 100 * other_manual / other_lines) || ' %) elsewhere; so large a difference comes about by chance '
    || by_chance(p) AS message,
    {
        'provider_npi': provider_npi, 'not_covered_lines': not_covered_lines, 'not_covered_manual': not_covered_manual,
        'other_lines': other_lines, 'other_manual': other_manual, 'p': CAST(format('{:.1e}', p) AS DOUBLE)
    } AS evidence
FROM judged_provider
ORDER BY subject_id;
