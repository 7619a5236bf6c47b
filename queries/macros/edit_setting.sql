-- Whose edits judge a line. A bill type stands on institutional claims only: outpatient hospitals and the facilities paid like
-- them have tables of their own, other institutions none.
CREATE OR REPLACE MACRO edit_setting(bill_type) AS
    CASE
        WHEN bill_type IS NULL THEN 'practitioner'
        WHEN regexp_matches(bill_type, '^0?(12|13|14|22|23|72|74|75|76|85)') THEN 'hospital'
        ELSE 'other facility'
    END;
