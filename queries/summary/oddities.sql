-- What the export says that could be read in another way than it was: one sentence each, with its count, for the auditor to
-- settle. Statuses are shown only where the whole column is a short list of words: anything else may be a patient's.
WITH unread_status AS (
    SELECT
        status_says,
        concat_ws(' / ', line_status, claim_status, denial_mark) AS stated,
        count(*) AS lines
    FROM claim_line
    -- Beside an amount, the amount decides.
    WHERE NOT is_denied AND (status_says = 'not known' OR (status_says = 'contradicts itself' AND paid_amount IS NULL))
    GROUP BY status_says, stated
),

-- A word that nobody knows beside one that is known, by which the line is judged.
word_beside AS (
    SELECT
        stated,
        count(*) AS lines
    FROM (
        UNPIVOT (SELECT line_id, line_status, claim_status, denial_mark, status_says, is_denied FROM claim_line)
        ON line_status, claim_status, denial_mark
        INTO NAME stated_in VALUE stated
    ) AS word
    SEMI JOIN status_reading
        ON
            word.stated = status_reading.stated
            AND status_reading.says = 'not known'
            AND CASE word.stated_in WHEN 'denial_mark' THEN 'mark' ELSE 'status' END = status_reading.kind
    WHERE status_says <> 'not known' AND NOT is_denied
    GROUP BY stated
),

status_column AS (
    SELECT
        count(*) <= 20
        AND bool_and(length(stated) <= 40 AND NOT regexp_matches(stated, '[0-9]{6}')) AS may_be_shown
    FROM status_reading
    WHERE kind <> 'reason'
),

status_count AS (
    SELECT
        status_says,
        sum(lines) AS lines,
        string_agg('"' || stated || '" ' || lines, ', ' ORDER BY lines DESC, stated) AS words
    FROM unread_status
    GROUP BY status_says
),

insurer AS (
    SELECT
        policy.payer_name,
        policy.claim_filing_indicator,
        policy.payer_class,
        count(*) AS lines
    FROM claim_line AS line
    INNER JOIN payer_policy AS policy
        ON
            line.service_date = policy.service_date
            AND line.payer_name IS NOT DISTINCT FROM policy.payer_name
            AND line.payer_id IS NOT DISTINCT FROM policy.payer_id
            AND line.claim_filing_indicator IS NOT DISTINCT FROM policy.claim_filing_indicator
    WHERE contains(policy.decided_by, 'against filing indicator')
    GROUP BY policy.payer_name, policy.claim_filing_indicator, policy.payer_class
),

-- One payer under several names, which audit.toml or their defaults count by different methods.
visit_of_rules AS (
    SELECT
        min(setting_position) FILTER (WHERE is_unit_rule_stated) AS deciding,
        list_filter(list_sort(list_distinct(list(setting_position))), lambda one : one <> deciding) AS others,
        string_agg(DISTINCT unit_rule, ' and ' ORDER BY unit_rule) AS unit_rules
    FROM claim_line
    WHERE unit_rule <> 'none'
    GROUP BY visit_id
    HAVING count(DISTINCT unit_rule) > 1 AND deciding IS NOT NULL
),

-- A name on lines of one patient alone may be that patient's: it is counted and not shown.
unknown_payer AS (
    SELECT
        coalesce(payer_name, payer_id) AS name,
        count(*) AS lines,
        coalesce(sum(basis_amount), 0) AS amount,
        count(DISTINCT patient_id) > 1 AS may_be_shown,
        row_number() OVER (PARTITION BY may_be_shown ORDER BY amount DESC, lines DESC, name) AS place
    FROM claim_line
    WHERE payer_class = 'unknown' AND name IS NOT NULL
    GROUP BY name
),

-- Files that have no column of the amounts in which the run counts its dollars: their lines bear none.
moneyless AS (
    SELECT
        claim_line.source_file,
        count(*) AS lines
    FROM claim_line
    ANTI JOIN export_column
        ON claim_line.source_file = export_column.source_file AND export_column.column_name = getvariable('money_basis')
    GROUP BY claim_line.source_file
)

SELECT
    1 AS place,
    'The claim status of ' || lines || CASE lines WHEN 1 THEN ' line' ELSE ' lines' END
    || CASE status_says WHEN 'not known' THEN ' is not known' ELSE ' says both paid and denied, and no amount tells which' END
    || CASE WHEN may_be_shown THEN ': ' || words ELSE '' END
    || '. Judged as live; where the status means denied or void, write that word in the export.' AS sentence
FROM status_count
CROSS JOIN status_column
UNION ALL
SELECT
    1,
    counted(sum(lines), 'line has', 'lines have') || ' a status that is not known beside one that is'
    || CASE
        WHEN bool_and(may_be_shown) THEN ': ' || string_agg('"' || stated || '" ' || lines, ', ' ORDER BY lines DESC, stated)
        ELSE ''
    END
    || '. Judged by the other; where it means denied or void, write that word in the export.'
