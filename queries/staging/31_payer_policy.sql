-- What is known of each payer in the export on each date of service: its class, its unit rule, whether it follows NCCI
-- edits, whether it covers massage. audit.toml decides first, then the payer's name, then the filing indicator.
CREATE OR REPLACE TABLE payer_policy AS
WITH payer_date AS (
    SELECT DISTINCT payer_name, payer_id, claim_filing_indicator, service_date FROM claim_row
),

-- The first [[payer]] table of audit.toml whose pattern fits the name or id and whose dates hold the date of service.
setting AS (
    SELECT
        payer_date.payer_name,
        payer_date.payer_id,
        payer_date.claim_filing_indicator,
        payer_date.service_date,
        min_by(payer_setting, payer_setting.position) AS chosen
    FROM payer_date
    INNER JOIN payer_setting
        ON
            (
                lower(payer_date.payer_name) GLOB payer_setting.pattern
                OR lower(payer_date.payer_id) GLOB payer_setting.pattern
            )
            AND payer_date.service_date BETWEEN payer_setting.effective_from AND payer_setting.effective_to
    GROUP BY ALL
),

-- A payer whose list of codes that it does not cover holds massage does not cover massage.
without_massage AS (
    SELECT payer_limit.setting_position AS position
    FROM payer_limit
    INNER JOIN procedure USING (procedure_code)
    WHERE payer_limit.is_not_covered AND procedure.service_kind = 'massage'
)
SELECT
    payer_date.payer_name,
    payer_date.payer_id,
    payer_date.claim_filing_indicator,
    payer_date.service_date,
    -- All names of fee-for-service Medicare are one payer.
    CASE
        WHEN payer_class.payer_class = 'medicare_ffs' THEN 'medicare'
        ELSE coalesce(payer_identity.payer_key, classified_payer.own_key)
    END AS payer_key,
    payer_class.payer_class,
    classified_payer.is_supplement,
    coalesce(setting.chosen.unit_rule, payer_class.unit_rule) AS unit_rule,
    -- Medicare's method is the law; of another class it is a default until audit.toml states it.
    setting.chosen.unit_rule IS NOT NULL OR payer_class.payer_class = 'medicare_ffs' AS is_unit_rule_stated,
    coalesce(setting.chosen.follows_ncci, payer_class.follows_ncci) AS follows_ncci,
    -- Advantage plans take over Medicare's edits of their own will: without a word in audit.toml that is likely, not certain.
    setting.chosen.follows_ncci IS NOT NULL OR payer_class.payer_class <> 'medicare_advantage' AS is_ncci_stated,
    coalesce(
        setting.chosen.massage_coverage,
        CASE WHEN setting.chosen.position IN (SELECT position FROM without_massage) THEN 'not_covered' END,
        payer_class.massage_coverage
    ) AS massage_coverage,
    coalesce(setting.chosen.prefers_x_modifiers, FALSE) AS prefers_x_modifiers,
    -- Payers of whom audit.toml says that they want the modifiers of the plan, and of an assistant's part, as Medicare does.
    coalesce(setting.chosen.requires_plan, FALSE) AS requires_plan,
    coalesce(setting.chosen.requires_assistant, FALSE) AS requires_assistant,
    -- How long a claim may be filed; NULL where the payer's limit is not known.
    setting.chosen.filing_days,
    payer_class.filing_months,
    -- Medicare wants CQ or CO on what an assistant gave, since there are such modifiers, and so do payers of whom audit.toml
    -- says it: a line without is the therapist's own.
    requires_assistant OR (
        payer_class.payer_class = 'medicare_ffs' AND EXISTS (
            SELECT 1 FROM modifier_role
            WHERE
                modifier_role.role = 'assistant'
                AND payer_date.service_date BETWEEN modifier_role.effective_from AND modifier_role.effective_to
        )
    ) AS marks_assistants,
    setting.chosen.position AS setting_position,
    CASE
        WHEN setting.chosen IS NOT NULL THEN 'audit.toml payer ' || setting.chosen.position
        ELSE classified_payer.decided_by
    END AS decided_by
FROM payer_date
INNER JOIN classified_payer
    ON
        payer_date.payer_name IS NOT DISTINCT FROM classified_payer.payer_name
        AND payer_date.payer_id IS NOT DISTINCT FROM classified_payer.payer_id
        AND payer_date.claim_filing_indicator IS NOT DISTINCT FROM classified_payer.claim_filing_indicator
LEFT JOIN payer_identity
    ON
        classified_payer.payer_class = payer_identity.payer_class
        AND classified_payer.own_key = payer_identity.own_key
LEFT JOIN setting
    ON
        payer_date.payer_name IS NOT DISTINCT FROM setting.payer_name
        AND payer_date.payer_id IS NOT DISTINCT FROM setting.payer_id
        AND payer_date.claim_filing_indicator IS NOT DISTINCT FROM setting.claim_filing_indicator
        AND payer_date.service_date = setting.service_date
INNER JOIN payer_class
    ON
        payer_class.payer_class = coalesce(setting.chosen.payer_class, classified_payer.payer_class)
        AND payer_date.service_date BETWEEN payer_class.effective_from AND payer_class.effective_to;
