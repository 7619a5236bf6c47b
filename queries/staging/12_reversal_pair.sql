-- A payment taken back stands beside the line it takes back: same keys, same amounts, opposite sign. They cancel one to
-- one; a third row of the kind stays. A reversal that is marked void takes nothing back.
CREATE OR REPLACE TABLE reversal_pair AS
WITH signed_line AS (
    SELECT
        line_id,
        is_marked_void(is_void, is_deleted) AS is_marked,
        coalesce(nullif(sign(charge_amount), 0), nullif(sign(paid_amount), 0), nullif(sign(allowed_amount), 0), sign(units))
            AS amount_sign,
        md5(CAST(row(
            claim_id, claim_line_number, patient_id, service_date, procedure_code, modifier_1, modifier_2, modifier_3,
            modifier_4, abs(units), abs(charge_amount), abs(allowed_amount), abs(paid_amount)
        ) AS VARCHAR)) AS keys_and_amounts
    FROM claim_row
    WHERE
        claim_id IN (
            SELECT claim_id FROM claim_row
            WHERE least(charge_amount, allowed_amount, paid_amount, units) < 0
        )
),

numbered_line AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY keys_and_amounts, amount_sign ORDER BY is_marked DESC, line_id) AS nth
    FROM signed_line
    WHERE amount_sign > 0 OR (amount_sign < 0 AND NOT is_marked)
)
SELECT
    line_id,
    'reversal pair' AS reason
FROM numbered_line
QUALIFY count(*) OVER (PARTITION BY keys_and_amounts, nth) = 2;
