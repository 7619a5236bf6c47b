/*+++
id = "MOD003"
name = "59-cannot-bypass"
title = "Modifier 59 on a pair that no modifier can separate"
family = "modifier"
severity = "high"
confidence = "certain"
direction = "over"
subject = "line"
partition_by = "patient"
reads = ["claim_line", "ptp_pair"]
version = 1
since = "0.1.0"
checks = "Two codes of one patient, date and provider stand in an NCCI edit in force with indicator 0, and one of the lines carries modifier 59, XE, XS, XP or XU."
why = "Indicator 0 means that the column 2 code is never paid beside the column 1 code. A modifier that makes it be paid all the same is a potential overpayment of the column 2 line."
numerator = "column 2 lines in an indicator 0 pair with a modifier of the 59 family on either line"
denominator = "column 2 lines in an indicator 0 pair billed to one payer on one day by one provider"
applies_to = "payers that follow NCCI edits"
not_evaluated_when = "The payer is not known to follow NCCI edits; self-pay; a line of the pair has no NPI."
flagged_example = "97140 and 97124-59 on one date to Medicare: the pair has indicator 0, 97124 is never paid beside 97140."
correct_example = "97140 and 97110-59: no indicator 0 edit pairs them."
fix = "Take the column 2 line off the claim and refund what was paid for it."
false_positives = "Two providers who bill under one NPI; an edit deleted after the loaded edition."
references = ["NCCI policy manual 2026, ch. I, sec. E", "CMS NCCI procedure-to-procedure edits, practitioner services"]
+++*/
WITH judged_line AS (
    SELECT
        ptp_pair.column_2_line_id AS line_id,
        bool_or(provider_known AND ptp_pair.has_distinct_service) AS is_bypassed,
        bool_or(ptp_pair.has_distinct_service) AS may_be_bypassed,
        list({
            'column_1_code': column_1_line.procedure_code,
            'claim_id': column_1_line.claim_id,
            'claim_line_number': column_1_line.claim_line_number,
            'modifiers': array_to_string(column_1_line.modifiers, ' '),
            'rationale': rationale
        }) FILTER (WHERE provider_known AND ptp_pair.has_distinct_service) AS pairs
    FROM ptp_pair
    INNER JOIN claim_line AS column_1_line ON ptp_pair.column_1_line_id = column_1_line.line_id
    WHERE modifier_indicator = 0 AND same_payer
    GROUP BY ptp_pair.column_2_line_id
),

ncci_line AS (
    SELECT
        judged_line.* REPLACE (list_sort(pairs) AS pairs),
        line.procedure_code,
        line.line_amount,
        array_to_string(line.modifiers, ' ') AS modifiers,
        CASE
            WHEN line.unit_rule = 'none' THEN reason_self_pay()
            WHEN line.follows_ncci IS NULL THEN reason_ncci_not_known()
            WHEN may_be_bypassed AND NOT is_bypassed THEN reason_no_npi_on_pair()
        END AS reason
    FROM judged_line
    INNER JOIN claim_line AS line USING (line_id)
    WHERE line.follows_ncci OR line.follows_ncci IS NULL OR line.unit_rule = 'none'
)
SELECT
    line_id AS subject_id,
    is_bypassed AS is_flagged,
    reason,
    one_line(line_id, line_amount) AS lines,
    procedure_code || ' is column 2 to ' || pairs[1].column_1_code || ' (claim ' || pairs[1].claim_id || ' line '
    || pairs[1].claim_line_number || ') in an NCCI edit with indicator 0: no modifier lets both be paid; modifiers billed: '
    || coalesce(nullif(pairs[1].modifiers, ''), 'none') || ' on column 1, ' || coalesce(nullif(modifiers, ''), 'none')
    || ' on column 2' AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers, 'modifier_indicator': 0, 'pairs': pairs} AS evidence
FROM ncci_line
ORDER BY subject_id;
