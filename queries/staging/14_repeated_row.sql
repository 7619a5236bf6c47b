-- The very same row twice is the export repeating itself: the first stays. A service that was billed twice has two
-- claim lines, and rule CLM001 looks for those. Rows that cancel each other are no copies: billed, taken back and billed
-- again, one stays.
-- Few numbers stand twice: only their rows are held against each other, cell by cell.
CREATE OR REPLACE TABLE repeated_key AS
SELECT claim_id, claim_line_number FROM claim_row GROUP BY claim_id, claim_line_number HAVING count(*) > 1;

CREATE OR REPLACE TABLE repeated_row AS
WITH like_row AS MATERIALIZED (
    SELECT line_id
    FROM claim_row
    ANTI JOIN reversal_pair USING (line_id)
    SEMI JOIN repeated_key USING (claim_id, claim_line_number)
),

repeated_content AS (
    SELECT
        list_sort(list(line_id)) AS copies,
        * EXCLUDE (line_id, source_file, source_row)
    FROM claim_row
    SEMI JOIN like_row USING (line_id)
    GROUP BY ALL
    HAVING count(*) > 1
)
SELECT
    unnest(copies[2:]) AS line_id,
    'repeated row' AS reason
FROM repeated_content;

DROP TABLE IF EXISTS repeated_key;
