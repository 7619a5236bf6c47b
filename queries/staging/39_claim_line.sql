-- One row per final-action line of all that was given: what the export says, and what the reference tables say about it: its
-- modifiers, payer, code, provider, state and money. Lines outside the period are context: rules may look at them, and flag
-- none.
CREATE OR REPLACE TABLE export_line AS
SELECT
    claim_row.* REPLACE (
        frequency_of(claim_row.claim_frequency_code, claim_row.bill_type) AS claim_frequency_code,
        own_amount(claim_row.charge_amount, 'charge_amount', claim_total_line.totals) AS charge_amount,
        own_amount(claim_row.allowed_amount, 'allowed_amount', claim_total_line.totals) AS allowed_amount,
        own_amount(claim_row.paid_amount, 'paid_amount', claim_total_line.totals) AS paid_amount
    ),
    excluded_line.line_id IS NULL AS in_period,
    modifier_set.* EXCLUDE (
        service_date, modifier_1, modifier_2, modifier_3, modifier_4, asks_for_denial, stated_discipline
    ),
    policy.payer_class,
    policy.is_supplement,
    policy.unit_rule,
    policy.is_unit_rule_stated,
    policy.follows_ncci,
    policy.is_ncci_stated,
    policy.massage_coverage,
    policy.prefers_x_modifiers,
    policy.requires_plan,
    policy.requires_assistant,
    -- The last day on which the claim may be filed; NULL where the payer's limit is not known. An institutional claim's time
    -- runs from its Through date (Pub. 100-04 ch. 1 s. 70.4).
    coalesce(
        coalesce(through.through_date, claim_row.service_date) + policy.filing_days,
        CAST(coalesce(through.through_date, claim_row.service_date) + to_months(policy.filing_months) AS DATE)
    ) AS last_filing_date,
    policy.setting_position,
    policy.payer_key,
    coalesce(procedure.unit_basis, 'unknown') AS unit_basis,
    -- Codes of 15-minute units, first and further ones too. Work hardening is counted in hours and stands in no visit's total.
    coalesce(starts_with(procedure.unit_basis, 'timed_15'), FALSE) AS is_timed,
    -- A first code and its further ones share one time and are one code to the rules of time.
    coalesce(time_family.first_code, claim_row.procedure_code) AS timed_as,
    coalesce(ends_with(procedure.unit_basis, '_initial'), FALSE) AS is_first_code,
    -- Units and minutes of several days are no one day's, and how they lie on the days is not known.
    days_covered(claim_row.service_date, claim_row.service_date_to, claim_row.bill_type) AS days,
    -- An export that lost the unit's qualifier shows minutes as units: nobody knows the units then.
    coalesce(
        starts_with(procedure.unit_basis, 'timed_') AND claim_row.units IN (15, 30, 45, 60)
        AND coalesce(claim_row."minutes" = claim_row.units, TRUE) AND days = 1, FALSE
    ) AS looks_like_minutes,
    coalesce(procedure.always_therapy, FALSE) AS is_always_therapy,
    coalesce(procedure.one_on_one, FALSE) AS is_one_on_one,
    procedure.procedure_code IS NOT NULL
    AND coalesce(procedure.service_kind, '') NOT IN ('office_visit', 'osteopathic_adjustment', 'remote_monitoring')
        AS is_therapy_code,
    modifier_set.has_therapy_bypass OR (modifier_set.has_other_field AND NOT is_therapy_code) AS has_ncci_bypass,
    procedure.service_kind,
    procedure.medicare_status,
    taxonomy_role.provider_role,
    taxonomy_role.bills_medicare_therapy,
    ptp_coverage.procedure_code IS NOT NULL AS is_ptp_covered,
    coalesce(told_line.line_state = 'denied', FALSE) AS is_denied,
    coalesce(told_line.says, 'nothing') AS status_says,
    -- GY, GX and GZ speak to Medicare and to its Advantage plans; to other payers they say nothing.
    modifier_set.asks_for_denial AND policy.payer_class IN ('medicare_ffs', 'medicare_advantage') AS is_billed_to_be_denied,
    -- Whether the line's units and minutes count in visits, days, clocks and limits: it was not denied, and payment was
    -- asked for.
    NOT is_denied AND NOT is_billed_to_be_denied AS counts_units,
    -- An export without modifiers does not say that none stood on the claim.
    NOT list_contains(CAST(getvariable('files_without_modifiers') AS VARCHAR[]), claim_row.source_file) AS has_modifier_column,
    -- Who else may stand behind the rendering NPI; NULL: one person.
    shared_npi.who_else,
    -- Whether the line is surely the time of the one person whom the rendering NPI names: nobody else's, and an assistant's
    -- part would be marked (CQ, CO).
    policy.marks_assistants AND has_modifier_column AND shared_npi.who_else IS NULL AS marks_assistants,
    edit_setting(claim_row.bill_type) AS setting,
    coverage_of(claim_row.payer_sequence) AS coverage_order,
    provider_of(claim_row.bill_type, claim_row.rendering_npi, claim_row.billing_npi) AS provider_npi,
    -- Where no billing NPI stands all of the export is one practice.
    claim_row.billing_npi AS practice_npi,
    own_amount(
        CASE getvariable('money_basis')
            -- Where the export states payments, a blank one is a payment not made yet.
            WHEN 'paid_amount' THEN coalesce(claim_row.paid_amount, 0)
            WHEN 'allowed_amount' THEN claim_row.allowed_amount
            ELSE claim_row.charge_amount
        END, getvariable('money_basis'), claim_total_line.totals
    ) AS basis_amount,
    -- What the line can put at risk: its basis amount, but of a line denied, or billed to be denied, or never sent to a payer, what
    -- was paid for it.
    CASE
        WHEN counts_units AND status_says <> 'unsent' THEN basis_amount
        ELSE coalesce(own_amount(claim_row.paid_amount, 'paid_amount', claim_total_line.totals), 0)
    END AS line_amount,
    CASE WHEN other_practitioner.line_id IS NULL THEN FALSE ELSE other_practitioner.has_other_practitioner END
        AS has_other_practitioner,
    visit_number.discipline,
    visit_number.visit_id,
    note_text.note_id
