-- The pairs of one payer's that the rules on edits judge, by the column 2 line: the payer follows NCCI edits, or nobody knows
-- whether it does, or nobody but the patient pays (the last two are said, not judged). Of the column 1 line stands what a
-- finding shows of it. MOD003 and MOD008 read it.
CREATE OR REPLACE VIEW judged_pair AS
SELECT
    ptp_pair.column_2_line_id AS line_id,
    column_2_line.procedure_code,
    column_2_line.service_kind,
    array_to_string(column_2_line.modifiers, ' ') AS modifiers,
    column_2_line.line_amount,
    column_2_line.unit_rule,
    column_2_line.follows_ncci,
    column_2_line.payer_class,
    -- That manual therapy over massage holds on institutional claims too is a provisional fact.
    CASE
        WHEN NOT column_2_line.is_ncci_stated THEN 'likely'
        WHEN column_2_line.bill_type IS NOT NULL AND column_2_line.service_kind = 'massage' THEN 'likely'
        ELSE 'certain'
    END AS confidence,
    column_1_line.procedure_code AS column_1_code,
    column_1_line.service_kind AS column_1_kind,
    array_to_string(column_1_line.modifiers, ' ') AS column_1_modifiers,
    column_1_line.claim_id,
    column_1_line.claim_line_number,
    ptp_pair.provider_known,
    ptp_pair.modifier_indicator,
    ptp_pair.rationale,
    ptp_pair.has_distinct_service,
    ptp_pair.has_ncci_bypass,
    -- On either line at any time: whether it counted there is has_ncci_bypass.
    column_1_line.has_ncci_bypass OR column_2_line.has_ncci_bypass AS bears_bypass,
    ptp_pair.is_column_1_denied,
    column_1_line.has_modifier_column AND column_2_line.has_modifier_column AS has_modifier_column
FROM ptp_pair
INNER JOIN claim_line AS column_1_line ON ptp_pair.column_1_line_id = column_1_line.line_id
INNER JOIN claim_line AS column_2_line ON ptp_pair.column_2_line_id = column_2_line.line_id
WHERE
    ptp_pair.same_payer
    -- A denied column 2 line: the edit has been applied.
    AND NOT ptp_pair.is_column_2_denied
    AND (column_2_line.follows_ncci OR column_2_line.follows_ncci IS NULL OR column_2_line.unit_rule = 'none');
