-- Patterns of the user's [[payer]] tables that fit no payer of the export, in the order of audit.toml.
SELECT
    payer_setting.position,
    payer_setting.pattern
FROM payer_setting
WHERE
    NOT EXISTS (
        SELECT 1
        FROM payer
        WHERE
            lower(payer.payer_name) GLOB payer_setting.pattern
            OR lower(payer.payer_id) GLOB payer_setting.pattern
    )
ORDER BY payer_setting.position, payer_setting.pattern;
