-- One row per audited claim line: what the export says and what the reference tables say about it.
CREATE OR REPLACE TABLE claim_line AS
SELECT
    claim_row.* REPLACE (
        own_amount(claim_row.charge_amount, 'charge_amount', claim_total_line.totals) AS charge_amount,
        own_amount(claim_row.allowed_amount, 'allowed_amount', claim_total_line.totals) AS allowed_amount,
        own_amount(claim_row.paid_amount, 'paid_amount', claim_total_line.totals) AS paid_amount
    ),
    line_fact.* EXCLUDE (line_id, patient_id, service_date, stated_discipline),
    billed_again.line_id IS NOT NULL AS is_billed_again,
    CASE WHEN other_practitioner.line_id IS NULL THEN FALSE ELSE other_practitioner.has_other_practitioner END
        AS has_other_practitioner,
    visit_number.discipline,
    visit_number.visit_id,
    note.note_id
FROM claim_row
ANTI JOIN earlier_line USING (line_id)
INNER JOIN line_fact USING (line_id)
LEFT JOIN claim_total_line USING (line_id)
INNER JOIN visit_number USING (line_id)
LEFT JOIN billed_again USING (line_id)
LEFT JOIN other_practitioner USING (line_id)
LEFT JOIN note ON claim_row.note_text = note.note_text;
