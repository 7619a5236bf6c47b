-- The state of each row, settled once for every rule: void, denied or live. A line with money paid is live whatever its
-- words say, unless it is void. Nothing allowed and nothing paid (noughts, not blanks) is a denial by another name, where
-- the export states payments at all and does not say that the payer has still to answer.
CREATE OR REPLACE TABLE line_state AS
WITH row_evidence AS (
    SELECT
        claim_row.line_id,
        is_marked_void(claim_row.is_void, claim_row.is_deleted) AS is_marked,
        line_says(of_line.says, of_claim.says, mark.says) AS says,
        coalesce(reason.says = 'denied', FALSE) AS has_reason,
        own_amount(claim_row.paid_amount, 'paid_amount', claim_total_line.totals) AS paid,
        own_amount(claim_row.allowed_amount, 'allowed_amount', claim_total_line.totals) AS allowed,
        is_denied_by_cms(claim_row.cms_processing_indicator, claim_row.cms_denial_code) AS is_denied_by_code,
        -- The money basis is what was paid as soon as the export states one payment.
        claim_row.units >= 1 AND getvariable('money_basis') = 'paid_amount' AS may_be_unpaid,
        states_allowed.source_file IS NOT NULL AS states_allowed
    FROM claim_row
    LEFT JOIN claim_total_line USING (line_id)
    LEFT JOIN export_column AS states_allowed
        ON states_allowed.column_name = 'allowed_amount' AND claim_row.source_file = states_allowed.source_file
    LEFT JOIN status_reading AS of_claim ON of_claim.kind = 'status' AND claim_row.claim_status = of_claim.stated
    LEFT JOIN status_reading AS of_line ON of_line.kind = 'status' AND claim_row.line_status = of_line.stated
    LEFT JOIN status_reading AS mark ON mark.kind = 'mark' AND claim_row.denial_mark = mark.stated
    LEFT JOIN status_reading AS reason ON reason.kind = 'reason' AND claim_row.denial_reason = reason.stated
)
SELECT
    line_id,
    says,
    CASE
        WHEN is_marked OR says IN ('void', 'reversal') THEN 'void'
        -- CMS's own codes win over an amount.
        WHEN is_denied_by_code THEN 'denied'
        WHEN paid > 0 THEN 'live'
        WHEN says = 'denied' OR (says = 'contradicts itself' AND paid IS NOT NULL) OR has_reason THEN 'denied'
        WHEN says IN ('unsent', 'waiting', 'not denied') THEN 'live'
        WHEN may_be_unpaid AND paid = 0 AND (allowed = 0 OR NOT states_allowed) THEN 'denied'
        ELSE 'live'
    END AS line_state,
    line_state = 'denied' AND NOT is_denied_by_code AND says <> 'denied' AND NOT has_reason AS is_denied_by_amount,
    line_state = 'denied' AND NOT is_denied_by_code AND says <> 'denied' AND has_reason AS is_denied_by_reason
FROM row_evidence;
