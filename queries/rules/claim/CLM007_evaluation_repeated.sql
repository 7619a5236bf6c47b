/*+++
id = "CLM007"
name = "evaluation-repeated"
title = "Evaluation repeated"
family = "claim"
severity = "medium"
confidence = "likely"
direction = "coding"
subject = "line"
partition_by = "patient"
reads = ["export_line"]
version = 2
since = "0.2.0"
checks = "A second first evaluation (97161-97163, 97165-97167) of one discipline follows within within_days days at the same practice, with no other first diagnosis; or a re-evaluation (97164, 97168) stands on visits_running visits running; or one therapist bills a physical and an occupational evaluation of a patient on one date."
why = "A first evaluation opens an episode of care; a second one needs a new condition. A re-evaluation needs a changed state of the patient, which seldom comes visit after visit. One person evaluates in one discipline."
numerator = "such evaluations and re-evaluations; of those that repeat each other the later"
denominator = "evaluations and re-evaluations of primary claims that were neither denied nor billed to be denied"
applies_to = "every payer. Evaluations before the audited period count and are not flagged. A blank first diagnosis is no other one."
not_evaluated_when = "Physical and occupational evaluation under one NPI on an institutional line, or under an NPI that may stand for several people (a physician's or practitioner's, or a practice's that has other rendering NPIs). What is blank on the line leaves the evaluations alike."
flagged_example = "97161 on 2025-11-03 and again on 2025-11-05, both for M54.50."
correct_example = "97161 on 2025-11-03 for M54.50, 97161 on 2025-11-05 for M25.561."
fix = "See what the second evaluation was for. Correct it to a re-evaluation or to the visit's treatment, or state the new diagnosis."
ask = "what had changed since the evaluation before"
false_positives = "A new condition that stands in the second place; a patient who came back after a discharge."
references = ["CMS NCCI policy manual 2026, ch. XI (evaluations)", "CMS Pub. 100-02, ch. 15, sec. 220.3 (evaluation and re-evaluation; Rev. 255, effective 2019-01-01)"]

[params.within_days]
type = "integer"
default = 30
help = "days within which a second first evaluation repeats the first, the last counted"

[params.visits_running]
type = "integer"
default = 3
help = "visits running with a re-evaluation from which one is flagged"
+++*/
WITH evaluation_line AS (
    SELECT
        line_id,
        claim_id,
        claim_line_number,
        patient_id,
        service_date,
        practice_npi,
        discipline,
        rendering_npi,
        procedure_code,
        diagnosis_1,
        in_period,
        split_part(service_kind, '_', 1) AS evaluated,
        ends_with(service_kind, '_re_evaluation') AS is_again,
        NOT is_again AS is_first,
        -- A facility's line names no therapist; a physician's or a group's NPI may stand for several.
        bill_type IS NULL AND who_else IS NULL AS is_one_person,
        (service_date, claim_id, claim_line_number, line_id) AS place
    FROM export_line
    WHERE
        counts_units AND coverage_order = 'P'
        AND regexp_matches(service_kind, '^(physical|occupational)_(re_)?evaluation$')
),

visit_of_plan AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY patient_id, practice_npi, discipline ORDER BY service_date) AS visit_number
    FROM (
        SELECT DISTINCT patient_id, practice_npi, discipline, service_date
        FROM export_line
        WHERE counts_units AND coverage_order = 'P' AND patient_id IN (SELECT patient_id FROM evaluation_line)
    ) AS day_of_plan
),

-- Visits running have a number that grows as fast as the count of their re-evaluations.
evaluation AS (
    SELECT
        line.*,
        visit_number - dense_rank() OVER (
            PARTITION BY line.patient_id, line.practice_npi, line.discipline, evaluated, is_again ORDER BY line.service_date
        ) AS run
    FROM evaluation_line AS line
    INNER JOIN visit_of_plan
        ON
            line.patient_id = visit_of_plan.patient_id
            AND line.service_date = visit_of_plan.service_date
            AND line.discipline = visit_of_plan.discipline
            AND line.practice_npi IS NOT DISTINCT FROM visit_of_plan.practice_npi
),

-- The first evaluations before it that it repeats, or that its therapist gave in the other discipline that day.
repetition AS (
    SELECT
        evaluation.line_id,
        arg_max(earlier, earlier.place) FILTER (
            WHERE evaluation.evaluated = earlier.evaluated OR (evaluation.is_one_person AND earlier.is_one_person)
        ) AS first_line,
        TRUE AS has_earlier
    FROM evaluation
    INNER JOIN evaluation AS earlier
        ON
            evaluation.patient_id = earlier.patient_id
            AND evaluation.place > earlier.place
            AND (
                (
                    evaluation.evaluated = earlier.evaluated
                    AND evaluation.practice_npi IS NOT DISTINCT FROM earlier.practice_npi
                    AND evaluation.service_date - earlier.service_date <= $within_days
                    AND coalesce(replace(evaluation.diagnosis_1, '.', '') = replace(earlier.diagnosis_1, '.', ''), TRUE)
                )
                OR (
                    evaluation.evaluated <> earlier.evaluated
                    AND evaluation.service_date = earlier.service_date
                    AND evaluation.rendering_npi = earlier.rendering_npi
                )
            )
    WHERE evaluation.is_first AND earlier.is_first
    GROUP BY evaluation.line_id
),

judged_line AS (
    SELECT
        evaluation.*,
        first_line,
        has_earlier,
        dense_rank() OVER (
            PARTITION BY patient_id, practice_npi, discipline, evaluated, is_again, run ORDER BY service_date
        ) AS visits,
        is_again AND visits >= $visits_running AS is_running
    FROM evaluation
    LEFT JOIN repetition USING (line_id)
)
SELECT
    line_id AS subject_id,
    is_running OR first_line IS NOT NULL AS is_flagged,
    CASE WHEN NOT is_flagged AND has_earlier THEN 'several people may stand behind the rendering NPI' END AS reason,
    one_line(line_id, 0) AS lines,
    procedure_code || ' of ' || service_date || CASE
        WHEN is_running THEN ' is a re-evaluation, on ' || visits || ' visits in a row'
        WHEN first_line.evaluated = evaluated
            THEN ' is a first evaluation again: ' || first_line.procedure_code || ' stands on ' || first_line.service_date
        ELSE ' beside ' || first_line.procedure_code || ': one therapist evaluated in two disciplines on the date'
    END AS message,
    {
        'procedure_code': procedure_code, 'visits_running': visits, 'first_claim_id': first_line.claim_id,
        'first_service_date': first_line.service_date
    } AS evidence
FROM judged_line
WHERE in_period
ORDER BY subject_id;
