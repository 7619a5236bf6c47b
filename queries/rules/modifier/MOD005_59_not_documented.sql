/*+++
id = "MOD005"
name = "59-not-documented"
title = "Modifier 59, and no record of a separate service"
family = "modifier"
severity = "medium"
confidence = "likely"
direction = "over"
subject = "line"
partition_by = "patient"
reads = ["claim_line", "separated_pair"]
version = 3
since = "0.1.0"
checks = "Two codes of one patient, date and provider stand in an NCCI edit with indicator 1 and a modifier of the 59 family separates them. The record of the two lines is searched for what makes them separate: an area of the column 2 line in another region, times that differ and hold both, another encounter. Beside an adjustment of the spine 97112, 97124 and 97140 are separate in another region only; 98942 adjusts all five."
why = "The modifier states a fact. Without a record of it the column 2 line is not payable beside the column 1 line: a potential overpayment. Another code or another diagnosis is no support."
numerator = "column 2 lines whose record shows areas or times, and no separate area, time or encounter against one of their column 1 lines"
denominator = "column 2 lines in an indicator 1 pair with a modifier of the 59 family on either line"
applies_to = "payers that follow NCCI edits. The pair is one provider's, so a separate practitioner cannot be what the modifier means. Areas are compared by region: neck is cervical, C3-C5 too. Where the column 1 line was denied, one of the two was paid, as the edit wants: a coding matter without dollars."
not_evaluated_when = "The payer is not known to follow NCCI edits; self-pay; a line of the pair has no NPI; the lines show neither areas nor times of their own (one time for both is an appointment's); an area on one line alone, or one that no table knows; column 2 is a re-evaluation (97164, 97168), which a changed status of the patient sets apart."
flagged_example = "98941 to the neck and mid back from 9:00 to 9:10 and 97140-59 to the cervical spine from 9:10 to 9:25: another time of an adjusted region is not separate."
correct_example = "98941 to the neck and mid back and 97140-59 to the shoulder."
fix = "Look for the separate area, time or encounter in the note. If it is there, complete the record; if not, take the column 2 line off and refund it."
false_positives = "The area stands in the free-text note and not in its own field."
references = ["NCCI policy manual 2026, ch. I, sec. E", "CMS NCCI procedure-to-procedure edits, practitioner services"]

[params.max_overlap]
type = "integer"
default = 7
help = "minutes by which two different times may overlap and still be separate where the lines have no minutes"
+++*/
WITH compared_pair AS (
    SELECT
        *,
        NOT is_one_time AND minutes_of_both IS NOT NULL AS has_times,
        -- Two blocks: the times differ and hold both.
        has_times
        AND CASE WHEN minutes_without_room IS NULL THEN minutes_of_both <= $max_overlap ELSE minutes_without_room = 0 END
            AS other_time,
        coalesce(other_area, FALSE) OR (NOT is_by_region_only AND (other_time OR coalesce(other_encounter, FALSE)))
            AS is_separate,
        -- Areas that nobody can compare may be separate; without any, times of their own must show it.
        CASE WHEN other_area IS NULL THEN has_times AND NOT has_areas AND NOT is_by_region_only ELSE TRUE END AS is_documented
    FROM separated_pair
),

judged_line AS (
    SELECT
        line_id,
        bool_or(NOT provider_known AND NOT is_separate) AS no_npi,
        any_value(is_re_evaluation) AS is_re_evaluation,
        bool_or(NOT is_separate) AS has_open_pair,
        list_sort(list({
            'column_1_denied': is_column_1_denied, 'column_1_code': column_1_code, 'claim_id': claim_id,
            'claim_line_number': claim_line_number, 'areas': areas
        }) FILTER (WHERE provider_known AND is_documented AND NOT is_separate AND NOT is_re_evaluation)) AS pairs
    FROM compared_pair
    GROUP BY line_id
),

ncci_line AS (
    SELECT
        judged_line.*,
        line.procedure_code,
        line.line_amount,
        array_to_string(line.modifiers, ' ') AS modifiers,
        area_text(line.body_region, line.area_minutes) AS areas,
        pairs IS NOT NULL AS is_flagged,
        CASE
            WHEN line.unit_rule = 'none' THEN reason_self_pay()
            WHEN line.follows_ncci IS NULL THEN reason_ncci_not_known(line.payer_class)
            WHEN is_flagged THEN NULL
            WHEN is_re_evaluation THEN reason_re_evaluation()
            WHEN no_npi THEN reason_no_npi_on_pair()
            WHEN has_open_pair THEN 'the record shows no areas that can be compared and no times of the lines'' own'
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
    procedure_code || ' is separated from ' || pairs[1].column_1_code || ' (claim ' || pairs[1].claim_id || ' line '
    || pairs[1].claim_line_number || CASE WHEN pairs[1].column_1_denied THEN ', denied' ELSE '' END
    || ') by modifier, but the record shows no separate time, body area or encounter' AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers, 'areas': areas, 'pairs': pairs} AS evidence
FROM ncci_line
ORDER BY subject_id;
