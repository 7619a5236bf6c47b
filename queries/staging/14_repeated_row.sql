-- The very same row twice is the export repeating itself: the first stays. A service that was billed twice has two
-- claim lines, and rule CLM001 looks for those. Rows that cancel each other are no copies: billed, taken back and billed
-- again, one stays.
CREATE OR REPLACE TABLE repeated_row AS
WITH repeated_content AS (
    SELECT
        list_sort(list(line_id)) AS copies,
        * EXCLUDE (line_id, source_file, source_row)
    FROM claim_row
    ANTI JOIN reversal_pair USING (line_id)
    SEMI JOIN (
        SELECT claim_id, claim_line_number FROM claim_row GROUP BY claim_id, claim_line_number HAVING count(*) > 1
    ) AS repeated_key USING (claim_id, claim_line_number)
    GROUP BY ALL
    HAVING count(*) > 1
)
SELECT
    unnest(copies[2:]) AS line_id,
    'repeated row' AS reason
FROM repeated_content;
