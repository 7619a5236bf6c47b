-- A replacement (frequency 7) takes the place of the claim it names. Where several name the same claim, the one sent
-- last stands (by submitted date, then paid date, then claim number) and the earlier replacements are superseded too.
CREATE OR REPLACE TABLE superseded_line AS
WITH replacement_claim AS (
    SELECT
        claim_id,
        coalesce(original_claim_id, claim_id) AS replaced_claim_id,
        row_number() OVER (
            PARTITION BY coalesce(original_claim_id, claim_id)
            ORDER BY max(submitted_date) DESC NULLS LAST, max(paid_date) DESC NULLS LAST, claim_id DESC
        ) AS newest_first
    FROM claim_row
    WHERE claim_frequency_code = '7'
    GROUP BY claim_id, coalesce(original_claim_id, claim_id)
)
SELECT
    line_id,
    'superseded by a replacement' AS reason
FROM claim_row
WHERE
    (
        coalesce(claim_frequency_code, '1') <> '7'
        AND claim_id IN (SELECT replaced_claim_id FROM replacement_claim)
    )
    OR (
        claim_frequency_code = '7'
        AND EXISTS (
            SELECT 1 FROM replacement_claim AS later
            WHERE
                (later.claim_id = claim_row.claim_id AND later.newest_first > 1)
                OR (later.replaced_claim_id = claim_row.claim_id AND later.claim_id <> claim_row.claim_id)
        )
    );
