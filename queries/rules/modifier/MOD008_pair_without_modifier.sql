/*+++
id = "MOD008"
name = "pair-without-modifier"
title = "Two codes that an edit pairs, with no modifier between them"
family = "modifier"
severity = "medium"
confidence = "certain"
direction = "over"
subject = "line"
partition_by = "patient"
reads = ["claim_line", "judged_pair"]
version = 2
since = "0.1.0"
checks = "Two codes of one patient, date and provider stand in an NCCI edit in force, and neither line carries a modifier that separates therapy services: 59, XE, XS, XP, XU or an anatomic one (on the column 1 line since 2019-07-01, before that on the column 2 line alone); 25, 91 and other modifiers of visits, surgery and the laboratory separate no therapy line. Massage beside manual therapy is left to MAN003."
why = "Under the edit the column 2 code is not paid beside the column 1 code unless a modifier says why it was a separate service. Paid without one, it is a potential overpayment."
numerator = "column 2 lines in a pair with no modifier that separates the two on either line"
denominator = "column 2 lines in a pair in force, billed to one payer on one day by one provider, and lines without such a modifier beside a code whose edits are not loaded"
applies_to = "Medicare fee-for-service, payers that audit.toml says follow NCCI edits, and Advantage plans (likely). Where the column 1 line was denied, one of the two was paid, as the edit wants: a coding matter without dollars."
not_evaluated_when = "The payer is not known to follow NCCI edits; self-pay; the export has no column of modifiers; a line of the pair has no NPI; a code of the day is outside the loaded edits, as all codes of a hospital are until its tables are imported."
flagged_example = "98941 and 97112 on one date to Medicare, no modifier on either."
correct_example = "98941 and 97112-59 on one date, with separate areas documented."
fix = "If the services were separate, document why and send a corrected claim with the modifier; if not, refund the column 2 line."
false_positives = "The payer denied the column 2 line already (then its paid amount is 0 and no dollars are at risk)."
references = ["NCCI policy manual 2026, ch. I, sec. E", "CMS NCCI procedure-to-procedure edits, practitioner services"]
+++*/
-- A pair with any modifier that separates is a case of MOD003 (indicator 0) or of MOD004 and MOD005 (indicator 1).
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
            'modifier_indicator': modifier_indicator,
            'rationale': rationale
        }) FILTER (WHERE provider_known AND NOT has_ncci_bypass)) AS pairs,
        pairs IS NOT NULL AS is_flagged,
        CASE
            WHEN any_value(unit_rule) = 'none' THEN reason_self_pay()
            WHEN any_value(follows_ncci) IS NULL THEN reason_ncci_not_known(any_value(payer_class))
            WHEN bool_or(NOT has_modifier_column) THEN reason_no_modifier_column()
            WHEN bool_or(NOT has_ncci_bypass) AND NOT is_flagged THEN reason_no_npi_on_pair()
        END AS reason
    FROM judged_pair
    -- Massage beside manual therapy is MAN003's.
    WHERE NOT coalesce(column_1_kind = 'manual_therapy' AND service_kind = 'massage', FALSE)
    GROUP BY line_id
),

-- Beside a code whose edits are not loaded a line may stand in a pair that nobody knows of.
line_of_unloaded_day AS (
    SELECT
        line_id,
        has_ncci_bypass,
        bool_or(NOT is_ptp_covered) OVER provider_day
        AND min(procedure_code) OVER provider_day < max(procedure_code) OVER provider_day
        -- That pair alone is known of every setting.
        AND bool_or(coalesce(service_kind NOT IN ('massage', 'manual_therapy'), TRUE)) OVER provider_day AS may_be_paired
    FROM claim_line
    SEMI JOIN (
        SELECT patient_id, service_date FROM claim_line WHERE follows_ncci AND NOT is_ptp_covered
    ) AS unloaded_day USING (patient_id, service_date)
    WHERE follows_ncci AND unit_rule <> 'none' AND NOT is_denied AND NOT is_billed_to_be_denied
    WINDOW provider_day AS (PARTITION BY patient_id, service_date, provider_npi, setting, payer_key, coverage_order)
),

unknown_line AS (
    SELECT line_id, TRUE AS is_unknown FROM line_of_unloaded_day WHERE may_be_paired AND NOT has_ncci_bypass
)
-- Pairs whose column 1 line was paid come first. Where all were denied the payer paid one of the two, as the edit wants.
SELECT
    line_id AS subject_id,
    coalesce(judged_line.is_flagged, FALSE) AS is_flagged,
    coalesce(
        judged_line.reason,
        CASE WHEN is_unknown AND NOT coalesce(judged_line.is_flagged, FALSE) THEN reason_outside_edits() END
    ) AS reason,
    confidence,
    CASE WHEN pairs[1].column_1_denied THEN 'coding' ELSE 'over' END AS direction,
    one_line(line_id, CASE WHEN pairs[1].column_1_denied THEN 0 ELSE line_amount END) AS lines,
    procedure_code || ' is column 2 to ' || pairs[1].column_1_code || ' (claim ' || pairs[1].claim_id || ' line '
    || pairs[1].claim_line_number || CASE WHEN pairs[1].column_1_denied THEN ', denied' ELSE '' END
    || ') in an NCCI edit with indicator ' || pairs[1].modifier_indicator || ' (' || ptp_edition() || ')'
    || CASE pairs[1].modifier_indicator
        WHEN 0 THEN ': no modifier lets both be paid'
        ELSE '; neither line carries a modifier that separates the two'
    END AS message,
    {'procedure_code': procedure_code, 'modifiers': modifiers, 'pairs': pairs} AS evidence
FROM judged_line
FULL JOIN unknown_line USING (line_id)
ORDER BY subject_id;
