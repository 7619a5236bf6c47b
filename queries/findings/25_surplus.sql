-- Units that are too many together: of a visit, of a day of a code, of whatever lines a rule names in `surplus`. Several findings
-- may state one surplus, each with the lines on which it takes some of it. One whose lines are not of one patient's date stands
-- as its rule says.
CREATE OR REPLACE TABLE surplus AS
WITH stated_surplus AS (
    SELECT rule_id, finding.finding_id, unnest(rule_flag.surplus) AS stated
    FROM finding
    INNER JOIN (SELECT rule_id, subject_id, surplus FROM rule_flag) AS rule_flag USING (rule_id, subject_id)
    WHERE finding.is_counted AND finding.direction = 'over'
),

surplus_of_rule AS (
    SELECT
        row_number() OVER () AS surplus_id,
        rule_id,
        stated.takes,
        list_sort(stated.line_ids) AS line_ids,
        max(stated.units_over) AS units_over,
        list(finding_id) AS finding_ids
    FROM stated_surplus
    GROUP BY rule_id, stated.takes, list_sort(stated.line_ids)
),

surplus_date AS (
    SELECT surplus_id, any_value(patient_id) AS patient_id, any_value(service_date) AS service_date
    FROM (SELECT surplus_id, unnest(line_ids) AS line_id FROM surplus_of_rule) AS stated_line
    INNER JOIN (SELECT line_id, patient_id, service_date FROM claim_line) AS line USING (line_id)
    GROUP BY surplus_id
    HAVING min(patient_id) = max(patient_id) AND min(service_date) = max(service_date)
)
SELECT * FROM surplus_of_rule INNER JOIN surplus_date USING (surplus_id);

-- The lines of each. `place`: the order in which units of the date are taken. `is_whole`: another finding, which is no surplus,
-- takes the line away, at whatever amount. `is_named`: a finding of the surplus names the line, so that it may take units there.
CREATE OR REPLACE TABLE surplus_line AS
WITH over_line AS (
    SELECT
        finding_line.finding_id,
        line_id,
        rule_flag.surplus IS NULL
        AND coalesce(amount_at_risk >= line_amount AND line_amount >= 0, amount_at_risk IS NULL AND line_amount IS NULL)
            AS takes_whole,
        amount_at_risk > 0 OR coalesce(line_amount, 0) <= 0 AS may_take
    FROM finding_line
    INNER JOIN (SELECT finding_id, subject_id FROM finding) AS finding USING (finding_id)
    INNER JOIN (SELECT rule_id, subject_id, surplus FROM rule_flag) AS rule_flag
        ON finding_line.rule_id = rule_flag.rule_id AND finding.subject_id = rule_flag.subject_id
    INNER JOIN (SELECT line_id, line_amount FROM claim_line) AS line USING (line_id)
    WHERE finding_line.is_counted AND finding_line.direction = 'over'
),

named_line AS (
    SELECT DISTINCT surplus_id, line_id, TRUE AS is_named
    FROM (SELECT surplus_id, unnest(finding_ids) AS finding_id FROM surplus) AS surplus_finding
    INNER JOIN over_line USING (finding_id)
    WHERE may_take
),

whole_line AS (
    SELECT DISTINCT line_id, TRUE AS is_whole FROM over_line WHERE takes_whole
)
SELECT
    stated_line.surplus_id,
    stated_line.patient_id,
    stated_line.service_date,
    line_id,
    line_amount,
    greatest(units, 0) AS units,
    coalesce(is_whole, FALSE) AS is_whole,
    coalesce(is_named, FALSE) AS is_named,
    dense_rank() OVER (
        PARTITION BY stated_line.patient_id, stated_line.service_date
        ORDER BY unit_price(line_amount, units), claim_id DESC, claim_line_number DESC, line_id DESC
    ) AS place
