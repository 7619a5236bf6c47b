-- Audited lines of each date of service: a day without any is seen in the report's data quality.
SELECT
    service_date,
    count(*) AS lines
FROM claim_line
GROUP BY service_date
ORDER BY service_date;
