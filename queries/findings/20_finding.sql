-- One row a finding. Its id is made of the rule and the keys that the export gives its subject, so that the same finding
-- has the same id next month. A claim line number that stands twice in the export is told apart by what its rows say, not
-- by where they stand.
CREATE OR REPLACE TABLE line_occurrence AS
SELECT
    line_id,
    row_number() OVER (
        PARTITION BY claim_id, claim_line_number
        ORDER BY
            patient_id, service_date, procedure_code, modifiers, units, charge_amount, allowed_amount, paid_amount, payer_key,
            line_id
    ) AS occurrence
FROM claim_line
SEMI JOIN (
    SELECT claim_id, claim_line_number FROM claim_line GROUP BY claim_id, claim_line_number HAVING count(*) > 1
) AS repeated_key USING (claim_id, claim_line_number);

CREATE OR REPLACE TABLE finding AS
WITH keyed_flag AS (
    SELECT
        rule_flag.* EXCLUDE (subject_key),
        CASE rule_flag.subject
            WHEN 'provider' THEN rule_flag.subject_key
            -- One patient's day, whoever treated and whoever pays.
            WHEN 'patient' THEN concat_ws(chr(31), subject_line.patient_id, subject_line.service_date)
            WHEN 'line'
                THEN concat_ws(
                        chr(31), subject_line.claim_id, subject_line.claim_line_number, nullif(line_occurrence.occurrence, 1)
                    )
            ELSE concat_ws(
                    chr(31), subject_line.patient_id, subject_line.service_date, coalesce(subject_line.practice_npi, ''),
                    subject_line.discipline, subject_line.payer_key, subject_line.coverage_order
                )
        END AS subject_key
    FROM rule_flag
    -- A line subject's id is its line; a visit's, patient's or provider's id is the first of its lines.
    INNER JOIN claim_line AS subject_line ON rule_flag.subject_id = subject_line.line_id
    LEFT JOIN line_occurrence ON rule_flag.subject_id = line_occurrence.line_id
),

named_flag AS (
    SELECT
        *,
        substr(sha256(concat_ws(chr(31), rule_id, subject, subject_key)), 1, 16) AS finding_id
    FROM keyed_flag
),

told_finding AS (
    SELECT
        finding_id,
        flag.rule_id,
        flag.rule_version,
        flag.family,
        flag.severity,
        flag.confidence,
        flag.direction,
        flag.subject,
        lead_line.claim_id,
        lead_line.claim_line_number,
        lead_line.patient_id,
        lead_line.service_date,
        lead_line.rendering_npi,
        lead_line.billing_npi,
        lead_line.payer_name,
        lead_line.payer_class,
        lead_line.procedure_code,
        array_to_string(lead_line.modifiers, ' ') AS modifiers,
        CAST(coalesce(flag.units_billed, CASE flag.subject WHEN 'line' THEN lead_line.units END) AS DECIMAL(11, 2))
            AS units_billed,
        flag.units_supported,
        coalesce(flag."minutes", CASE flag.subject WHEN 'line' THEN lead_line."minutes" END) AS "minutes",
        CAST(list_sum(list_transform(flag.lines, lambda one : one.amount_at_risk)) AS DECIMAL(14, 2)) AS amount_at_risk,
        flag.message,
        flag.evidence,
        flag_ground.rests_on,
        CASE
            WHEN
                finding_id IN (SELECT finding_id FROM suppressed_finding)
                OR EXISTS (
                    SELECT 1
                    FROM suppressed_kind AS kind
                    WHERE
                        kind.rule_id = flag.rule_id
                        AND (kind.payer_name IS NULL OR lower(trim(kind.payer_name)) = lower(trim(lead_line.payer_name)))
                        AND (kind.provider IS NULL OR kind.provider = coalesce(lead_line.rendering_npi, lead_line.billing_npi))
                        AND (kind.procedure_code IS NULL OR kind.procedure_code = lead_line.procedure_code)
                )
                THEN 'suppressed'
            WHEN
                (finding_id, flag.rule_version, flag_ground.rests_on)
                IN (SELECT (finding_id, rule_version, rests_on) FROM decided_finding WHERE decision = 'dismiss')
                THEN 'dismissed'
            WHEN finding_id IN (SELECT finding_id FROM earlier_finding) THEN 'repeat'
            WHEN
                kind_of_finding(
                    flag.rule_id, coalesce(lead_line.rendering_npi, lead_line.billing_npi), lead_line.payer_name
                )
                IN (SELECT kind FROM past_kind WHERE steps_back = 1)
                THEN 'again'
            ELSE 'new'
        END AS status,
        lead_line.source_file,
        lead_line.source_row,
        flag.subject_id
    FROM named_flag AS flag
    INNER JOIN flag_ground USING (rule_id, subject_id)
    INNER JOIN flagged_line AS lead
        ON
            flag.rule_id = lead.rule_id
            AND flag.subject_id = lead.subject_id
            AND lead.is_lead
    INNER JOIN claim_line AS lead_line ON lead.line_id = lead_line.line_id
)

SELECT
    *,
    -- What a person has set aside or dismissed is listed and counts nowhere.
    status NOT IN ('suppressed', 'dismissed') AS is_counted
FROM told_finding;

CREATE OR REPLACE TABLE finding_line AS
SELECT
    finding.finding_id,
    flagged_line.claim_id,
    flagged_line.claim_line_number,
    flagged_line.amount_at_risk,
    flagged_line.line_id,
    flagged_line.is_lead,
    finding.rule_id,
    finding.direction,
    finding.is_counted,
    -- An error is a fault of the line itself; a pattern, a gap in the record or odd data is a matter to look into.
    finding.direction <> 'none' AND finding.confidence <> 'pattern' AS is_error
FROM finding
INNER JOIN flagged_line USING (rule_id, subject_id);
