-- A payer's name for comparing: lower case, apostrophes dropped, other punctuation to blanks, blanks folded.
CREATE OR REPLACE MACRO payer_key(payer_name) AS
    trim(regexp_replace(regexp_replace(lower(payer_name), '[''’‘`´]', '', 'g'), '[^a-z0-9]+', ' ', 'g'));

-- A payer id that names no payer: a word, or one sign over and over (00000, 99999).
CREATE OR REPLACE MACRO is_placeholder_id(payer_id) AS
    NOT regexp_matches(payer_id, '[0-9]') OR replace(payer_id, payer_id[1], '') = '';
