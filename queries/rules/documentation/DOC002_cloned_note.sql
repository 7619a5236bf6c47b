/*+++
id = "DOC002"
name = "cloned-note"
title = "The same note on several dates or for several patients"
family = "documentation"
severity = "info"
confidence = "pattern"
direction = "none"
subject = "line"
partition_by = "note"
reads = ["claim_line", "export_line", "note"]
version = 3
since = "0.1.0"
checks = "Word for word the same note (letter case and punctuation aside) stands on several dates of one patient, or was written by one provider for several patients. Dates outside the period count, and their lines are not flagged."
why = "A note that was copied does not show what was done that day. Payers treat cloned notes as no documentation at all."
numerator = "lines whose note stands on at least min_dates dates of the patient, or with at least min_patients patients of the provider"
denominator = "lines with a note of at least min_characters characters"
applies_to = "every payer"
not_evaluated_when = "The line has no note, or one too short to compare; enough patients share the note, but a line among them has no NPI."
flagged_example = "The same 90-character note on 2025-11-03, 2025-11-05 and 2025-11-07 for one patient."
correct_example = "Three notes that tell of the day's findings, treatment and response."
fix = "Read the chart of the dates concerned. Where nothing but the repeated note supports the units, treat them as not documented; train the provider."
false_positives = "A template sentence exported alone, without the part of the note that was filled in; group sessions with one note."
references = ["CMS Pub. 100-02, ch. 15, sec. 220.3 (documentation of each treatment day)", "Medicare contractors on cloned documentation, secondary source"]

[params.min_characters]
type = "integer"
default = 40
help = "shortest note, letters, digits and blanks counted, that is compared"

[params.min_dates]
type = "integer"
default = 3
help = "dates of one patient with the same note from which on it is flagged"

[params.min_patients]
type = "integer"
default = 3
help = "patients of one provider with the same note from which on it is flagged"
+++*/
WITH compared_note AS (
    SELECT
        note_id,
        min(note_id) OVER (PARTITION BY normalised) AS text_id
    FROM note
    WHERE length(normalised) >= $min_characters
),

patient_text AS (
    SELECT text_id, patient_id, count(DISTINCT service_date) AS dates_of_patient
    FROM export_line
    INNER JOIN compared_note USING (note_id)
    GROUP BY text_id, patient_id
),

provider_text AS (
    SELECT
        text_id,
        provider_npi,
        count(DISTINCT patient_id) AS patients_of_provider,
        -- A line without an NPI may be anyone's: so many patients are possible.
        sum(patients_of_provider) OVER (PARTITION BY text_id) AS patients,
        bool_or(provider_npi IS NULL) OVER (PARTITION BY text_id) AS lacks_npi
    FROM export_line
    INNER JOIN compared_note USING (note_id)
    GROUP BY text_id, provider_npi
),

judged_line AS (
    SELECT
        claim_line.line_id,
        claim_line.procedure_code,
        claim_line.provider_npi,
        dates_of_patient,
        patients_of_provider,
        dates_of_patient >= $min_dates
        OR (claim_line.provider_npi IS NOT NULL AND patients_of_provider >= $min_patients) AS is_cloned,
        CASE
            WHEN claim_line.note_id IS NULL THEN reason_no_note()
            WHEN compared_note.text_id IS NULL THEN reason_note_too_short()
            WHEN lacks_npi AND patients >= $min_patients AND NOT is_cloned THEN reason_no_npi_with_note()
        END AS reason
    FROM claim_line
    LEFT JOIN compared_note ON claim_line.note_id = compared_note.note_id
    LEFT JOIN patient_text
        ON compared_note.text_id = patient_text.text_id AND claim_line.patient_id = patient_text.patient_id
    LEFT JOIN provider_text
        ON
            compared_note.text_id = provider_text.text_id
            AND claim_line.provider_npi IS NOT DISTINCT FROM provider_text.provider_npi
)
SELECT
    line_id AS subject_id,
    is_cloned AS is_flagged,
    reason,
    one_line(line_id, 0) AS lines,
    -- What shows no repetition is not said.
    procedure_code || ': the same note stands ' || concat_ws(
        ' and ',
        CASE WHEN dates_of_patient > 1 THEN 'on ' || dates_of_patient || ' dates of this patient' END,
        CASE
            WHEN provider_npi IS NOT NULL AND patients_of_provider > 1
                THEN 'with ' || patients_of_provider || ' patients of this provider'
        END
    ) AS message,
    {
        'dates_of_patient': dates_of_patient,
        'patients_of_provider': CASE WHEN provider_npi IS NOT NULL THEN patients_of_provider END
    } AS evidence
FROM judged_line
ORDER BY subject_id;
