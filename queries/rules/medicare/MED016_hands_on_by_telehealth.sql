/*+++
id = "MED016"
name = "hands-on-by-telehealth"
title = "Hands-on service billed as telehealth"
family = "medicare"
severity = "medium"
confidence = "likely"
direction = "over"
subject = "line"
partition_by = "patient"
reads = ["claim_line"]
version = 2
since = "0.2.0"
checks = "Massage, manual therapy, an adjustment, dry needling, repositioning for vertigo, care of a wound, a modality or therapy in a pool was billed with place of service 02 or 10, or with 93, 95 or GT."
why = "Hands, needles, heat, current and water do not reach through a screen. Either the service or the way in which it was given is wrong; what was paid is a potential overpayment."
numerator = "such lines with a place of service or modifier of telehealth"
denominator = "lines with 97124, 97140, 97113, 97010-97037, 97597, 97598, 98925-98929, 98940-98943, 20560, 20561, 95992, G0281, G0283 or G0329"
applies_to = "every payer. Massage, manual therapy, modalities and the pool stand on no list of services by telehealth. Adjustments, dry needling, repositioning and care of a wound are added by the same reasoning: no source at hand names them."
not_evaluated_when = "The line has neither a place of service nor modifiers."
flagged_example = "97140-GP-95, place of service 10."
correct_example = "97140-GP, place of service 11; or 97110-GP-95, place of service 10."
fix = "See in the record where patient and therapist were. Correct code, place or modifier; refund what was not given."
ask = "where patient and therapist were"
false_positives = "A place of service that the system fills in for the whole day."
references = ["CMS list of telehealth services", "CMS Pub. 100-04, ch. 12, sec. 190 (telehealth)"]
+++*/
WITH hands_on_line AS (
    SELECT
        *,
        lpad(place_of_service, 2, '0') IN ('02', '10') AS is_remote_place,
        array_to_string(list_filter([
            CASE WHEN is_remote_place THEN 'place of service ' || place_of_service END,
            CASE WHEN has_telehealth THEN 'modifiers ' || array_to_string(modifiers, ' ') END
        ], lambda one : one IS NOT NULL), ' and ') AS signs
    FROM claim_line
    WHERE
        service_kind IN ('massage', 'manual_therapy', 'spinal_adjustment', 'osteopathic_adjustment')
        OR procedure_code BETWEEN '97010' AND '97037'
        OR procedure_code IN ('97113', '98943', 'G0281', 'G0283', 'G0329')
        -- By the same reasoning, and from no source: adjustments (above and 98943), needles, repositioning of the head, wounds.
        OR procedure_code IN ('20560', '20561', '95992', '97597', '97598')
)
SELECT
    line_id AS subject_id,
    coalesce(is_remote_place, FALSE) OR has_telehealth AS is_flagged,
    CASE
        WHEN place_of_service IS NULL AND array_to_string(modifiers, '') = ''
            THEN 'the line has neither a place of service nor modifiers'
    END AS reason,
    one_line(line_id, line_amount) AS lines,
    procedure_code || ' needs hands or equipment on the patient, and was billed as telehealth (' || signs || ')' AS message,
    {'procedure_code': procedure_code, 'place_of_service': place_of_service, 'modifiers': modifiers} AS evidence
FROM hands_on_line
ORDER BY subject_id;
