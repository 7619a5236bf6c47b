-- A payment taken back stands beside the line it takes back: same claim, patient, date, code and modifiers, same amounts,
-- opposite sign; where no amounts are known, the same number of units. They cancel one to one; a third row of the kind
-- stays. A row below zero that is marked void is the void itself and takes its line back, a marked line before another; one that
-- is marked deleted was never posted, and takes nothing back.
CREATE OR REPLACE TABLE claim_with_negative AS
SELECT DISTINCT claim_id
FROM claim_row
WHERE least(charge_amount, allowed_amount, paid_amount, units) < 0;

CREATE OR REPLACE TABLE reversal_pair AS
WITH signed_line AS (
    SELECT
        line_id,
        claim_line_number,
        is_marked_void(is_void, is_deleted) AS is_marked,
        coalesce(is_deleted, FALSE) AS is_never_posted,
        CASE
            WHEN least(charge_amount, allowed_amount, paid_amount) < 0 THEN -1
            WHEN greatest(charge_amount, allowed_amount, paid_amount) > 0 THEN 1
            ELSE sign(units)
        END AS amount_sign,
        md5(CAST(row(
            claim_id, patient_id, service_date, procedure_code, list_sort([modifier_1, modifier_2, modifier_3, modifier_4]),
            abs(charge_amount), abs(allowed_amount), abs(paid_amount),
            CASE WHEN coalesce(charge_amount, allowed_amount, paid_amount) IS NULL THEN abs(units) END
        ) AS VARCHAR)) AS keys_and_amounts
    FROM claim_row
    WHERE claim_id IN (SELECT claim_id FROM claim_with_negative)
),

numbered_line AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY keys_and_amounts, amount_sign ORDER BY is_marked DESC, claim_line_number, line_id
        ) AS nth
    FROM signed_line
    WHERE amount_sign > 0 OR (amount_sign < 0 AND NOT is_never_posted)
)
SELECT
    line_id,
    amount_sign < 0 AS is_reversal,
    'reversal pair' AS reason
FROM numbered_line
QUALIFY count(*) OVER (PARTITION BY keys_and_amounts, nth) = 2;

-- A line whose amounts are all taken back, in a claim that bills the service on no other line of the export: what it takes back
-- was paid in another month. It is no service. Beside a line that bills it, it takes units and dollars off that line's.
CREATE OR REPLACE TABLE lone_reversal AS
WITH signed_line AS (
    SELECT
        line_id,
        claim_id,
        patient_id,
        service_date,
        procedure_code,
        coalesce(least(charge_amount, allowed_amount, paid_amount) < 0, FALSE)
        AND greatest(charge_amount, allowed_amount, paid_amount) <= 0 AS is_taken_back
    FROM claim_row
    SEMI JOIN claim_with_negative USING (claim_id)
    ANTI JOIN reversal_pair USING (line_id)
)
SELECT line_id
FROM signed_line
ANTI JOIN (SELECT * FROM signed_line WHERE NOT is_taken_back) AS billed_line
    USING (claim_id, patient_id, service_date, procedure_code)
WHERE is_taken_back;

DROP TABLE IF EXISTS claim_with_negative;
