-- Minutes written by body area.

-- The time behind an area and a colon, as a column of minutes would hold it: "neck: 5 min", "neck: 0:05".
CREATE OR REPLACE MACRO time_of_area(part) AS
    regexp_extract(part, '^.*?[^\s:].*?:\s*([0-9]{1,3}:[0-5][0-9](:00)?|[0-9][^:]*?)\s*$', 1);

-- Without a colon, "low back 10": where all words before the number are of areas.
CREATE OR REPLACE MACRO time_after_words(part, area_words) AS
    CASE
        WHEN list_has_all(area_words, string_split_regex(regexp_extract(part, '^\s*([a-z][a-z ]*[a-z])\s+[0-9]', 1), '\s+'))
            THEN regexp_extract(part, '^[a-z ]+ ([0-9]{1,3}\s*(m|mins?|minutes?)?\.?)\s*$', 1)
    END;

-- What they add up to; `area_words` are the words that areas are named by. NULL where a part is not an area and whole minutes:
-- nothing is guessed.
CREATE OR REPLACE MACRO area_minutes_total(area_minutes, area_words) AS
    CASE
        WHEN len(area_parts(area_minutes)) > 0
            THEN
                CAST(
                    list_reduce(
                        list_transform(
                            area_parts(area_minutes),
                            lambda part : parse_minutes(
                                coalesce(nullif(time_of_area(part), ''), time_after_words(part, area_words))
                            )
                        ),
                        lambda total, one : total + one
                    ) AS INTEGER
                )
    END;
