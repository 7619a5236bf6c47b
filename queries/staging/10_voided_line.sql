-- A void (frequency 8) removes itself and the claim it names. Some systems reuse the claim number instead of naming it.
CREATE OR REPLACE TABLE voided_line AS
WITH void_claim AS (
    SELECT DISTINCT coalesce(original_claim_id, claim_id) AS voided_claim_id
    FROM claim_row
    WHERE claim_frequency_code = '8'
)
SELECT
    line_id,
    CASE WHEN claim_frequency_code = '8' THEN 'void claim' ELSE 'voided by a void claim' END AS reason
FROM claim_row
WHERE
    claim_frequency_code = '8'
    OR claim_id IN (SELECT voided_claim_id FROM void_claim);
