-- Whether an NPI is well formed: ten digits, the first 1 or 2, the last the check digit of the Luhn formula over the prefix
-- 80840 and the nine digits before it (45 CFR 162.406). The prefix's own digits add 24. NULL gives NULL.
CREATE OR REPLACE MACRO npi_is_valid(npi) AS
    regexp_full_match(npi, '[12][0-9]{9}')
    AND (
        24 + list_sum(
            list_transform(
                range(1, 11), lambda place : CASE
                    -- Every second digit counts double; a double of two digits counts as the sum of its digits.
                    WHEN place % 2 = 0 THEN TRY_CAST(npi[place] AS INTEGER)
                    ELSE 2 * TRY_CAST(npi[place] AS INTEGER) // 10 + 2 * TRY_CAST(npi[place] AS INTEGER) % 10
                END
            )
        )
    ) % 10 = 0;

-- Whose services are held against each other: of a professional line those of who treated, on an institutional claim the
-- facility's.
CREATE OR REPLACE MACRO provider_of(bill_type, rendering_npi, billing_npi) AS
    CASE WHEN bill_type IS NULL THEN coalesce(rendering_npi, billing_npi) ELSE coalesce(billing_npi, rendering_npi) END;

-- Whether a person's name stands in for the NPI that the export lacks; see parse_person.
CREATE OR REPLACE MACRO stands_for_npi(npi) AS starts_with(npi, 'by-name-');
