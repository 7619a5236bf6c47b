/*+++
id = "MAN007"
name = "one-note-two-codes"
title = "One note billed as massage here and as manual therapy there"
family = "massage"
severity = "medium"
confidence = "likely"
direction = "coding"
subject = "line"
partition_by = "note"
reads = ["export_line", "note"]
version = 3
since = "0.1.0"
checks = "Word for word the same note (letter case and punctuation aside) of one provider stands under 97124 on one line and under 97140 on another: of different visits, or of one visit where the note tells of one of the two services only. Lines outside the period count, and are not flagged."
why = "The two codes describe different services. If one note serves for both, one of the codes is wrong, or the note does not tell what was done."
numerator = "97124 and 97140 lines whose note the provider also used under the other code"
denominator = "97124 and 97140 lines"
applies_to = "every payer"
not_evaluated_when = "The line has no note, or one too short to compare; the note stands under both codes of one visit alone, and beside massage tells of work that may be either kind; the note stands under the other code too, but one of the lines has no NPI."
flagged_example = "Myofascial work to upper trapezius and levator, tissue softer after: on a 97124 line to one payer, on a 97140 line to another."
correct_example = "A note of massage under 97124, a note of joint mobilization under 97140."
fix = "Read both notes in full, decide for each date which service was given, and correct the code of the other."
false_positives = "A visit's one note repeated on all its lines: accepted unless it tells of massage only or of manual therapy only, for then it supports one of the two codes."
references = ["Definition of 97124 and 97140 in plain words: docs/notes.md"]

[params.min_characters]
type = "integer"
default = 40
help = "shortest note, letters, digits and blanks counted, that is compared"
+++*/
WITH compared_note AS (
    SELECT
        note_id,
        min(note_id) OVER (PARTITION BY normalised) AS text_id,
        has_massage <> has_manual AS tells_one,
        has_massage AND NOT has_manual AND has_ambiguous AS is_in_doubt
    FROM note
    WHERE length(normalised) >= $min_characters
),

hands_on_line AS (
    SELECT
        export_line.*,
        text_id,
        is_in_doubt,
        count(*) OVER same_provider - count(*) OVER same_provider_and_kind AS lines_of_provider,
        count(*) OVER same_text - count(*) OVER (PARTITION BY text_id, service_kind) AS lines_of_anybody,
        bool_or(provider_npi IS NULL) OVER same_text AS lacks_npi,
        -- Of one visit's lines under one note, each may have its part of the note, unless it tells of one service only.
        CASE
            WHEN NOT tells_one OR is_in_doubt
                THEN
                    count(*) OVER (PARTITION BY text_id, provider_npi, patient_id, service_date)
                    - count(*) OVER (PARTITION BY text_id, provider_npi, patient_id, service_date, service_kind)
            ELSE 0
        END AS lines_of_visit
    FROM export_line
    LEFT JOIN compared_note USING (note_id)
    WHERE service_kind IN ('massage', 'manual_therapy')
    WINDOW
        same_text AS (PARTITION BY text_id),
        same_provider AS (PARTITION BY text_id, provider_npi),
        same_provider_and_kind AS (PARTITION BY text_id, provider_npi, service_kind)
),

judged_line AS (
    SELECT
        *,
        provider_npi IS NOT NULL AND lines_of_provider > lines_of_visit AS is_under_both,
        CASE
            WHEN note_id IS NULL THEN reason_no_note()
            WHEN text_id IS NULL THEN reason_note_too_short()
            WHEN lacks_npi AND lines_of_anybody > lines_of_visit AND NOT is_under_both
                THEN reason_no_npi_with_note()
            WHEN is_in_doubt AND lines_of_visit > 0 AND NOT is_under_both THEN reason_either_kind()
        END AS reason
    FROM hands_on_line
)
SELECT
    line_id AS subject_id,
    is_under_both AS is_flagged,
    reason,
    one_line(line_id, 0) AS lines,
    'the note of this ' || procedure_code || ' line stands under the other code too, on '
    || counted(lines_of_provider - lines_of_visit, 'line', 'lines') || ' of the provider' AS message,
    {'procedure_code': procedure_code, 'lines_under_the_other_code': lines_of_provider - lines_of_visit} AS evidence
FROM judged_line
WHERE in_period
ORDER BY subject_id;
