-- Which claim a replacement (frequency 7) or a void (8) acts on: the one that it names; itself, where the system uses the claim's
-- number again; else the only other claim that it can be: of the same patient, date, practice, payer and order of coverage, with
-- a code in common, sent no later, and itself neither replacement nor void. Where several can be it, or none, nothing is guessed.
CREATE OR REPLACE TABLE replaced_claim AS
WITH framed_line AS NOT MATERIALIZED (
    SELECT
        *,
        frequency_of(claim_frequency_code, bill_type) AS frequency,
        coalesce(frequency IN ('7', '8'), FALSE) AS is_acting,
        coalesce(billing_npi, rendering_npi, '') AS practice
    FROM claim_row
    WHERE NOT is_marked_void(is_void, is_deleted)
),

-- Few are: only lines of their patients are held against them.
acting_line AS MATERIALIZED (
    SELECT
        claim_id,
        frequency,
        original_claim_id,
        patient_id,
        service_date,
        procedure_code,
        practice,
        payer_name,
        payer_id,
        payer_sequence,
        submitted_date
    FROM framed_line
    WHERE is_acting
),

acting_claim AS (
    SELECT
        claim_id,
        frequency,
        original_claim_id
    FROM acting_line
    GROUP BY ALL
),

other_line AS MATERIALIZED (
    SELECT
        claim_id,
        patient_id,
        service_date,
        procedure_code,
        practice,
        payer_name,
        payer_id,
        payer_sequence,
        submitted_date
    FROM framed_line
    WHERE NOT is_acting AND patient_id IN (SELECT patient_id FROM acting_line)
),

-- Of claims that name no other and whose number nothing else has.
candidate AS (
    SELECT
        acting.claim_id,
        acting.frequency,
        count(DISTINCT other.claim_id) AS candidates,
        min(other.claim_id) AS only_candidate
    FROM acting_line AS acting
    INNER JOIN other_line AS other
        ON
            acting.patient_id = other.patient_id
            AND acting.service_date = other.service_date
            AND acting.procedure_code = other.procedure_code
            AND acting.practice = other.practice
            AND acting.payer_name IS NOT DISTINCT FROM other.payer_name
            AND acting.payer_id IS NOT DISTINCT FROM other.payer_id
            AND coverage_of(acting.payer_sequence) = coverage_of(other.payer_sequence)
            AND acting.claim_id <> other.claim_id
    WHERE
        NOT coalesce(other.submitted_date > acting.submitted_date, FALSE)
        AND acting.claim_id NOT IN (
            SELECT claim_id FROM framed_line
            WHERE (NOT is_acting OR original_claim_id IS NOT NULL) AND claim_id IN (SELECT claim_id FROM acting_claim)
        )
    GROUP BY acting.claim_id, acting.frequency
)
SELECT
    acting_claim.claim_id,
    acting_claim.frequency,
    coalesce(
        acting_claim.original_claim_id, CASE WHEN candidates = 1 THEN only_candidate END, acting_claim.claim_id
    ) AS replaced_claim_id,
    acting_claim.original_claim_id IS NULL AND coalesce(candidates = 1, FALSE) AS is_matched,
    acting_claim.original_claim_id IS NULL AND coalesce(candidates > 1, FALSE) AS is_in_doubt
FROM acting_claim
LEFT JOIN candidate USING (claim_id, frequency);
