-- A line that the billing system itself marks as void or deleted was never part of the claim as it stands.
CREATE OR REPLACE MACRO is_marked_void(is_void, is_deleted) AS
    coalesce(is_void, FALSE) OR coalesce(is_deleted, FALSE);
