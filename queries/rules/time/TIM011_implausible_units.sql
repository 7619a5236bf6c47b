/*+++
id = "TIM011"
name = "implausible-units"
title = "Units that cannot be units"
family = "time"
severity = "medium"
confidence = "likely"
direction = "coding"
subject = "line"
partition_by = "patient"
reads = ["claim_line"]
version = 3
since = "0.1.0"
checks = "The units of a line are zero, negative or a fraction, or a timed code bears 15, 30, 45 or 60 units on one day and its minutes are absent or the same number: they look like minutes. The rules of units and limits then do not judge the visit, for nobody knows its units."
why = "An 837 claim can count in minutes (qualifier MJ), and an export may lose the qualifier. Read as units, minutes overstate the service many times over, and every rule that counts units is misled."
numerator = "lines with units of zero or less, with a fraction of a unit, or with 15, 30, 45 or 60 units of a timed code and no other minutes beside them"
denominator = "lines billed to a payer"
applies_to = "every payer except self-pay; lines billed to be denied (GY, GX, GZ) are left out, and so is a row that takes back units of the same service of its claim"
not_evaluated_when = "Self-pay."
flagged_example = "97110 with 30 units and 30 minutes."
correct_example = "97110 with 2 units and 30 minutes; a test of 97750 with 15 units and 225 minutes."
fix = "Look up the claim as it was sent. If minutes were sent as units, send a corrected claim; if only the export is wrong, mend the export."
ask = "how many units of the service were given, and in how many minutes"
false_positives = "Codes outside therapy that are counted in fractions, such as drugs; a correction whose first half is not in the export."
references = ["ASC X12 837 professional, SV103 and SV104 (unit or minutes, quantity)", "CMS Pub. 100-04, ch. 26, sec. 10.4 (item 24G)"]
+++*/
WITH judged_line AS (
    SELECT
        *,
        CASE
            -- A part of a line's units taken back on a row of its own: together they are what was billed.
            WHEN units < 0 AND sum(units) OVER same_service >= 0 THEN NULL
            WHEN units < 0 THEN 'less than none'
            WHEN units = 0 THEN 'none at all'
            WHEN units <> floor(units) THEN 'not a whole number'
            WHEN looks_like_minutes THEN 'likely minutes'
        END AS fault
    FROM claim_line
    WHERE NOT is_billed_to_be_denied
    WINDOW same_service AS (PARTITION BY claim_id, patient_id, service_date, procedure_code, modifiers)
)
SELECT
    line_id AS subject_id,
    fault IS NOT NULL AS is_flagged,
    CASE WHEN unit_rule = 'none' THEN reason_self_pay() END AS reason,
    one_line(line_id, 0) AS lines,
    procedure_code || ' billed with ' || counted(units, 'unit', 'units') || ': ' || fault AS message,
    {'procedure_code': procedure_code, 'units_billed': units, 'minutes': "minutes", 'fault': fault} AS evidence
FROM judged_line
ORDER BY subject_id;
