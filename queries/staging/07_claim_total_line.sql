-- Claims of a file on whose lines an amount is the claim's total. Intake fills this where an export has such claims.
CREATE TABLE IF NOT EXISTS claim_total (source_file VARCHAR, claim_id VARCHAR, column_name VARCHAR, by_bill_type BOOLEAN);

-- Their lines: what a line's own amount is, nobody can tell. `totals` names the columns.
CREATE OR REPLACE TABLE claim_total_line AS
SELECT
    claim_row.line_id,
    list(claim_total.column_name ORDER BY claim_total.column_name) AS totals
FROM claim_row
INNER JOIN claim_total USING (source_file, claim_id)
WHERE claim_row.bill_type IS NOT NULL OR NOT claim_total.by_bill_type
GROUP BY claim_row.line_id;