FROM (SELECT surplus_id, patient_id, service_date, unnest(line_ids) AS line_id FROM surplus) AS stated_line
INNER JOIN (SELECT line_id, line_amount, units, claim_id, claim_line_number FROM claim_line) AS line USING (line_id)
LEFT JOIN named_line USING (surplus_id, line_id)
LEFT JOIN whole_line USING (line_id);

-- The order in which the surpluses of a patient's date are settled: the narrowest first, for what is taken there is gone from the
-- wider ones too; of like ones that which takes its lines whole; last those that take nothing away. Dates on which nothing
-- meets are left out: there every surplus stands as its rule says.
CREATE OR REPLACE TABLE surplus_turn AS
WITH lines_of_surplus AS (
    SELECT surplus_id, count(*) AS lines, bool_or(is_whole) AS has_whole, list(place ORDER BY place) AS places
    FROM surplus_line
    GROUP BY surplus_id
)
SELECT
    surplus_id,
    patient_id,
    service_date,
    units_over,
    takes,
    row_number() OVER (
        day ORDER BY takes = 'nothing', lines, takes = 'units', rule_id, places
    ) AS turn
FROM surplus
INNER JOIN lines_of_surplus USING (surplus_id)
WINDOW day AS (PARTITION BY patient_id, service_date)
QUALIFY count(*) OVER day > 1 OR bool_or(has_whole) OVER day;

-- What each surplus takes when it is its turn, line by line; `units_gone` were taken from the line before.
CREATE OR REPLACE TABLE settled_surplus AS
WITH RECURSIVE day_line AS (
    SELECT
        patient_id,
        service_date,
        CAST(0 AS BIGINT) AS turn,
        CAST(NULL AS BIGINT) AS surplus_id,
        line_id,
        units,
        place,
        CASE WHEN is_whole THEN units ELSE 0 END AS units_gone,
        CAST(0 AS DECIMAL(11, 2)) AS units_taken,
        FALSE AS stays
    FROM surplus_line
    SEMI JOIN surplus_turn USING (patient_id, service_date)
    GROUP BY ALL

    UNION ALL

    SELECT
        patient_id,
        service_date,
        turn,
        surplus_id,
        line_id,
        units,
        place,
        gone,
        CASE takes
            WHEN 'lines' THEN CASE WHEN units_left > 0 THEN units_free ELSE 0 END
            ELSE units_to_take(units_left, sum(units_free) OVER cheaper_line, units_free)
        END AS units_taken,
        stays
    FROM (
        SELECT
            day_line.patient_id,
            day_line.service_date,
            surplus_turn.turn,
            surplus_turn.surplus_id,
            day_line.line_id,
            day_line.units,
            day_line.place,
            surplus_turn.takes,
            surplus_turn.takes = 'nothing' AS stays,
            day_line.units_gone + CASE WHEN day_line.stays THEN 0 ELSE day_line.units_taken END AS gone,
            CASE WHEN surplus_line.is_named THEN day_line.units - gone ELSE 0 END AS units_free,
            greatest(
                0,
                surplus_turn.units_over
                - sum(gone) FILTER (WHERE surplus_line.line_id IS NOT NULL) OVER (
                    PARTITION BY day_line.patient_id, day_line.service_date
                )
            ) AS units_left
        FROM day_line
        INNER JOIN surplus_turn
            ON
                day_line.patient_id = surplus_turn.patient_id
                AND day_line.service_date = surplus_turn.service_date
                AND day_line.turn + 1 = surplus_turn.turn
        LEFT JOIN surplus_line
            ON surplus_turn.surplus_id = surplus_line.surplus_id AND day_line.line_id = surplus_line.line_id
    ) AS next_turn
    WINDOW cheaper_line AS (
        PARTITION BY patient_id, service_date ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
)
SELECT surplus_id, line_id, units_gone, units_taken, stays
FROM day_line
SEMI JOIN surplus_line USING (surplus_id, line_id);
