-- A line's amount as its own: NULL where the export writes the claim's total in that column (see claim_total_line).
CREATE OR REPLACE MACRO own_amount(amount, column_name, totals) AS
    CASE WHEN NOT coalesce(list_contains(totals, column_name), FALSE) THEN amount END;
