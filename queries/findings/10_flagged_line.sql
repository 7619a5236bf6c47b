-- Every line that a flag concerns. The lead line of a flag bears the largest amount (ties: claim, line number).
CREATE OR REPLACE TABLE flagged_line AS
WITH concerned_line AS (
    SELECT
        rule_id,
        subject_id,
        unnest(lines, recursive := TRUE)
    FROM rule_flag
)
SELECT
    concerned_line.*,
    claim_line.claim_id,
    claim_line.claim_line_number,
    row_number() OVER (
        PARTITION BY concerned_line.rule_id, concerned_line.subject_id
        ORDER BY
            concerned_line.amount_at_risk DESC NULLS LAST, claim_line.claim_id, claim_line.claim_line_number,
            concerned_line.line_id
    ) = 1 AS is_lead
FROM concerned_line
INNER JOIN claim_line USING (line_id);
