-- A void (frequency 8) removes itself and the claim it names. Some systems reuse the claim number instead of naming it.
-- Other systems mark the line: it goes alone, and where it is a void or replacement itself, it acts on no other claim.
CREATE OR REPLACE TABLE voided_line AS
WITH void_claim AS (
    SELECT DISTINCT coalesce(original_claim_id, claim_id) AS voided_claim_id
    FROM claim_row
    WHERE claim_frequency_code = '8' AND NOT is_marked_void(is_void, is_deleted)
)
SELECT
    line_id,
    CASE
        WHEN is_void THEN 'marked void in the export'
        WHEN is_deleted THEN 'marked deleted in the export'
        WHEN claim_frequency_code = '8' THEN 'void claim'
        WHEN says = 'reversal' THEN 'reversal of a payment'
        WHEN line_state = 'void' THEN 'its status says void'
        ELSE 'voided by a void claim'
    END AS reason
FROM claim_row
INNER JOIN line_state USING (line_id)
WHERE
    line_state = 'void'
    OR claim_frequency_code = '8'
    OR claim_id IN (SELECT voided_claim_id FROM void_claim);
