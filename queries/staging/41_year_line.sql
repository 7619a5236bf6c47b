-- What counts towards a figure of the calendar year: the audited lines, and of the lines outside the period those before it.
-- Only lines of claim_line may be flagged.
CREATE OR REPLACE VIEW year_line AS
SELECT * FROM export_line
WHERE service_date <= coalesce(getvariable('period_end'), DATE '9999-12-31');

-- The first date of service that the export holds of each year: how far back the figures of a year reach.
CREATE OR REPLACE TABLE export_year AS
SELECT
    year(service_date) AS service_year,
    min(service_date) AS first_service_date
FROM claim_row
GROUP BY year(service_date)
ORDER BY service_year;
