-- Which contract columns hold any value in the export, and stand in a file: a rule tells "blank on this line" from "never
-- exported" by it. Files of two systems differ: what one of them has, nobody asked the other's lines for.
CREATE OR REPLACE TABLE export_column AS
WITH file AS (
    SELECT DISTINCT source_file FROM claim_row
)
SELECT
    file.source_file,
    filled.column_name
FROM (SELECT unnest(getvariable('filled_columns')) AS column_name) AS filled
CROSS JOIN file
WHERE NOT list_contains(CAST(getvariable('columns_lacked') AS VARCHAR[]), column_name || ' ' || source_file);
