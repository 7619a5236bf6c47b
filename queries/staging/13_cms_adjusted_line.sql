-- CMS's claim feeds send a claim again for each adjustment, under one control number: 0 original, 1 cancellation (its amounts
-- are positive), 2 adjustment. Of one control number, patient and line the version of the latest effective date stands, of
-- equal dates that of the largest claim id, and nothing where that is a cancellation. The same row twice is left to
-- 14_repeated_row.sql.
CREATE OR REPLACE TABLE cms_adjusted_line AS
WITH version AS (
    SELECT
        line_id,
        cms_adjustment_type = '1' AS is_cancellation,
        rank() OVER (
            PARTITION BY cms_control_number, patient_id, claim_line_number
            ORDER BY cms_effective_date DESC NULLS LAST, length(claim_id) DESC, claim_id DESC
        ) AS place
    FROM claim_row
    WHERE
        cms_control_number IS NOT NULL
        AND cms_adjustment_type IS NOT NULL
        AND NOT is_marked_void(is_void, is_deleted)
)
SELECT
    line_id,
    CASE WHEN is_cancellation THEN 'cancellation of a claim' ELSE 'superseded by a later version of the claim' END AS reason
FROM version
WHERE is_cancellation OR place > 1;
