-- A payer's name for comparing: lower case, punctuation to blanks, blanks folded.
CREATE OR REPLACE MACRO payer_key(payer_name) AS
    trim(regexp_replace(lower(payer_name), '[^a-z0-9]+', ' ', 'g'));
