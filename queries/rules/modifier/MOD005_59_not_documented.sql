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
reads = ["claim_line", "export_column", "separated_pair"]
version = 1
since = "0.1.0"
checks = "Two codes of one patient, date and provider stand in an NCCI edit with indicator 1 and a modifier of the 59 family separates them. The record of the two lines is searched for what makes them separate: times that do not overlap, body areas of which none is the same, another encounter."
why = "The modifier states a fact. Without a record of it the column 2 line is not payable beside the column 1 line: a potential overpayment. Another code or another diagnosis is no support."
numerator = "column 2 lines for which the record shows no separate time, area or encounter against one of their column 1 lines"
denominator = "column 2 lines in an indicator 1 pair with a modifier of the 59 family on either line"
applies_to = "payers that follow NCCI edits. The pair is one provider's, so a separate practitioner cannot be what the modifier means."
not_evaluated_when = "The export has neither clock times nor body areas; the payer is not known to follow NCCI edits; self-pay; a line of the pair has no NPI."
flagged_example = "97012 and 97140-59, both for the low back, no clock times."
correct_example = "98941 to the spine and 97140-59 to the shoulder; or one from 9:00 to 9:15, the other from 9:15 to 9:30."
fix = "Look for the separate time, area or encounter in the note. If it is there, complete the record; if not, take the column 2 line off and refund it."
false_positives = "The area stands in the free-text note and not in its own field."
references = ["NCCI policy manual 2026, ch. I, sec. E", "CMS NCCI procedure-to-procedure edits, practitioner services"]
+++*/
WITH exported AS (
    SELECT
        count(*) FILTER (WHERE column_name IN ('start_time', 'end_time')) = 2
        OR count(*) FILTER (WHERE column_name IN ('body_region', 'area_minutes')) > 0 AS shows_separation
    FROM export_column
),

judged_line AS (
    SELECT
        line_id,
        bool_or(NOT provider_known) AS no_npi,
        -- What NCCI accepts as separate: another time, another site, another encounter. Where nothing is recorded, nothing is.
        list_sort(list({
            'column_1_code': column_1_code, 'claim_id': claim_id, 'claim_line_number': claim_line_number, 'areas': areas
        }) FILTER (
            WHERE provider_known AND NOT coalesce(minutes_of_both = 0, FALSE)
            AND NOT coalesce(other_area, FALSE) AND NOT coalesce(other_encounter, FALSE)
        )) AS pairs
    FROM separated_pair
    GROUP BY line_id
),

ncci_line AS (
    SELECT
        judged_line.*,
        line.procedure_code,
        line.line_amount,
        array_to_string(line.modifiers, ' ') AS modifiers,
        body_areas(line.body_region, line.area_minutes) AS areas,
        pairs IS NOT NULL AS is_flagged,
        CASE
            WHEN line.unit_rule = 'none' THEN reason_self_pay()
            WHEN line.follows_ncci IS NULL THEN reason_ncci_not_known()
            WHEN NOT shows_separation THEN 'the export has neither clock times nor body areas'
            WHEN no_npi AND NOT is_flagged THEN reason_no_npi_on_pair()
        END AS reason
    FROM judged_line
    INNER JOIN claim_line AS line USING (line_id)
    CROSS JOIN exported
    WHERE line.follows_ncci OR line.follows_ncci IS NULL OR line.unit_rule = 'none'
)
SELECT
    line_id AS subject_id,
    is_flagged,
    reason,
    one_line(line_id, line_amount) AS lines,
    procedure_code || ' is separated from ' || pairs[1].column_1_code || ' (claim ' || pairs[1].claim_id || ' line '
    || pairs[1].claim_line_number || ') by modifier, but the record shows no separate time, body area or encounter' AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers, 'areas': areas, 'pairs': pairs} AS evidence
FROM ncci_line
ORDER BY subject_id;
