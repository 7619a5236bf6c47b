/*+++
id = "CLM003"
name = "invalid-npi"
title = "NPI that fails its check digit"
family = "claim"
severity = "low"
confidence = "certain"
direction = "none"
subject = "line"
partition_by = "line"
reads = ["claim_line"]
version = 3
since = "0.1.0"
checks = "An NPI has ten digits, begins with 1 or 2, and its last digit follows from the others. The rendering or the billing NPI of the line does not."
why = "Such a number belongs to nobody. The claim names no provider, and every rule that compares the work of one provider goes astray."
numerator = "lines whose rendering or billing NPI fails the check"
denominator = "lines with an NPI"
applies_to = "every payer"
not_evaluated_when = "The line has neither a rendering nor a billing NPI; a person's name that stands in for one is none."
flagged_example = "Rendering NPI 1234567890: the check digit would be 3."
correct_example = "Rendering NPI 1234567893."
fix = "Look the provider up in the NPI registry, correct the system's provider record, and resend claims that went out with the wrong number."
false_positives = "An export that puts a provider's internal number into the column."
references = ["45 CFR 162.406 (national provider identifier, check digit)"]
+++*/
-- Each number is tried once, however many lines it stands on.
WITH seen_npi AS (
    SELECT rendering_npi AS npi FROM claim_line
    UNION
    SELECT billing_npi AS npi FROM claim_line
),

invalid_npi AS (
    SELECT npi FROM seen_npi WHERE NOT stands_for_npi(npi) GROUP BY npi HAVING NOT bool_and(npi_is_valid(npi))
),

judged_line AS (
    SELECT
        claim_line.line_id,
        coalesce(stands_for_npi(claim_line.rendering_npi), TRUE) AND claim_line.billing_npi IS NULL AS no_npi,
        invalid_rendering.npi AS invalid_rendering,
        invalid_billing.npi AS invalid_billing
    FROM claim_line
    LEFT JOIN invalid_npi AS invalid_rendering ON claim_line.rendering_npi = invalid_rendering.npi
    LEFT JOIN invalid_npi AS invalid_billing ON claim_line.billing_npi = invalid_billing.npi
)
SELECT
    line_id AS subject_id,
    coalesce(invalid_rendering, invalid_billing) IS NOT NULL AS is_flagged,
    CASE WHEN no_npi THEN reason_no_npi() END AS reason,
    one_line(line_id, 0) AS lines,
    concat_ws(', ', 'rendering NPI ' || invalid_rendering, 'billing NPI ' || invalid_billing)
    || ' is no NPI: ten digits are wanted, and the last must follow from the others' AS message,
    {
        'invalid': list_filter(
            ['rendering NPI ' || invalid_rendering, 'billing NPI ' || invalid_billing], lambda number : number IS NOT NULL
        )
    } AS evidence
FROM judged_line
ORDER BY subject_id;
