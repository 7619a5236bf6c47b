/*+++
id = "MOD004"
name = "59-overlapping-time"
title = "Modifier 59 on services given at the same time"
family = "modifier"
severity = "medium"
confidence = "likely"
direction = "over"
subject = "line"
partition_by = "patient"
reads = ["claim_line", "separated_pair"]
version = 1
since = "0.1.0"
checks = "Two codes of one patient, date and provider stand in an NCCI edit with indicator 1, a modifier of the 59 family says that they were separate, and the clock times of the two lines overlap."
why = "One provider cannot give two separate services to one patient in the same minutes. The modifier lets a column 2 line be paid that the edit would have denied: a potential overpayment of that line."
numerator = "column 2 lines whose clock times overlap those of their column 1 line by more than max_overlap minutes"
denominator = "column 2 lines in an indicator 1 pair with a modifier of the 59 family on either line"
applies_to = "payers that follow NCCI edits"
not_evaluated_when = "The payer is not known to follow NCCI edits; self-pay; a line of the pair has no NPI; a line of the pair has no clock times; both lines show one time that holds the minutes of both, so it is the visit's and not the service's."
flagged_example = "98941 from 9:00 to 9:15 and 97140-59 from 9:10 to 9:25."
correct_example = "98941 from 9:00 to 9:15 and 97140-59 from 9:15 to 9:30."
fix = "Compare the note with the clock times. If the services were not given one after the other, take the column 2 line off and refund it."
false_positives = "Clock times of the whole visit on each line, without minutes that would show it; a traction table at work on one area while another is treated by hand."
references = ["NCCI policy manual 2026, ch. I, sec. E", "CMS NCCI procedure-to-procedure edits, practitioner services"]

[params.max_overlap]
type = "integer"
default = 0
help = "minutes by which the two lines may overlap"
+++*/
WITH judged_line AS (
    SELECT
        line_id,
        bool_or(NOT provider_known) AS no_npi,
        bool_or(minutes_of_both IS NULL) AS no_clock,
        bool_or(is_visit_time) AS is_visit_time,
        list_sort(list({
            'column_1_code': column_1_code, 'claim_id': claim_id, 'claim_line_number': claim_line_number,
            'began': began, 'ended': ended, 'minutes_of_both': minutes_of_both
        }) FILTER (WHERE provider_known AND NOT is_visit_time AND minutes_of_both > $max_overlap)) AS pairs
    FROM separated_pair
    GROUP BY line_id
),

ncci_line AS (
    SELECT
        judged_line.*,
        line.procedure_code,
        line.line_amount,
        array_to_string(line.modifiers, ' ') AS modifiers,
        clock_text(line.start_time) AS began,
        clock_text(line.end_time) AS ended,
        pairs IS NOT NULL AS is_flagged,
        CASE
            WHEN line.unit_rule = 'none' THEN reason_self_pay()
            WHEN line.follows_ncci IS NULL THEN reason_ncci_not_known()
            WHEN is_flagged THEN NULL
            WHEN no_npi THEN reason_no_npi_on_pair()
            WHEN no_clock THEN 'a line of the pair has no clock times'
            WHEN is_visit_time THEN 'the clock times are those of the whole visit'
        END AS reason
    FROM judged_line
    INNER JOIN claim_line AS line USING (line_id)
    WHERE line.follows_ncci OR line.follows_ncci IS NULL OR line.unit_rule = 'none'
)
SELECT
    line_id AS subject_id,
    is_flagged,
    reason,
    one_line(line_id, line_amount) AS lines,
    procedure_code || ' (' || began || '-' || ended || ') is column 2 to ' || pairs[1].column_1_code || ' (' || pairs[1].began
    || '-' || pairs[1].ended || ', claim ' || pairs[1].claim_id || ' line ' || pairs[1].claim_line_number
    || '), separated by modifier only: ' || counted(pairs[1].minutes_of_both, 'minute', 'minutes') || ' of both' AS message,
    {
        'procedure_code': procedure_code, 'modifiers': modifiers, 'began': began, 'ended': ended,
        'pairs': pairs
    } AS evidence
FROM ncci_line
ORDER BY subject_id;
