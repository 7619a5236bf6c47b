-- Lines that stand in column 2 of an NCCI pair of one payer, primary claims alone, and whether the pair is told apart by a modifier
-- of the 59 family on either line. What MOD010 and the report say of a provider's share of them rests on this.
CREATE OR REPLACE TABLE paired_line AS
SELECT
    ptp_pair.column_2_line_id AS line_id,
    CASE WHEN bool_and(ptp_pair.provider_known) THEN any_value(line.provider_npi) END AS provider_npi,
    bool_or(ptp_pair.has_distinct_service) AS is_separated,
    any_value(line.in_period) AS in_period
FROM ptp_pair
INNER JOIN export_line AS line ON ptp_pair.column_2_line_id = line.line_id
WHERE ptp_pair.same_payer AND line.coverage_order = 'P' AND line.unit_rule <> 'none'
GROUP BY ptp_pair.column_2_line_id;
