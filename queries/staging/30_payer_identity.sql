-- One payer under several spellings: a payer id joins the names that stand beside it, and a name the ids, within one class.
-- A placeholder joins nothing. The first of the names stands for all.
CREATE OR REPLACE TABLE payer_identity AS
WITH RECURSIVE name_and_id AS (
    SELECT DISTINCT payer_class, own_key, lower(payer_id) AS payer_id
    FROM classified_payer
    WHERE payer_id IS NOT NULL AND NOT is_placeholder_id(payer_id)
),

spelling AS (
    SELECT payer_class, own_key, own_key AS other_key FROM name_and_id
    UNION
    SELECT spelling.payer_class, spelling.own_key, neighbour.own_key AS other_key
    FROM spelling
    INNER JOIN name_and_id
        ON
            spelling.payer_class = name_and_id.payer_class
            AND spelling.other_key = name_and_id.own_key
    INNER JOIN name_and_id AS neighbour
        ON
            name_and_id.payer_class = neighbour.payer_class
            AND name_and_id.payer_id = neighbour.payer_id
)
SELECT
    payer_class,
    own_key,
    min(other_key) AS payer_key
FROM spelling
GROUP BY payer_class, own_key;
