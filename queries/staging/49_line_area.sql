-- What each record of areas names, read once for each text: the regions of every area, whether it is sure or one of them
-- ("back" may be the thoracic or the lumbar region), and whether it names something that the table of areas does not know.
CREATE OR REPLACE TABLE area_record AS
WITH part AS (
    SELECT DISTINCT
        seen.area_text,
        unnest(body_areas(seen.area_text)) AS words
    FROM (SELECT DISTINCT area_text(body_region, area_minutes) AS area_text FROM claim_line) AS seen
),

word AS (
    SELECT
        part.area_text,
        part.words,
        name,
        kind,
        regions,
        -- "Back" within "low back" says nothing of its own, nor does a general word beside a narrower one.
        max(kind IN ('area', 'one of')) OVER of_part OR regexp_matches(part.words, '\b([cls][1-8]|t[0-9]+)\b') AS has_narrower,
        bool_or(kind = 'left') OVER of_part AS has_left,
        bool_or(kind = 'right') OVER of_part AS has_right,
        bool_or(kind = 'both') OVER of_part AS has_both,
        list(name) OVER of_part AS names
    FROM part
    INNER JOIN (SELECT unnest(string_split(names, '|')) AS name, kind, regions FROM body_area) AS named
        ON contains(' ' || part.words || ' ', ' ' || name || ' ')
    WINDOW of_part AS (PARTITION BY part.area_text, part.words)
),

area AS (
    SELECT
        area_text,
        words,
        regions_of_side(
            regions,
            CASE WHEN has_both OR (has_left AND has_right) THEN 'both' WHEN has_left THEN 'left' WHEN has_right THEN 'right' END
        ) AS area_regions,
        kind <> 'area' OR (is_limb(regions) AND NOT (has_left OR has_right OR has_both)) AS is_vague
    FROM word
    WHERE
        (kind IN ('area', 'one of') OR (
            kind = 'general' AND NOT has_narrower
            -- "Back Bay" is a town.
            AND list_has_all(names, string_split(words, ' '))
        ))
        AND len(list_filter(names, lambda other : other <> name AND contains(' ' || other || ' ', ' ' || name || ' '))) = 0
    UNION ALL
    SELECT area_text, words, vertebral_regions(words) AS area_regions, FALSE AS is_vague
    FROM part
    WHERE len(vertebral_regions(words)) > 0
)
SELECT
    area_text,
    {
        'areas': list(DISTINCT {'regions': area_regions, 'is_vague': is_vague}) FILTER (WHERE area_regions IS NOT NULL),
        'has_unknown': bool_or(area_regions IS NULL)
    } AS record
FROM part
LEFT JOIN area USING (area_text, words)
GROUP BY area_text;

-- The areas of each line. 98942 adjusts all five regions of the spine, whatever its record names.
CREATE OR REPLACE VIEW line_area AS
SELECT
    line.line_id,
    CASE
        WHEN line.procedure_code <> '98942' THEN area_record.record
        ELSE {
                'areas': list_append(
                    coalesce(area_record.record.areas, []),
                    {'regions': ['cervical', 'lumbar', 'pelvic', 'sacral', 'thoracic'], 'is_vague': FALSE}
                ),
                'has_unknown': coalesce(area_record.record.has_unknown, FALSE)
            }
    END AS record
FROM claim_line AS line
LEFT JOIN area_record ON area_text(line.body_region, line.area_minutes) = area_record.area_text;
