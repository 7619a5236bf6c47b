-- A void (frequency 8) removes itself and the claim it names. Some systems reuse the claim number instead of naming it.
-- Other systems mark the line: it goes alone, and where it is a void or replacement itself, it acts on no other claim. Below
-- zero it takes its line back all the same (12_reversal_pair).
CREATE OR REPLACE TABLE voided_line AS
WITH void_claim AS (
    SELECT
        replaced_claim_id AS claim_id,
        bool_and(is_matched) AS is_matched
    FROM replaced_claim
    WHERE frequency = '8'
    GROUP BY replaced_claim_id
)
SELECT
    line_id,
    CASE
        WHEN is_void THEN 'marked void in the export'
        WHEN is_deleted THEN 'marked deleted in the export'
        WHEN frequency_of(claim_frequency_code, bill_type) = '8' THEN 'void claim'
        WHEN says = 'reversal' THEN 'reversal of a payment'
        WHEN line_state = 'void' THEN 'its status says void'
        WHEN void_claim.is_matched THEN 'voided by a void claim that names no claim and can be of no other'
        ELSE 'voided by a void claim'
    END AS reason
FROM claim_row
INNER JOIN line_state USING (line_id)
LEFT JOIN void_claim USING (claim_id)
WHERE
    line_state = 'void'
    OR frequency_of(claim_frequency_code, bill_type) = '8'
    OR void_claim.claim_id IS NOT NULL;
