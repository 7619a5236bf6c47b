-- What a flag rests on, in one short text: its lines as the export tells them, in any order. A decision stands while this,
-- and the version of the rule, stay as they were. No patient is in it, and no place in a file.
CREATE OR REPLACE TABLE flag_ground AS
SELECT
    flagged_line.rule_id,
    flagged_line.subject_id,
    substr(sha256(string_agg(said, chr(30) ORDER BY said)), 1, 16) AS rests_on
FROM flagged_line
INNER JOIN (
    SELECT
        line_id,
        concat(
            claim_id, chr(31), claim_line_number, chr(31), service_date, chr(31), procedure_code, chr(31),
            array_to_string(modifiers, ' '), chr(31), units, chr(31), "minutes", chr(31), basis_amount, chr(31), payer_name
        ) AS said
    FROM claim_line
) AS told USING (line_id)
GROUP BY flagged_line.rule_id, flagged_line.subject_id;
