-- The parts of minutes written by body area: "upper back:10; neck: 5 min" has two.
CREATE OR REPLACE MACRO area_parts(area_minutes) AS
    list_filter(regexp_split_to_array(lower(area_minutes), '[;,|\n\r]'), lambda part : trim(part) <> '');

-- What they add up to. NULL where a part is not an area, a colon and whole minutes: nothing is guessed.
CREATE OR REPLACE MACRO area_minutes_total(area_minutes) AS
    CASE
        WHEN
            list_bool_and(
                list_transform(
                    area_parts(area_minutes),
                    lambda part : regexp_full_match(part, '.*[^\s:].*:\s*[0-9]{1,4}\s*(m|mins?|minutes?)?\.?\s*')
                )
            )
            THEN
                CAST(
                    list_sum(
                        list_transform(
                            area_parts(area_minutes), lambda part : TRY_CAST(regexp_extract(part, '.*:\s*([0-9]+)', 1) AS INTEGER)
                        )
                    ) AS INTEGER
                )
    END;
