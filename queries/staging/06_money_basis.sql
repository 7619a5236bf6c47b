-- Which amount a potential dollar is counted in, once for the run: what was paid, else allowed, else charged. A column in
-- which no amount is above nought is no basis.
SET VARIABLE money_basis = (
    SELECT
        CASE
            WHEN bool_or(paid_amount > 0) THEN 'paid_amount'
            WHEN bool_or(allowed_amount > 0) THEN 'allowed_amount'
            ELSE 'charge_amount'
        END
    FROM claim_row
);
