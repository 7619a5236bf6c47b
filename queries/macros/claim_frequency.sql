-- What a claim is: 1 original, 7 replacement, 8 void. An institutional claim says it in the last digit of its bill type.
CREATE OR REPLACE MACRO frequency_of(claim_frequency_code, bill_type) AS
    coalesce(
        claim_frequency_code, CASE WHEN regexp_full_match(bill_type, '0?[1-9][0-9][0-9A-Z]') THEN bill_type[-1:] END
    );
