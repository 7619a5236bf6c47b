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
version = 3
since = "0.1.0"
checks = "Two one-on-one codes of one patient, date and provider stand in an NCCI edit with indicator 1, a modifier of the 59 family says that they were separate, and the clock does not hold both: with minutes on both lines, the two together last longer than from the first start to the last end; without, two different times overlap by more than max_overlap minutes."
why = "One provider cannot give two one-on-one services to one patient in the same minutes. The modifier lets a column 2 line be paid that the edit would have denied: a potential overpayment of that line."
numerator = "column 2 lines whose minutes, with those of a column 1 line, do not fit the clock"
denominator = "column 2 lines in an indicator 1 pair of one-on-one codes with a modifier of the 59 family on either line"
applies_to = "payers that follow NCCI edits. Supervised modalities need no hands, and beside an adjustment of the spine only another region counts: MOD005 looks at those. Where the column 1 line was denied, one of the two was paid, as the edit wants: a coding matter without dollars."
not_evaluated_when = "The payer is not known to follow NCCI edits; self-pay; a line of the pair has no NPI; a line of the pair has no clock times; both lines show one time and not the minutes of both, so it may be an appointment's; column 2 is a re-evaluation (97164, 97168), which a changed status of the patient sets apart."
flagged_example = "97530 with 30 minutes and 97750-59 with 20, both from 9:00 to 9:45."
correct_example = "97530 with 25 minutes and 97750-59 with 20, both from 9:00 to 9:45: the appointment holds both."
fix = "Compare the note with the clock times. If the services were not given one after the other, take the column 2 line off and refund it."
false_positives = "Clock times entered roughly, with minutes that were counted."
references = ["NCCI policy manual 2026, ch. I, sec. E", "CMS NCCI procedure-to-procedure edits, practitioner services"]

[params.max_overlap]
type = "integer"
default = 7
help = "minutes by which two different times may overlap where the lines have no minutes"
+++*/
WITH judged_line AS (
    SELECT
        line_id,
        bool_or(NOT provider_known) AS no_npi,
        any_value(is_re_evaluation) AS is_re_evaluation,
        bool_or(minutes_of_both IS NULL) AS no_clock,
        bool_or(is_one_time AND minutes_without_room IS NULL) AS is_appointment,
        -- A pair whose column 1 line was paid comes first.
        list_sort(list({
            'column_1_denied': is_column_1_denied, 'column_1_code': column_1_code, 'claim_id': claim_id,
            'claim_line_number': claim_line_number, 'began': began, 'ended': ended, 'minutes_of_both': minutes_of_both,
            'minutes_without_room': minutes_without_room
        }) FILTER (
            WHERE provider_known AND NOT is_re_evaluation AND CASE
                WHEN minutes_without_room IS NOT NULL THEN minutes_without_room > 0
                ELSE NOT is_one_time AND minutes_of_both > $max_overlap
            END
        )) AS pairs
    FROM separated_pair
    WHERE is_one_on_one OR is_re_evaluation
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
            WHEN line.follows_ncci IS NULL THEN reason_ncci_not_known(line.payer_class)
            WHEN is_flagged THEN NULL
            WHEN is_re_evaluation THEN reason_re_evaluation()
            WHEN no_npi THEN reason_no_npi_on_pair()
            WHEN no_clock THEN 'a line of the pair has no clock times'
            WHEN is_appointment THEN 'the clock times are those of the whole visit'
        END AS reason
    FROM judged_line
    INNER JOIN claim_line AS line USING (line_id)
    WHERE line.follows_ncci OR line.follows_ncci IS NULL OR line.unit_rule = 'none'
)
SELECT
    line_id AS subject_id,
    is_flagged,
    reason,
    CASE WHEN pairs[1].column_1_denied THEN 'coding' ELSE 'over' END AS direction,
    one_line(line_id, CASE WHEN pairs[1].column_1_denied THEN 0 ELSE line_amount END) AS lines,
    procedure_code || ' (' || began || '-' || ended || ') is column 2 to ' || pairs[1].column_1_code || ' (' || pairs[1].began
    || '-' || pairs[1].ended || ', claim ' || pairs[1].claim_id || ' line ' || pairs[1].claim_line_number
    || CASE WHEN pairs[1].column_1_denied THEN ', denied' ELSE '' END || '), and only a modifier separates them: '
    || CASE
        WHEN pairs[1].minutes_without_room IS NOT NULL
            THEN counted(pairs[1].minutes_without_room, 'minute', 'minutes') || ' of the two for which the clock has no room'
        ELSE counted(pairs[1].minutes_of_both, 'minute', 'minutes') || ' given at the same time'
    END AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers, 'began': began, 'ended': ended, 'pairs': pairs} AS evidence
FROM ncci_line
ORDER BY subject_id;
