-- How the dollars of each line of a finding were made, in words. A denied line, and a line billed to be denied, puts at risk what
-- was paid for it, whatever the other lines go by.
CREATE OR REPLACE TABLE line_made AS
SELECT
    finding_line.finding_id,
    finding_line.line_id,
    claim_line.line_amount,
    how_made(
        finding_line.amount_at_risk,
        CASE
            WHEN claim_line.is_denied OR claim_line.is_billed_to_be_denied THEN 'paid'
            ELSE replace(replace(getvariable('money_basis'), '_amount', ''), 'charge', 'charged')
        END,
        claim_line.line_amount, claim_line.units, finding_line.direction
    ) AS how_made
FROM finding_line
INNER JOIN claim_line USING (line_id);

-- Of a finding: line by line, the first six in the order of the claim.
CREATE OR REPLACE TABLE finding_made AS
WITH numbered_line AS (
    SELECT
        finding_id,
        how_made,
        row_number() OVER (
            PARTITION BY finding_id ORDER BY finding_line.claim_id, finding_line.claim_line_number, line_id
        ) AS place,
        count(*) OVER (PARTITION BY finding_id) AS lines
    FROM line_made
    INNER JOIN finding_line USING (finding_id, line_id)
    WHERE how_made IS NOT NULL
)
SELECT
    finding_id,
    string_agg(how_made, ' + ' ORDER BY place)
    || CASE WHEN any_value(lines) > 6 THEN ' + ' || counted(any_value(lines) - 6, 'more line', 'more lines') ELSE '' END
        AS how_made
FROM numbered_line
WHERE place <= 6
GROUP BY finding_id;
