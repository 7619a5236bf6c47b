/*+++
id = "CLM004"
name = "impossible-date"
title = "Service dated after it was billed or paid"
family = "claim"
severity = "medium"
confidence = "certain"
direction = "none"
subject = "line"
partition_by = "line"
reads = ["claim_line"]
version = 1
since = "0.1.0"
checks = "The date of service lies after the day on which the claim was submitted or paid, or after the as-of date where one is set. Of a line with two dates of service the later counts."
why = "A service cannot be billed before it is given. Either the date is wrong, and with it every check by date, or the claim was sent before the treatment."
numerator = "lines whose date of service is after submission, payment or the as-of date"
denominator = "lines with a submitted or paid date, or all lines where as_of is set"
applies_to = "every payer. An audit reads no clock, so that the same export always gives the same findings: as_of stands for today where it is wanted."
not_evaluated_when = "The line has neither a submitted nor a paid date, and as_of is not set."
flagged_example = "Date of service 2025-11-13, submitted 2025-11-07."
correct_example = "Date of service and submission both 2025-11-07."
fix = "Compare the claim with the appointment book and the treatment note; correct the date, or withdraw the claim if the service was not given yet."
false_positives = "Month and day changed places in the export; a paid date carried over from an earlier claim."
references = ["CMS Pub. 100-04, ch. 26, sec. 10.4 (item 24A, dates of service)"]

[params.as_of]
type = "text"
default = ""
help = "last day (YYYY-MM-DD) on which a service can have been given, usually the day of the export; empty: not checked"
+++*/
WITH judged_line AS (
    SELECT
        line_id,
        submitted_date IS NULL AND paid_date IS NULL AND $as_of = '' AS no_dates,
        -- greatest() passes over a service_date_to that is absent.
        greatest(service_date, service_date_to) AS last_day,
        list_filter([
            CASE WHEN submitted_date < last_day THEN 'submission (' || submitted_date || ')' END,
            CASE WHEN paid_date < last_day THEN 'payment (' || paid_date || ')' END,
            CASE WHEN CAST(nullif($as_of, '') AS DATE) < last_day THEN 'the as-of date (' || $as_of || ')' END
        ], lambda limit_passed : limit_passed IS NOT NULL) AS passed
    FROM claim_line
)
SELECT
    line_id AS subject_id,
    len(passed) > 0 AS is_flagged,
    CASE WHEN no_dates THEN 'the line has neither a submitted nor a paid date' END AS reason,
    one_line(line_id, 0) AS lines,
    'date of service ' || last_day || ' is after ' || array_to_string(passed, ' and ') AS message,
    {'last_date_of_service': last_day, 'passed': passed} AS evidence
FROM judged_line
ORDER BY subject_id;
