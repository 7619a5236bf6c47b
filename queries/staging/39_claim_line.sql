-- One row per final-action line of all that was given: what the export says and what the reference tables say about it.
-- Lines outside the period are context: rules may look at them, and flag none.
CREATE OR REPLACE TABLE export_line AS
SELECT
    claim_row.* REPLACE (
        frequency_of(claim_row.claim_frequency_code, claim_row.bill_type) AS claim_frequency_code,
        own_amount(claim_row.charge_amount, 'charge_amount', claim_total_line.totals) AS charge_amount,
        own_amount(claim_row.allowed_amount, 'allowed_amount', claim_total_line.totals) AS allowed_amount,
        own_amount(claim_row.paid_amount, 'paid_amount', claim_total_line.totals) AS paid_amount
    ),
    line_fact.* EXCLUDE (line_id, patient_id, service_date, stated_discipline, therapist_discipline),
    CASE WHEN other_practitioner.line_id IS NULL THEN FALSE ELSE other_practitioner.has_other_practitioner END
        AS has_other_practitioner,
    visit_number.discipline,
    visit_number.visit_id,
    note.note_id
FROM claim_row
INNER JOIN line_fact USING (line_id)
LEFT JOIN claim_total_line USING (line_id)
INNER JOIN visit_number USING (line_id)
LEFT JOIN other_practitioner USING (line_id)
LEFT JOIN note ON claim_row.note_text = note.note_text;

-- The audited lines: those of the period.
CREATE OR REPLACE VIEW claim_line AS
SELECT * EXCLUDE (in_period)
FROM export_line
WHERE in_period;
