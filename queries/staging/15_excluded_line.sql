-- Claim rows that are not audited, one reason each. What remains is the final action of each claim within the period.
CREATE OR REPLACE TABLE excluded_line AS
WITH candidate AS (
    SELECT line_id, 1 AS priority, reason FROM voided_line
    UNION ALL
    SELECT line_id, 2 AS priority, reason FROM superseded_line
    UNION ALL
    SELECT line_id, 3 AS priority, reason FROM cms_adjusted_line
    UNION ALL
    SELECT line_id, 4 AS priority, reason FROM reversal_pair
    UNION ALL
    SELECT line_id, 4 AS priority, 'reversal of a payment' AS reason FROM lone_reversal
    UNION ALL
    SELECT line_id, 5 AS priority, reason FROM repeated_row
    UNION ALL
    SELECT line_id, 6 AS priority, 'outside the period' AS reason
    FROM claim_row
    WHERE
        service_date < getvariable('period_start')
        OR service_date > getvariable('period_end')
)
SELECT
    line_id,
    arg_min(reason, priority) AS reason
FROM candidate
GROUP BY line_id;

-- Rows of the files that are no claim lines, as intake tells them: entries of a ledger, lines of a revenue code alone.
CREATE TABLE IF NOT EXISTS left_out_row (
    source_file VARCHAR,
    source_row BIGINT,
    reason VARCHAR,
    claim_id VARCHAR,
    claim_line_number INTEGER,
    service_date DATE,
    charge_amount DECIMAL(12, 2),
    allowed_amount DECIMAL(12, 2),
    paid_amount DECIMAL(12, 2)
);

-- All that was read and is not audited, for the lists and totals of a run.
CREATE OR REPLACE VIEW excluded_row AS
SELECT
    line_id,
    source_file,
    source_row,
    excluded_line.reason,
    claim_id,
    claim_line_number,
    service_date,
    procedure_code,
    charge_amount,
    allowed_amount,
    paid_amount
FROM claim_row
INNER JOIN excluded_line USING (line_id)
UNION ALL BY NAME
FROM left_out_row;
