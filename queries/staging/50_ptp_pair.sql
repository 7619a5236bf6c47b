-- The codes of the export that stand in an edit with another of its codes, in force on a date of the export: few do.
CREATE OR REPLACE TABLE edited_code AS
WITH seen_code AS (
    SELECT DISTINCT procedure_code FROM export_line
),

edit_in_use AS (
    SELECT column_1, column_2
    FROM ptp_edit
    WHERE
        column_1 IN (SELECT procedure_code FROM seen_code)
        AND column_2 IN (SELECT procedure_code FROM seen_code)
        AND modifier_indicator <> 9
        AND effective_from <= (SELECT max(service_date) FROM export_line)
        AND effective_to >= (SELECT min(service_date) FROM export_line)
)
SELECT column_1 AS procedure_code FROM edit_in_use
UNION
SELECT column_2 AS procedure_code FROM edit_in_use;

-- Every two lines of one patient, one date and one provider whose codes stand in an NCCI edit in force that day, of all that
-- was given: patterns of providers read those outside the period too.
-- Indicator 9 was never in force. A line without any NPI may or may not be the same provider: provider_known says so.
-- Lines billed to be denied ask for no payment and stand in no pair. Denied ones do: what that means, the rules say.
CREATE OR REPLACE TABLE ptp_pair AS
WITH treated_code AS (
    SELECT DISTINCT patient_id, service_date, provider_npi, setting, procedure_code
    FROM export_line
    WHERE NOT is_billed_to_be_denied AND procedure_code IN (SELECT procedure_code FROM edited_code)
),

code_pair AS (
    SELECT DISTINCT
        first_code.patient_id,
        first_code.service_date,
        first_code.setting,
        ptp_edit.column_1,
        ptp_edit.column_2,
        ptp_edit.modifier_indicator,
        ptp_edit.effective_from,
        ptp_edit.rationale
    FROM treated_code AS first_code
    INNER JOIN treated_code AS second_code
        ON
            first_code.patient_id = second_code.patient_id
            AND first_code.service_date = second_code.service_date
            AND first_code.setting = second_code.setting
            AND first_code.procedure_code <> second_code.procedure_code
    INNER JOIN ptp_edit
        ON
            first_code.procedure_code = ptp_edit.column_1
            AND second_code.procedure_code = ptp_edit.column_2
            AND first_code.setting = ptp_edit.setting
            AND first_code.service_date BETWEEN ptp_edit.effective_from AND ptp_edit.effective_to
            AND ptp_edit.modifier_indicator <> 9
    WHERE coalesce(first_code.provider_npi = second_code.provider_npi, TRUE)
)
SELECT
    column_1_line.line_id AS column_1_line_id,
    column_2_line.line_id AS column_2_line_id,
    code_pair.modifier_indicator,
    code_pair.effective_from,
    code_pair.rationale,
    column_1_line.provider_npi IS NOT NULL AND column_2_line.provider_npi IS NOT NULL AS provider_known,
    column_1_line.payer_key = column_2_line.payer_key
    AND column_1_line.coverage_order = column_2_line.coverage_order AS same_payer,
    column_1_line.has_distinct_service OR column_2_line.has_distinct_service AS has_distinct_service,
    -- Since 2019-07-01 a modifier separates the pair on either line, before that on the column 2 line alone.
    (column_1_line.has_ncci_bypass AND column_1_line.service_date >= DATE '2019-07-01') OR column_2_line.has_ncci_bypass
        AS has_ncci_bypass,
    column_1_line.is_denied AS is_column_1_denied,
    column_2_line.is_denied AS is_column_2_denied
FROM code_pair
INNER JOIN export_line AS column_1_line
    ON
        code_pair.patient_id = column_1_line.patient_id
        AND code_pair.service_date = column_1_line.service_date
        AND code_pair.setting = column_1_line.setting
        AND code_pair.column_1 = column_1_line.procedure_code
        AND NOT column_1_line.is_billed_to_be_denied
INNER JOIN export_line AS column_2_line
    ON
        code_pair.patient_id = column_2_line.patient_id
        AND code_pair.service_date = column_2_line.service_date
        AND code_pair.setting = column_2_line.setting
        AND code_pair.column_2 = column_2_line.procedure_code
        AND NOT column_2_line.is_billed_to_be_denied
        AND coalesce(column_1_line.provider_npi = column_2_line.provider_npi, TRUE);
