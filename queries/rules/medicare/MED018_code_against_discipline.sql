/*+++
id = "MED018"
name = "code-against-discipline"
title = "Code or revenue code of another discipline than the modifier"
family = "medicare"
severity = "medium"
confidence = "certain"
direction = "coding"
subject = "line"
partition_by = "patient"
reads = ["claim_line"]
version = 1
since = "0.2.0"
checks = "A physical therapy evaluation (97161-97164) stands under GO or GN and not under GP, an occupational one (97165-97168) under GP or GN and not under GO; or a revenue code of therapy (042x, 043x, 044x) stands beside the modifier of another discipline."
why = "Code, revenue code and modifier name the same discipline, or one of them is wrong. Payers return such lines, and they count towards the wrong threshold."
numerator = "lines whose code or revenue code is of another discipline than their modifier"
denominator = "evaluations and lines with a therapy revenue code"
applies_to = "every payer"
not_evaluated_when = "The line has none of GP, GO and GN."
flagged_example = "97161-GO; or 97110-GP with revenue code 0430 (occupational therapy)."
correct_example = "97161-GP; or 97110-GP with revenue code 0420."
fix = "See under which plan of care the service was given; correct the code, the modifier or the revenue code."
ask = "the plan of care, and the discipline that it is of"
false_positives = "None known."
references = ["CMS Pub. 100-04, ch. 5, sec. 20.1 (GP, GO, GN)", "CMS Pub. 100-04, ch. 5, sec. 10.4"]
+++*/
WITH judged_line AS (
    SELECT
        *,
        CASE
            WHEN starts_with(service_kind, 'physical_') THEN 'GP'
            WHEN starts_with(service_kind, 'occupational_') THEN 'GO'
        END AS modifier_of_code,
        CASE left(regexp_extract(revenue_code, '^0?(4[234][0-9])$', 1), 2)
            WHEN '42' THEN 'GP' WHEN '43' THEN 'GO' WHEN '44' THEN 'GN'
        END AS modifier_of_revenue,
        coalesce(NOT list_contains(modifiers, modifier_of_code), FALSE) AS is_other_code,
        coalesce(NOT list_contains(modifiers, modifier_of_revenue), FALSE) AS is_other_revenue
    FROM claim_line
    WHERE coalesce(modifier_of_code, modifier_of_revenue) IS NOT NULL
)
SELECT
    line_id AS subject_id,
    is_other_code OR is_other_revenue AS is_flagged,
    CASE WHEN NOT has_plan_of_care THEN 'no plan of care (GP, GO, GN) is stated' END AS reason,
    one_line(line_id, 0) AS lines,
    CASE WHEN is_other_code THEN procedure_code ELSE procedure_code || ' with revenue code ' || revenue_code END
    || ' belongs to ' || CASE WHEN is_other_code THEN modifier_of_code ELSE modifier_of_revenue END || '; the line carries '
    || array_to_string(modifiers, ' ') AS message,
    {'procedure_code': procedure_code, 'revenue_code': revenue_code, 'modifiers': modifiers} AS evidence
FROM judged_line
ORDER BY subject_id;
