-- One row per audited claim line: what the export says and what the reference tables say about it.
CREATE OR REPLACE TABLE claim_line AS
WITH joined_line AS (
    SELECT
        claim_row.*,
        modifier_set.* EXCLUDE (service_date),
        policy.payer_class,
        policy.unit_rule,
        policy.follows_ncci,
        policy.massage_coverage,
        policy.prefers_x_modifiers,
        policy.last_filing_date,
        policy.setting_position,
        policy.payer_key,
        coalesce(procedure.unit_basis, 'unknown') AS unit_basis,
        coalesce(procedure.unit_basis = 'timed_15', FALSE) AS is_timed,
        coalesce(procedure.always_therapy, FALSE) AS is_always_therapy,
        procedure.service_kind,
        taxonomy_role.provider_role,
        ptp_coverage.procedure_code IS NOT NULL AS is_ptp_covered,
        coalesce(claim_status.claim_state = 'denied', FALSE) AS is_denied,
        -- A bill type stands on institutional claims only; CMS keeps edits of its own for those.
        CASE WHEN claim_row.bill_type IS NULL THEN 'practitioner' ELSE 'hospital' END AS setting,
        coalesce(claim_row.payer_sequence, 'P') AS coverage_order,
        coalesce(claim_row.rendering_npi, claim_row.billing_npi) AS provider_npi,
        coalesce(claim_row.billing_npi, claim_row.rendering_npi) AS practice_npi,
        CASE getvariable('money_basis')
            WHEN 'paid_amount' THEN claim_row.paid_amount
            WHEN 'allowed_amount' THEN claim_row.allowed_amount
            ELSE claim_row.charge_amount
        END AS line_amount
    FROM claim_row
    ANTI JOIN excluded_line USING (line_id)
    INNER JOIN modifier_set
        ON
            claim_row.service_date = modifier_set.service_date
            AND list_sort(list_distinct([modifier_1, modifier_2, modifier_3, modifier_4])) = modifier_set.modifiers
    INNER JOIN payer_policy AS policy
        ON
            claim_row.service_date = policy.service_date
            AND claim_row.payer_name IS NOT DISTINCT FROM policy.payer_name
            AND claim_row.payer_id IS NOT DISTINCT FROM policy.payer_id
            AND claim_row.claim_filing_indicator IS NOT DISTINCT FROM policy.claim_filing_indicator
    LEFT JOIN procedure
        ON
            claim_row.procedure_code = procedure.procedure_code
            AND claim_row.service_date BETWEEN procedure.effective_from AND procedure.effective_to
    LEFT JOIN ptp_coverage
        ON
            claim_row.procedure_code = ptp_coverage.procedure_code
            AND ptp_coverage.setting = CASE WHEN claim_row.bill_type IS NULL THEN 'practitioner' ELSE 'hospital' END
            AND claim_row.service_date BETWEEN ptp_coverage.effective_from AND ptp_coverage.effective_to
    LEFT JOIN claim_status
        ON
            lower(claim_row.claim_status) = claim_status.status
            AND claim_row.service_date BETWEEN claim_status.effective_from AND claim_status.effective_to
    LEFT JOIN taxonomy_role
        ON
            claim_row.rendering_taxonomy = taxonomy_role.rendering_taxonomy
            AND claim_row.service_date BETWEEN taxonomy_role.effective_from AND taxonomy_role.effective_to
),

-- A line that states no GP, GO or GN joins the only discipline stated for that patient, date and practice.
only_discipline AS (
    SELECT patient_id, service_date, practice_npi, min(stated_discipline) AS discipline
    FROM joined_line
    GROUP BY patient_id, service_date, practice_npi
    HAVING min(stated_discipline) = max(stated_discipline)
),

line_of_visit AS (
    SELECT
        joined_line.* EXCLUDE (stated_discipline),
        coalesce(joined_line.stated_discipline, only_discipline.discipline, 'unstated') AS discipline
    FROM joined_line
    LEFT JOIN only_discipline
        ON
            joined_line.patient_id = only_discipline.patient_id
            AND joined_line.service_date = only_discipline.service_date
            AND joined_line.practice_npi IS NOT DISTINCT FROM only_discipline.practice_npi
),

-- visit = patient, date, practice, discipline; a secondary claim repeats the primary's services, so payers stay apart.
visit_number AS (
    SELECT
        patient_id, service_date, practice_npi, discipline, payer_key, coverage_order, min(line_id) AS visit_id
    FROM line_of_visit
    GROUP BY patient_id, service_date, practice_npi, discipline, payer_key, coverage_order
)
SELECT
    line_of_visit.*,
    visit_number.visit_id,
    note.note_id
FROM line_of_visit
INNER JOIN visit_number
    ON
        line_of_visit.patient_id = visit_number.patient_id
        AND line_of_visit.service_date = visit_number.service_date
        AND line_of_visit.practice_npi IS NOT DISTINCT FROM visit_number.practice_npi
        AND line_of_visit.discipline = visit_number.discipline
        AND line_of_visit.payer_key = visit_number.payer_key
        AND line_of_visit.coverage_order = visit_number.coverage_order
LEFT JOIN note ON line_of_visit.note_text = note.note_text;