FROM claim_row
INNER JOIN visit_number USING (line_id)
LEFT JOIN claim_total_line USING (line_id)
LEFT JOIN excluded_line USING (line_id)
-- Of many exports few lines say anything of their state: it is not looked up in a table as long as the lines.
LEFT JOIN (SELECT line_id, line_state, says FROM line_state WHERE line_state = 'denied' OR says <> 'nothing') AS told_line
    ON claim_row.line_id = told_line.line_id
INNER JOIN modifier_set
    ON
        claim_row.service_date = modifier_set.service_date
        AND claim_row.modifier_1 IS NOT DISTINCT FROM modifier_set.modifier_1
        AND claim_row.modifier_2 IS NOT DISTINCT FROM modifier_set.modifier_2
        AND claim_row.modifier_3 IS NOT DISTINCT FROM modifier_set.modifier_3
        AND claim_row.modifier_4 IS NOT DISTINCT FROM modifier_set.modifier_4
INNER JOIN payer_policy AS policy
    ON
        claim_row.service_date = policy.service_date
        AND claim_row.payer_name IS NOT DISTINCT FROM policy.payer_name
        AND claim_row.payer_id IS NOT DISTINCT FROM policy.payer_id
        AND claim_row.claim_filing_indicator IS NOT DISTINCT FROM policy.claim_filing_indicator
LEFT JOIN (
    SELECT claim_id, patient_id, max(greatest(service_date, service_date_to)) AS through_date
    FROM claim_row
    WHERE bill_type IS NOT NULL
    GROUP BY claim_id, patient_id
) AS through
    ON
        claim_row.bill_type IS NOT NULL
        AND claim_row.claim_id = through.claim_id AND claim_row.patient_id = through.patient_id
LEFT JOIN procedure
    ON
        claim_row.procedure_code = procedure.procedure_code
        AND claim_row.service_date BETWEEN procedure.effective_from AND procedure.effective_to
LEFT JOIN time_family
    ON
        claim_row.procedure_code = time_family.procedure_code
        AND claim_row.service_date BETWEEN time_family.effective_from AND time_family.effective_to
LEFT JOIN ptp_coverage
    ON
        claim_row.procedure_code = ptp_coverage.procedure_code
        AND ptp_coverage.setting = edit_setting(claim_row.bill_type)
        AND claim_row.service_date BETWEEN ptp_coverage.effective_from AND ptp_coverage.effective_to
LEFT JOIN shared_npi ON claim_row.rendering_npi = shared_npi.rendering_npi
LEFT JOIN taxonomy_role
    ON
        claim_row.rendering_taxonomy = taxonomy_role.rendering_taxonomy
        AND claim_row.service_date BETWEEN taxonomy_role.effective_from AND taxonomy_role.effective_to
LEFT JOIN other_practitioner USING (line_id)
LEFT JOIN note_text ON claim_row.note_text = note_text.note_text;

-- The audited lines: those of the period.
CREATE OR REPLACE VIEW claim_line AS
SELECT * EXCLUDE (in_period)
FROM export_line
WHERE in_period;
