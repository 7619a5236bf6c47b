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
reads = ["judged_pair"]
version = 3
since = "0.1.0"
checks = "Two codes of one patient, date and provider stand in an NCCI edit in force with indicator 0, and one of the lines carries modifier 59, XE, XS, XP, XU or another modifier that separates therapy services (LT, RT, F1 ...)."
why = "Indicator 0 means that the column 2 code is never paid beside the column 1 code. A modifier that makes it be paid all the same is a potential overpayment of the column 2 line."
numerator = "column 2 lines in an indicator 0 pair with a modifier of the 59 family, or another that would separate them, on either line"
denominator = "column 2 lines in an indicator 0 pair billed to one payer on one day by one provider"
applies_to = "Medicare fee-for-service, payers that audit.toml says follow NCCI edits, and Advantage plans (likely). Where the column 1 line was denied, one of the two was paid, as the edit wants: a coding matter without dollars."
not_evaluated_when = "The payer is not known to follow NCCI edits; self-pay; a line of the pair has no NPI."
flagged_example = "97140 and 97124-59 on one date to Medicare: the pair has indicator 0, 97124 is never paid beside 97140."
correct_example = "97140 and 97110-59: no indicator 0 edit pairs them."
fix = "Take the column 2 line off the claim and refund what was paid for it."
false_positives = "Two providers who bill under one NPI; an edit deleted after the loaded edition."
references = ["NCCI policy manual 2026, ch. I, sec. E", "CMS NCCI procedure-to-procedure edits, practitioner services"]
+++*/
WITH judged_line AS (
    SELECT
        line_id,
        any_value(procedure_code) AS procedure_code,
        any_value(modifiers) AS modifiers,
        any_value(line_amount) AS line_amount,
        any_value(confidence) AS confidence,
        list_sort(list({
            'column_1_denied': is_column_1_denied,
            'column_1_code': column_1_code,
            'claim_id': claim_id,
            'claim_line_number': claim_line_number,
            'modifiers': column_1_modifiers,
            'rationale': rationale
        }) FILTER (WHERE provider_known AND bears_bypass)) AS pairs,
        pairs IS NOT NULL AS is_flagged,
        CASE
            WHEN any_value(unit_rule) = 'none' THEN reason_self_pay()
            WHEN any_value(follows_ncci) IS NULL THEN reason_ncci_not_known(any_value(payer_class))
            WHEN bool_or(bears_bypass) AND NOT is_flagged THEN reason_no_npi_on_pair()
        END AS reason
    FROM judged_pair
    WHERE modifier_indicator = 0
    GROUP BY line_id
)
-- Pairs whose column 1 line was paid come first. Where all were denied the payer paid one of the two, as the edit wants.
SELECT
    line_id AS subject_id,
    is_flagged,
    reason,
    confidence,
    CASE WHEN pairs[1].column_1_denied THEN 'coding' ELSE 'over' END AS direction,
    one_line(line_id, CASE WHEN pairs[1].column_1_denied THEN 0 ELSE line_amount END) AS lines,
    procedure_code || ' is column 2 to ' || pairs[1].column_1_code || ' (claim ' || pairs[1].claim_id || ' line '
    || pairs[1].claim_line_number || CASE WHEN pairs[1].column_1_denied THEN ', denied' ELSE '' END
    || ') in an NCCI edit with indicator 0 (' || ptp_edition() || '): no modifier lets both be paid; modifiers billed: '
    || coalesce(nullif(pairs[1].modifiers, ''), 'none') || ' on column 1, ' || coalesce(nullif(modifiers, ''), 'none')
    || ' on column 2' AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers, 'modifier_indicator': 0, 'pairs': pairs} AS evidence
FROM judged_line
ORDER BY subject_id;
