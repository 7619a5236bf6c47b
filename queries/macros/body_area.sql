-- What a line's record says of the areas treated: its own field, else the minutes by area.
CREATE OR REPLACE MACRO area_text(body_region, area_minutes) AS lower(coalesce(body_region, area_minutes));

-- Cx and Lx alone are segments of the spine; Tx is one beside them only, for alone it is a treatment.
CREATE OR REPLACE MACRO segment_of_spine(part, has_others) AS
    CASE
        WHEN part = 'cx' OR part = 'lx' OR (part = 'tx' AND has_others) THEN left(part, 1) || ' spine'
        ELSE part
    END;

-- The areas that such a text names, each once, in words alone: "Neck; upper back" and "neck:10, upper back:5" name the same
-- two. "Mid and low back" are two, "left and right knee" are both; L4/5 is one place, C/S one, RUE an upper extremity of a side.
CREATE OR REPLACE MACRO body_areas(area_text) AS
    list_distinct(
        list_transform(
            area_parts(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(
                            regexp_replace(
                                regexp_replace(
                                    regexp_replace(area_text, '\b([rlb])(ue|le)s?\b', '\1 \2', 'g'),
                                    '\b([ct])\s*/\s*s\b', '\1 spine', 'g'
                                ),
                                '\b(left|right|l|r|lt|rt)\s*(and|&|/|\+)\s*(left|right|l|r|lt|rt)\b', 'both', 'g'
                            ),
                            '\b(upper|mid|middle|lower|low)\s*(and|&|/|\+|,|-)\s*(upper|mid|middle|lower|low)[ -]+back\b',
                            '\1 back;\3 back', 'g'
                        ),
                        '([0-9])\s*/\s*([0-9])', '\1 \2', 'g'
                    ),
                    '\s+and\s+|[&+/]', ';', 'g'
                )
            ),
            lambda part : segment_of_spine(
                trim(regexp_replace(regexp_replace(part, ':.*', ''), '[^\p{L}\p{N}]+', ' ', 'g')),
                regexp_matches(area_text, '\b[cl]x\b')
            )
        )
    );

-- The regions of a name that the table knows. An arm or a leg has two: without a side it may be either.
CREATE OR REPLACE MACRO regions_of_side(regions, side) AS
    list_sort(
        flatten(
            list_transform(
                string_split(regions, ' '),
                lambda region : CASE
                    WHEN region IN ('cervical', 'thoracic', 'lumbar', 'sacral', 'pelvic', 'head', 'ribs', 'abdomen') THEN [region]
                    WHEN side IN ('left', 'right') THEN [side || ' ' || region]
                    ELSE ['left ' || region, 'right ' || region]
                END
            )
        )
    );

CREATE OR REPLACE MACRO is_limb(regions) AS NOT regexp_matches(regions, 'cervical|thoracic|lumbar|sacral|pelvic|head|ribs|abdomen');

-- The regions of a stretch of vertebrae: C3-C5, L4-5, T12-L1. Between the neck and the low back lies the thorax.
CREATE OR REPLACE MACRO vertebral_regions(part) AS
    list_filter(
        ['cervical', 'thoracic', 'lumbar', 'sacral'],
        lambda region : CASE region
            WHEN 'cervical' THEN regexp_matches(part, '\bc[1-8]\b')
            WHEN 'thoracic'
                THEN regexp_matches(part, '\bt([1-9]|1[0-2])\b')
                    OR (regexp_matches(part, '\bc[1-8]\b') AND regexp_matches(part, '\b(l[1-5]|s[1-5])\b'))
            WHEN 'lumbar'
                THEN regexp_matches(part, '\bl[1-5]\b')
                    OR (regexp_matches(part, '\b(c[1-8]|t([1-9]|1[0-2]))\b') AND regexp_matches(part, '\bs[1-5]\b'))
            ELSE regexp_matches(part, '\bs[1-5]\b')
        END
    );

-- The regions that a record surely names, and those that it may mean.
CREATE OR REPLACE MACRO sure_regions(record) AS
    flatten(list_transform(list_filter(record.areas, lambda one : NOT one.is_vague), lambda one : one.regions));
CREATE OR REPLACE MACRO possible_regions(record) AS flatten(list_transform(record.areas, lambda one : one.regions));

-- Whether an area of the record, one at least, lies outside those of the other: then the service was to another area. NULL
-- where a record names none, or one of which nobody knows the region and which may decide.
CREATE OR REPLACE MACRO areas_differ(record, other_record) AS
    CASE
        WHEN record IS NULL OR other_record IS NULL THEN NULL
        WHEN
            NOT other_record.has_unknown
            AND list_bool_or(
                list_transform(
                    record.areas,
                    lambda one : CASE
                        WHEN one.is_vague THEN NOT list_has_any(possible_regions(other_record), one.regions)
                        ELSE NOT list_has_all(possible_regions(other_record), one.regions)
                    END
                )
            )
            THEN TRUE
        WHEN
            NOT record.has_unknown
            AND list_bool_and(
                list_transform(
                    record.areas,
                    lambda one : list_has_all(sure_regions(other_record), one.regions)
                    OR (
                        one.is_vague
                        AND len(list_filter(other_record.areas, lambda other : other.is_vague AND other.regions = one.regions)) > 0
                    )
                )
            )
            THEN FALSE
    END;
