-- The payers of the export, and the class that each one's name says, or else its filing indicator.
CREATE OR REPLACE TABLE payer AS
SELECT DISTINCT
    payer_name,
    payer_id,
    claim_filing_indicator,
    -- A name in another script leaves nothing for comparing; it then stands for itself. Never NULL: NULL equals nothing.
    coalesce(nullif(payer_key(payer_name), ''), payer_name, payer_id, claim_filing_indicator, '') AS payer_key
FROM claim_row;

CREATE OR REPLACE TABLE classified_payer AS
WITH matched AS (
    SELECT
        payer.payer_name,
        payer.payer_id,
        payer.claim_filing_indicator,
        payer_pattern.payer_class,
        payer_pattern.priority,
        CASE payer_pattern.field
            WHEN 'payer_name' THEN 'payer name'
            ELSE 'filing indicator ' || payer.claim_filing_indicator
        END AS decided_by
    FROM payer
    INNER JOIN payer_pattern
        ON
            CASE payer_pattern.field
                WHEN 'payer_name'
                    THEN
                        regexp_matches(payer_key(payer.payer_name), payer_pattern.pattern)
                        AND (
                            payer_pattern.also IS NULL
                            OR regexp_matches(payer_key(payer.payer_name), payer_pattern.also)
                        )
                ELSE regexp_matches(payer.claim_filing_indicator, payer_pattern.pattern)
            END
)
SELECT
    payer.*,
    coalesce(first_match.payer_class, 'unknown') AS payer_class,
    coalesce(first_match.decided_by, 'no match') AS decided_by
FROM payer
LEFT JOIN (
    SELECT
        payer_name,
        payer_id,
        claim_filing_indicator,
        arg_min(payer_class, priority) AS payer_class,
        arg_min(decided_by, priority) AS decided_by
    FROM matched
    GROUP BY payer_name, payer_id, claim_filing_indicator
) AS first_match
    ON
        payer.payer_name IS NOT DISTINCT FROM first_match.payer_name
        AND payer.payer_id IS NOT DISTINCT FROM first_match.payer_id
        AND payer.claim_filing_indicator IS NOT DISTINCT FROM first_match.claim_filing_indicator;
