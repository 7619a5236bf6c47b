-- What the reference tables say of each line that is audited or counts towards the year: its modifiers, payer, code, provider and money. Only the columns
-- that decide are carried here; 39_claim_line.sql puts them beside the export's own.
CREATE OR REPLACE TABLE line_fact AS
SELECT
    claim_row.line_id,
    claim_row.patient_id,
    claim_row.service_date,
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
    coalesce(procedure.one_on_one, FALSE) AS is_one_on_one,
    procedure.service_kind,
    procedure.medicare_status,
    taxonomy_role.provider_role,
    taxonomy_role.bills_medicare_therapy,
    ptp_coverage.procedure_code IS NOT NULL AS is_ptp_covered,
    CASE
        WHEN is_denied_by_cms(claim_row.cms_processing_indicator, claim_row.cms_denial_code) THEN 'denied'
        ELSE claim_status.claim_state
    END AS claim_state,
    is_denied_by_cms(claim_row.cms_processing_indicator, claim_row.cms_denial_code)
    OR coalesce(claim_status.claim_state = 'denied', FALSE) AS is_denied,
    -- An export without modifiers does not say that none stood on the claim.
    NOT list_contains(CAST(getvariable('files_without_modifiers') AS VARCHAR[]), claim_row.source_file) AS has_modifier_column,
    -- A bill type stands on institutional claims only; CMS keeps edits of its own for those.
    CASE WHEN claim_row.bill_type IS NULL THEN 'practitioner' ELSE 'hospital' END AS setting,
    coalesce(claim_row.payer_sequence, 'P') AS coverage_order,
    coalesce(claim_row.rendering_npi, claim_row.billing_npi) AS provider_npi,
    coalesce(claim_row.billing_npi, claim_row.rendering_npi) AS practice_npi,
    own_amount(
        CASE getvariable('money_basis')
            WHEN 'paid_amount' THEN claim_row.paid_amount
            WHEN 'allowed_amount' THEN claim_row.allowed_amount
            ELSE claim_row.charge_amount
        END, getvariable('money_basis'), claim_total_line.totals
    ) AS line_amount
FROM claim_row
LEFT JOIN claim_total_line USING (line_id)
ANTI JOIN (SELECT line_id FROM excluded_line ANTI JOIN earlier_line USING (line_id)) AS left_out USING (line_id)
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
        AND claim_row.service_date BETWEEN taxonomy_role.effective_from AND taxonomy_role.effective_to;
