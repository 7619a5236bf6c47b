-- The body areas that a record names, each once: "Neck; upper back" and "neck:10, upper back:5" name the same two.
CREATE OR REPLACE MACRO body_areas(body_region, area_minutes) AS
    list_distinct(
        list_transform(
            area_parts(regexp_replace(lower(coalesce(body_region, area_minutes)), '\s+and\s+|[&+/]', ';', 'g')),
            lambda part : trim(regexp_replace(regexp_replace(part, ':.*', ''), '[^\p{L}\p{N}]+', ' ', 'g'))
        )
    );

-- Whether two records name areas and none in common. NULL where one of them names none.
CREATE OR REPLACE MACRO areas_differ(areas, other_areas) AS
    CASE WHEN len(areas) > 0 AND len(other_areas) > 0 THEN NOT list_has_any(areas, other_areas) END;
