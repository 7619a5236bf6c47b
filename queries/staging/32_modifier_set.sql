-- What a line's modifiers say on its date of service, worked out once for the four as they stand in the export. (They are put in
-- order here, and not line by line; lines are joined by the four.)
CREATE OR REPLACE TABLE modifier_set AS
WITH seen AS (
    SELECT
        *,
        modifier_set_of(modifier_1, modifier_2, modifier_3, modifier_4) AS modifiers
    FROM (SELECT DISTINCT modifier_1, modifier_2, modifier_3, modifier_4, service_date FROM claim_row) AS written
),

role_on_date AS (
    SELECT
        seen.modifiers,
        seen.service_date,
        list(DISTINCT modifier_role.role) AS roles,
        list(DISTINCT modifier_role.modifier) FILTER (WHERE modifier_role.role = 'plan_of_care') AS plans
    FROM seen
    INNER JOIN modifier_role
        ON
            list_contains(seen.modifiers, modifier_role.modifier)
            AND seen.service_date BETWEEN modifier_role.effective_from AND modifier_role.effective_to
    GROUP BY seen.modifiers, seen.service_date
)
SELECT
    seen.modifier_1,
    seen.modifier_2,
    seen.modifier_3,
    seen.modifier_4,
    seen.modifiers,
    seen.service_date,
    coalesce(list_contains(roles, 'distinct_service'), FALSE) AS has_distinct_service,
    coalesce(list_contains(roles, 'distinct_service_x'), FALSE) AS has_distinct_service_x,
    coalesce(list_contains(roles, 'distinct_practitioner'), FALSE) AS has_distinct_practitioner,
    coalesce(list_contains(roles, 'distinct_service_59'), FALSE) AS has_plain_59,
    -- Some bypass modifiers belong to visits, surgery and the laboratory: on a therapy line they separate nothing.
    coalesce(list_contains(roles, 'other_field'), FALSE) AS has_other_field,
    coalesce(list_contains(roles, 'separates_therapy'), FALSE) AS has_therapy_bypass,
    coalesce(list_contains(roles, 'repeat_service'), FALSE) AS has_repeat_service,
    coalesce(list_contains(roles, 'assistant'), FALSE) AS has_assistant,
    coalesce(list_contains(roles, 'plan_of_care'), FALSE) AS has_plan_of_care,
    coalesce(list_contains(roles, 'physical_plan'), FALSE) AS has_physical_plan,
    coalesce(list_contains(roles, 'liability_notice'), FALSE) AS has_liability_notice,
    coalesce(list_contains(roles, 'billed_to_be_denied'), FALSE) AS asks_for_denial,
    coalesce(list_contains(roles, 'statutory_exclusion'), FALSE) AS is_statutory_exclusion,
    coalesce(list_contains(roles, 'threshold_exception'), FALSE) AS has_threshold_exception,
    coalesce(list_contains(roles, 'active_adjustment'), FALSE) AS has_active_adjustment,
    coalesce(list_contains(roles, 'telehealth'), FALSE) AS has_telehealth,
    CASE WHEN len(plans) = 1 THEN plans[1] END AS stated_discipline
FROM seen
LEFT JOIN role_on_date USING (modifiers, service_date);