FROM word_beside
CROSS JOIN status_column
HAVING count(*) > 0
UNION ALL
SELECT
    1,
    counted(count(*), 'line was', 'lines were') || ' not sent to a payer yet, as the status says: audited, but without dollars.'
FROM claim_line
WHERE status_says = 'unsent'
HAVING count(*) > 0
UNION ALL
SELECT
    2,
    counted(count(*), 'line names', 'lines name')
    || ' a reason for which a payer does not pay, without a payment or another word of denial: judged as denied.'
FROM line_state
SEMI JOIN claim_line USING (line_id)
WHERE is_denied_by_reason
HAVING count(*) > 0
UNION ALL
SELECT
    2,
    count(*) || CASE count(*) WHEN 1 THEN ' line shows' ELSE ' lines show' END
    || CASE
        WHEN states_allowed THEN ' nothing allowed and nothing paid'
        ELSE ' nothing paid, in an export without allowed amounts,'
    END
    || ' and no word of denial: judged as denied. Under capitation, or where the deductible took it all, such a line was'
    || ' accepted.'
FROM line_state
INNER JOIN (SELECT line_id, allowed_amount IS NOT NULL AS states_allowed FROM claim_line) AS of_money USING (line_id)
WHERE is_denied_by_amount
GROUP BY states_allowed
UNION ALL
SELECT
    3,
    count(*) || CASE count(*) WHEN 1 THEN ' reversal finds' ELSE ' reversals find' END
    || ' no line of the export that is taken back: the payment may stand in an earlier month.'
FROM claim_row
INNER JOIN line_state USING (line_id)
LEFT JOIN excluded_line USING (line_id)
WHERE
    (line_state.says = 'reversal' OR least(charge_amount, allowed_amount, paid_amount) < 0)
    AND coalesce(excluded_line.reason, 'reversal of a payment') = 'reversal of a payment'
    AND line_id NOT IN (SELECT line_id FROM reversal_pair)
HAVING count(*) > 0
UNION ALL
SELECT
    4,
    payer_name || ' is judged as ' || replace(payer_class, '_', ' ') || ' on ' || lines
    || CASE lines WHEN 1 THEN ' line' ELSE ' lines' END || ' whose filing indicator ' || claim_filing_indicator
    || ' says Medicare Part A or B: set its class under [[payer]] if that is wrong.'
FROM insurer
UNION ALL
SELECT
    5,
    count(*) || CASE count(*) WHEN 1 THEN ' replacement or void names' ELSE ' replacements or voids name' END
    || ' no claim, and several of the export can be meant: none of them was taken out. State the original claim''s number.'
FROM replaced_claim
WHERE is_in_doubt
HAVING count(*) > 0
UNION ALL
SELECT
    6,
    counted(count(*), 'payer is', 'payers are') || ' of no known kind'
    || coalesce(': ' || string_agg(
        name || ' (' || counted(lines, 'line', 'lines') || ', ' || dollars_text(amount) || ')',
        '; ' ORDER BY place
    ) FILTER (WHERE may_be_shown AND place <= 5), '')
    || CASE
        WHEN count(*) > count(*) FILTER (WHERE may_be_shown AND place <= 5)
            THEN coalesce('; ' || nullif(count(*) - count(*) FILTER (WHERE may_be_shown AND place <= 5), count(*)) || ' more', '')
                || ', ' || counted(sum(lines), 'line', 'lines') || ' and ' || dollars_text(sum(amount)) || ' in all'
        ELSE ''
    END
    || '. Applied to them: what holds for every payer, and units that exceed every method of counting. Not applied: NCCI edits,'
    || ' limits and Medicare''s rules. Say what they are under [[payer]] in audit.toml.'
FROM unknown_payer
HAVING count(*) > 0
UNION ALL
SELECT
    2,
    min(source_file)
    || CASE count(*) WHEN 1 THEN ' has' ELSE ' and ' || counted(count(*) - 1, 'more file', 'more files') || ' have' END
    || ' no column that is read as ' || getvariable('money_basis') || ', in which potential dollars are counted: '
    || counted(sum(lines), 'line bears', 'lines bear') || ' none. Where a header holds these amounts, name it: '
    || getvariable('money_basis') || ' = ["..."] under [header_names] in audit.toml.'
FROM moneyless
HAVING count(*) > 0
UNION ALL
SELECT
    7,
    'audit.toml: ' || counted(count(*), 'visit has', 'visits have')
    || ' lines of one payer under several names, with the unit rules ' || unit_rules
    || ': [[payer]] table ' || deciding || ' decides for the whole visit'
    || CASE WHEN len(others) > 0 THEN ', not table ' || array_to_string(others, ' or ') ELSE '' END
    || '. State one unit_rule for all of the payer''s names, or other payer ids.'
FROM visit_of_rules
GROUP BY deciding, others, unit_rules
ORDER BY place, sentence;
