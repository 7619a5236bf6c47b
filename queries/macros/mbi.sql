-- Whether a member number has the shape of a Medicare beneficiary identifier: eleven characters, digits and letters each in
-- their places, the first no 0, no letter S, L, O, I, B or Z; the two dashes of the card may stand. NULL gives NULL.
CREATE OR REPLACE MACRO is_mbi(member_id) AS
    regexp_full_match(
        upper(trim(member_id)),
        replace(
            replace('[1-9]LA[0-9]-?LA[0-9]-?LL[0-9][0-9]', 'A', '[0-9AC-HJKMNP-RT-Y]'),
            'L', '[AC-HJKMNP-RT-Y]'
        )
    );
