-- One batch of a chain's export: the visits of the practitioners $first to $last - 1 on work day $day. Every value follows
-- from the numbers of practitioner, day and visit by hashing, so a batch is the same whoever asks for it.
WITH practitioner AS (
    SELECT
        range AS who,
        -- A few carry most of the visits, and a few practices most of the practitioners.
        4 + CAST(floor(11 * pow(share(range, 'load'), 2.5)) AS INTEGER) AS visits,
        CAST(floor($practices * pow(share(range, 'practice'), 3)) AS INTEGER) AS practice,
        CASE
            WHEN pick(range, 'role', 100) < 68 THEN 'physical'
            WHEN pick(range, 'role', 100) < 85 THEN 'occupational'
            WHEN pick(range, 'role', 100) < 95 THEN 'chiropractic'
            ELSE 'massage'
        END AS role
    FROM range($first, $last)
),

visit AS (
    SELECT
        *,
        (who * 100 + $day) * 20 + slot AS visit_no,
        -- Patients come every second work day for a course of 22.
        who * 1000 + (($day + slot) // 22) * 60 + slot * 2 + $day % 2 AS patient_no,
        share(visit_no, 'error') < $error_share AS is_wrong,
        pick(visit_no, 'kind of error', 8) AS error
    FROM (SELECT *, unnest(range(visits)) AS slot FROM practitioner) AS appointment
),

billed_visit AS (
    SELECT
        visit.*,
        payer.* EXCLUDE (place),
        CASE
            WHEN is_wrong AND error = 4 AND visit.role = 'physical' THEN ['97110', '97140', '97124']
            WHEN is_wrong AND error = 6 AND visit.role = 'physical' THEN ['97110', '97124']
            WHEN payer_name = 'Medicare Part B' AND visit.role = 'chiropractic' THEN ['98941']
            WHEN payer_name = 'Medicare Part B' AND list_contains(choice.codes, '97124') THEN ['97110', '97112']
            ELSE choice.codes
        END AS codes
    FROM visit
    INNER JOIN choice ON visit.role = choice.role AND pick(visit.visit_no, 'choice', 100) = choice.place
    -- The first 30 places are Medicare's, which pays no massage therapist.
    INNER JOIN payer
        ON payer.place = CASE
            WHEN visit.role = 'massage' THEN 30 + pick(visit.patient_no, 'payer', 70)
            ELSE pick(visit.patient_no, 'payer', 100)
        END
),

timed_line AS (
    SELECT
        line.*,
        code.* EXCLUDE (procedure_code),
        1 + (pick(visit_no, place * 7, 100) >= 72)::INTEGER + (pick(visit_no, place * 7, 100) >= 96)::INTEGER AS blocks,
        CASE
            WHEN is_timed
                THEN 15 * blocks + CAST(floor(7 * (share(visit_no, place * 11) + share(visit_no, place * 13))) AS INTEGER)
        END AS treated,
        coalesce(treated, 8 + pick(visit_no, place * 17, 7)) AS stay
    FROM (
        SELECT *, unnest(codes) AS procedure_code, generate_subscripts(codes, 1) AS place FROM billed_visit
    ) AS line
    INNER JOIN code USING (procedure_code)
),

placed_line AS (
    SELECT
        *,
        sum(treated) OVER of_visit AS timed_total,
        sum(stay) OVER of_visit AS whole_total,
        (timed_total + 7) // 15 - sum(treated // 15) OVER of_visit AS units_left,
        row_number() OVER (PARTITION BY visit_no ORDER BY treated % 15 DESC NULLS LAST, place) AS turn,
        430 + 3 * slot + coalesce(sum(stay) OVER day_before, 0) AS began
    FROM timed_line
    WINDOW
        of_visit AS (PARTITION BY visit_no),
        day_before AS (PARTITION BY who ORDER BY slot, place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),

worded_line AS (
    SELECT
        *,
        CASE WHEN is_timed THEN treated // 15 + (turn <= units_left)::INTEGER ELSE 1 END
        + CASE WHEN is_wrong AND is_timed AND place = 1 AND error = 0 THEN 1 ELSE 0 END
        - CASE WHEN is_wrong AND is_timed AND place = 1 AND error = 1 AND treated >= 30 THEN 1 ELSE 0 END AS unit_count,
        CASE
            WHEN is_wrong AND error = 2 THEN FALSE
            WHEN is_wrong AND error = 3 AND place = 1 THEN TRUE
            ELSE len(list_filter(codes, lambda other : list_contains(separate_from, other))) > 0
        END AS is_separated,
        CASE role WHEN 'physical' THEN 'GP' WHEN 'occupational' THEN 'GO'
            WHEN 'chiropractic' THEN CASE WHEN payer_name = 'Medicare Part B' THEN 'AT' END
        END AS plan,
        CASE WHEN payer_name = 'Medicare Part B' AND pick(patient_no, 'kx', 12) = 0 AND plan IS NOT NULL AND plan <> 'AT' THEN 'KX' END AS kx,
        (['lumbar', 'cervical', 'thoracic', 'left shoulder', 'right shoulder', 'left knee', 'right knee', 'left hip', 'right ankle'])
            [1 + pick(visit_no, 'region', 9)] AS region,
        pick(visit_no, 'denied', 40) = 0 AS is_denied
    FROM placed_line
)
SELECT
    'A' || lpad(CAST(visit_no AS VARCHAR), 11, '0') || CASE copy WHEN 1 THEN 'R' ELSE '' END AS claim_id,
    CAST(place AS INTEGER) AS claim_line_number,
    CASE WHEN pick(visit_no, 'frequency', 400) = 0 AND copy = 0 THEN '7' ELSE '1' END AS claim_frequency_code,
    CASE WHEN pick(visit_no, 'frequency', 400) = 0 AND copy = 0 THEN 'Z' || lpad(CAST(visit_no AS VARCHAR), 11, '0') END AS original_claim_id,
    CASE WHEN is_denied THEN 'denied' ELSE 'paid' END AS claim_status,
    'E' || visit_no AS encounter_id,
    'P' || lpad(CAST(patient_no AS VARCHAR), 9, '0') AS patient_id,
    CASE
        WHEN payer_name = 'Medicare Part B' THEN concat(
                1 + pick(patient_no, 1, 9), letter(patient_no, 2), letter(patient_no, 3), pick(patient_no, 4, 10),
                letter(patient_no, 5), letter(patient_no, 6), pick(patient_no, 7, 10), letter(patient_no, 8),
                letter(patient_no, 9), pick(patient_no, 10, 10), pick(patient_no, 11, 10)
            )
        WHEN payer_id IS NOT NULL THEN payer_id || lpad(CAST(patient_no AS VARCHAR), 9, '0')
    END AS member_id,
    $date AS service_date,
    $date AS service_date_to,
    $date + 1 + pick(visit_no, 'sent', 10) + 20 * copy AS submitted_date,
    $date + 15 + pick(visit_no, 'paid', 30) + 20 * copy AS paid_date,
    procedure_code,
    CASE WHEN is_separated THEN '59' ELSE plan END AS modifier_1,
    CASE WHEN is_separated THEN plan ELSE kx END AS modifier_2,
    CASE WHEN is_separated THEN kx END AS modifier_3,
    CAST(unit_count AS DECIMAL(9, 2)) AS units,
    CAST(treated AS INTEGER) AS "minutes",
    TIME '00:00:00' + INTERVAL 1 MINUTE * CAST(least(began, 1438) AS BIGINT) AS start_time,
    TIME '00:00:00' + INTERVAL 1 MINUTE * CAST(least(began + stay, 1439) AS BIGINT) AS end_time,
    CAST(coalesce(timed_total, 0) AS INTEGER) AS visit_timed_minutes,
    CAST(whole_total AS INTEGER) AS visit_total_minutes,
    CASE WHEN is_hands_on THEN region || ':' || treated END AS area_minutes,
    rendering.npi AS rendering_npi,
    CASE role
        WHEN 'physical' THEN '225100000X' WHEN 'occupational' THEN '225X00000X' WHEN 'chiropractic' THEN '111N00000X'
        ELSE '225700000X'
    END AS rendering_taxonomy,
    billing.npi AS billing_npi,
    payer_name,
    payer_id,
    filing_indicator AS claim_filing_indicator,
    'P' AS payer_sequence,
    '11' AS place_of_service,
    (['M54.50', 'M54.2', 'M25.511', 'M25.561', 'M25.571', 'M62.838', 'M17.11', 'G56.01'])[1 + pick(patient_no, 'dx', 8)]
        AS diagnosis_1,
    CASE
        WHEN pick(patient_no, 'has dx 2', 3) = 0
            THEN (['M54.16', 'M75.41', 'S93.401D', 'M62.81'])[1 + pick(patient_no, 'dx 2', 4)]
    END AS diagnosis_2,
    CAST(charge * unit_count AS DECIMAL(12, 2)) AS charge_amount,
    CAST(CASE WHEN is_denied THEN 0 ELSE allowed * rate * unit_count END AS DECIMAL(12, 2)) AS allowed_amount,
    CAST(CASE WHEN is_denied THEN 0 ELSE allowed * rate * unit_count * 0.8 END AS DECIMAL(12, 2)) AS paid_amount,
    CASE
        WHEN is_wrong AND error = 7 AND procedure_code = '97140'
            THEN 'Effleurage and petrissage of the ' || region || ' for ' || treated || ' min, tolerated well.'
        WHEN NOT is_hands_on AND pick(visit_no, place * 19, 100) < 12 THEN NULL
        ELSE concat(
                words[1 + pick(visit_no, place * 23, 3)], ' ', region, '. Pain ', 2 + pick(visit_no, 'pain', 5), '/10 before, ',
                pick(visit_no, 'after', 3), '/10 after.',
                CASE WHEN pick(visit_no, place * 29, 100) < 6 THEN ' Seen as visit ' || visit_no || '.' ELSE '' END
            )
    END AS note_text,
    CASE WHEN is_hands_on THEN region END AS body_region,
    CASE WHEN is_hands_on THEN words[1 + pick(visit_no, place * 23, 3)] END AS techniques,
    CASE WHEN is_hands_on THEN 'Motion limited by ' || (10 + pick(visit_no, 'motion', 30)) || ' degrees' END AS clinical_justification,
    CASE WHEN is_hands_on THEN 'Pain less, motion more' END AS treatment_response,
    'Clinic ' || lpad(CAST(practice AS VARCHAR), 4, '0') AS location
FROM worded_line
CROSS JOIN (SELECT unnest([0, 1]) AS copy) AS copied
INNER JOIN practitioner_npi AS rendering ON worded_line.who = rendering.number
INNER JOIN practice_npi AS billing ON worded_line.practice = billing.number
WHERE copy = 0 OR (is_wrong AND error = 5)
ORDER BY visit_no, copy, place
