-- The role of each taxonomy code in the export (reference prefixes are matched once a code, not once a line).
CREATE OR REPLACE TABLE taxonomy_role AS
SELECT
    seen.rendering_taxonomy,
    provider_role.provider_role,
    provider_role.bills_medicare_therapy,
    provider_role.effective_from,
    provider_role.effective_to
FROM (SELECT DISTINCT rendering_taxonomy FROM claim_row WHERE rendering_taxonomy IS NOT NULL) AS seen
INNER JOIN provider_role ON starts_with(seen.rendering_taxonomy, provider_role.taxonomy_prefix);
