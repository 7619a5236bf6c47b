-- Which contract columns hold any value in the export: a rule tells "blank on this line" from "never exported" by it.
CREATE OR REPLACE TABLE export_column AS
SELECT
    unnest(getvariable('filled_columns')) AS column_name;
