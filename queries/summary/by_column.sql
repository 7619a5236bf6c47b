-- How many audited lines hold a value in each column that the export filled at all; blanks are what rules cannot judge.
WITH audited_row AS (
    SELECT * EXCLUDE (line_id, source_file, source_row)
    FROM claim_row
    SEMI JOIN claim_line USING (line_id)
),

filled AS (
    UNPIVOT (SELECT count(COLUMNS(*)) FROM audited_row) ON COLUMNS(*) INTO NAME column_name VALUE filled
)
SELECT
    filled.column_name,
    filled.filled,
    (SELECT count(*) FROM claim_line) AS lines
FROM filled
SEMI JOIN export_column USING (column_name)
ORDER BY filled.column_name;
