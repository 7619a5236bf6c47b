-- The parts of minutes written by body area: "upper back:10; neck: 5 min" has two.
CREATE OR REPLACE MACRO area_parts(area_minutes) AS
    list_filter(regexp_split_to_array(lower(area_minutes), '[;,|\n\r]'), lambda part : trim(part) <> '');
