/*+++
id = "MED017"
name = "service-out-of-scope"
title = "Service that the person who gave it may not bill"
family = "medicare"
severity = "medium"
confidence = "likely"
direction = "over"
subject = "line"
partition_by = "patient"
reads = ["claim_line"]
version = 1
since = "0.2.0"
checks = "An evaluation or re-evaluation (97161-97168) carries CQ or CO or was rendered by an assistant; or an office visit (99202-99215) was billed to Medicare by a physical or occupational therapist or an assistant."
why = "Evaluating is the therapist's own work, not the assistant's. Office visits are for physicians and practitioners; therapists evaluate under codes of their own. What was paid is a potential overpayment."
numerator = "evaluations by assistants, and office visits by therapists or assistants"
denominator = "evaluations of every payer; office visits whose payer is Medicare Part A or B, or of unknown class"
applies_to = "evaluations: every payer. Office visits: Medicare fee-for-service."
not_evaluated_when = "Evaluations: the line has neither a taxonomy nor modifiers. Office visits: it has no taxonomy, or the payer matches no class."
flagged_example = "97161-GP-CQ; or 99213 to Medicare Part B by a physical therapist."
correct_example = "97161-GP by a physical therapist."
fix = "Check who evaluated. If an assistant did, refund; an office visit by a therapist becomes an evaluation if it was one."
ask = "who gave the service"
false_positives = "A therapist who is still listed as an assistant; a physician's visit filed under the therapist."
references = ["CMS Pub. 100-02, ch. 15, sec. 230.1 (services of assistants)", "CMS Pub. 100-02, ch. 15, sec. 220"]
+++*/
WITH judged_line AS (
    SELECT
        *,
        service_kind = 'office_visit' AS is_visit,
        coalesce(ends_with(provider_role, '_assistant') AND provider_role <> 'physician_assistant', FALSE) AS by_assistant,
        by_assistant OR coalesce(provider_role IN ('physical_therapist', 'occupational_therapist'), FALSE) AS by_therapist,
        CASE
            WHEN is_visit AND payer_class = 'unknown' THEN reason_payer_class_unknown()
            WHEN is_visit AND rendering_taxonomy IS NULL THEN reason_no_taxonomy()
            WHEN rendering_taxonomy IS NULL AND array_to_string(modifiers, '') = ''
                THEN 'the line has neither a taxonomy nor modifiers'
        END AS reason
    FROM claim_line
    WHERE
        (service_kind = 'office_visit' AND payer_class IN ('medicare_ffs', 'unknown'))
        OR regexp_matches(service_kind, '^(physical|occupational)_(re_)?evaluation$')
)
SELECT
    line_id AS subject_id,
    CASE WHEN is_visit THEN by_therapist ELSE by_assistant OR has_assistant END AS is_flagged,
    reason,
    one_line(line_id, line_amount) AS lines,
    procedure_code || CASE
        WHEN is_visit THEN ', an office visit, billed to Medicare by a person listed as ' || replace(provider_role, '_', ' ')
        WHEN by_assistant THEN ', an evaluation, rendered by a person listed as ' || replace(provider_role, '_', ' ')
        ELSE ', an evaluation, marked as an assistant''s (' || array_to_string(modifiers, ' ') || ')'
    END AS message,
    {'procedure_code': procedure_code, 'provider_role': provider_role, 'modifiers': modifiers} AS evidence
FROM judged_line
ORDER BY subject_id;
