-- A replacement (frequency 7) takes the place of the claim it names. Replacements that go back to one claim, in a chain or
-- side by side, are one family, and one of them stands: of those that no other names, the one sent last (by submitted
-- date, then paid date, then claim number).
CREATE OR REPLACE TABLE superseded_line AS
WITH RECURSIVE replacement AS (
    SELECT
        claim_row.claim_id,
        replaced_claim.replaced_claim_id,
        bool_or(replaced_claim.is_matched) AS is_matched,
        max(claim_row.submitted_date) AS submitted_date,
        max(claim_row.paid_date) AS paid_date
    FROM claim_row
    INNER JOIN replaced_claim USING (claim_id)
    WHERE
        replaced_claim.frequency = '7'
        AND frequency_of(claim_frequency_code, bill_type) = '7' AND NOT is_marked_void(is_void, is_deleted)
    GROUP BY claim_row.claim_id, replaced_claim.replaced_claim_id
),

-- UNION drops what was found before: claims that name each other in a circle end it.
ancestor AS (
    SELECT claim_id, replaced_claim_id AS ancestor_id FROM replacement
    UNION
    SELECT ancestor.claim_id, replacement.replaced_claim_id AS ancestor_id
    FROM ancestor
    INNER JOIN replacement ON ancestor.ancestor_id = replacement.claim_id
),

family AS (
    SELECT
        claim_id,
        coalesce(
            min(ancestor_id) FILTER (WHERE ancestor_id NOT IN (SELECT claim_id FROM replacement)), min(ancestor_id)
        ) AS family_id
    FROM ancestor
    GROUP BY claim_id
),

ranked_replacement AS (
    SELECT
        replacement.claim_id,
        row_number() OVER (
            PARTITION BY family.family_id
            ORDER BY
                bool_or(later.claim_id IS NOT NULL), max(replacement.submitted_date) DESC NULLS LAST,
                max(replacement.paid_date) DESC NULLS LAST, replacement.claim_id DESC
        ) AS place
    FROM replacement
    INNER JOIN family ON replacement.claim_id = family.claim_id
    LEFT JOIN replacement AS later
        ON
            replacement.claim_id = later.replaced_claim_id
            AND replacement.claim_id <> later.claim_id
    GROUP BY replacement.claim_id, family.family_id
)
SELECT
    line_id,
    CASE
        WHEN
            claim_id IN (SELECT replaced_claim_id FROM replacement WHERE is_matched)
            AND claim_id NOT IN (SELECT replaced_claim_id FROM replacement WHERE NOT is_matched)
            THEN 'superseded by a replacement that names no claim and can be of no other'
        ELSE 'superseded by a replacement'
    END AS reason
FROM claim_row
WHERE
    CASE
        WHEN frequency_of(claim_frequency_code, bill_type) = '7'
            THEN claim_id IN (SELECT claim_id FROM ranked_replacement WHERE place > 1)
        ELSE claim_id IN (SELECT replaced_claim_id FROM replacement)
    END;
