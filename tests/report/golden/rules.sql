-- The rules of run 0123456789abcdef as they ran, claims-audit 0.1.0.
-- Each reads tables that the program stages first; a value written $name is bound, its value stands above the rule.

-- CLM001 version 1: The same service billed twice
-- SHA-256 of the rule file: 5555555555555555555555555555555555555555555555555555555555555555
-- 8,722 claim lines examined, 8,722 judged, 0 flagged
SELECT
    visit_id AS subject_id,
    TRUE AS is_flagged
FROM visit
WHERE units > supported AND minutes < 8 -- < & >
ORDER BY visit_id;

-- CLM005 version 1: Code or modifier of impossible shape
-- SHA-256 of the rule file: 5555555555555555555555555555555555555555555555555555555555555555
-- failed to run: Binder Error: column procedure_cod not found
SELECT
    visit_id AS subject_id,
    TRUE AS is_flagged
FROM visit
WHERE units > supported AND minutes < 8 -- < & >
ORDER BY visit_id;

-- DOC001 version 1: Massage or manual note lacks a required part
-- SHA-256 of the rule file: 5555555555555555555555555555555555555555555555555555555555555555
-- $required_from = 2018-01-01
-- 3,510 claim lines examined, 3,510 judged, 12 flagged
SELECT
    visit_id AS subject_id,
    TRUE AS is_flagged
FROM visit
WHERE units > supported AND minutes < 8 -- < & >
ORDER BY visit_id;

-- MAN001 version 1: Note describes massage, claim says manual therapy
-- SHA-256 of the rule file: 5555555555555555555555555555555555555555555555555555555555555555
-- 2,300 claim lines examined, 1,660 judged, 12 flagged
SELECT
    visit_id AS subject_id,
    TRUE AS is_flagged
FROM visit
WHERE units > supported AND minutes < 8 -- < & >
ORDER BY visit_id;

-- MAN005 version 1: The choice of code follows the payer
-- SHA-256 of the rule file: 5555555555555555555555555555555555555555555555555555555555555555
-- 7 providers examined, 4 judged, 1 flagged
SELECT
    visit_id AS subject_id,
    TRUE AS is_flagged
FROM visit
WHERE units > supported AND minutes < 8 -- < & >
ORDER BY visit_id;

-- MED001 version 1: Massage therapy billed to Medicare
-- SHA-256 of the rule file: 5555555555555555555555555555555555555555555555555555555555555555
-- 2,900 claim lines examined, 2,900 judged, 12 flagged
SELECT
    visit_id AS subject_id,
    TRUE AS is_flagged
FROM visit
WHERE units > supported AND minutes < 8 -- < & >
ORDER BY visit_id;

-- MOD001 version 1: Modifier 59 with no other service that day
-- SHA-256 of the rule file: 5555555555555555555555555555555555555555555555555555555555555555
-- 910 claim lines examined, 910 judged, 12 flagged
SELECT
    visit_id AS subject_id,
    TRUE AS is_flagged
FROM visit
WHERE units > supported AND minutes < 8 -- < & >
ORDER BY visit_id;

-- MOD003 version 1: Modifier 59 on a pair that no modifier can bypass
-- SHA-256 of the rule file: 5555555555555555555555555555555555555555555555555555555555555555
-- $as_of = 
-- $max_share = 0.5
-- $strict = True
-- 530 claim lines examined, 150 judged, 12 flagged
SELECT
    visit_id AS subject_id,
    TRUE AS is_flagged
FROM visit
WHERE units > supported AND minutes < 8 -- < & >
ORDER BY visit_id;

-- TIM001 version 1: More timed units billed than the visit's minutes support
-- SHA-256 of the rule file: 5555555555555555555555555555555555555555555555555555555555555555
-- $min_excess = 1
-- 4,361 visits examined, 3,849 judged, 12 flagged
SELECT
    visit_id AS subject_id,
    TRUE AS is_flagged
FROM visit
WHERE units > supported AND minutes < 8 -- < & >
ORDER BY visit_id;

-- TIM002 version 1: More units of a code than its own minutes support
-- SHA-256 of the rule file: 5555555555555555555555555555555555555555555555555555555555555555
-- $min_excess = 1
-- 0 visits examined, 0 judged, 0 flagged
SELECT
    visit_id AS subject_id,
    TRUE AS is_flagged
FROM visit
WHERE units > supported AND minutes < 8 -- < & >
ORDER BY visit_id;

-- TIM004 version 1: Fewer timed units billed than the minutes support
-- SHA-256 of the rule file: 5555555555555555555555555555555555555555555555555555555555555555
-- $min_excess = 1
-- 4,361 visits examined, 3,949 judged, 12 flagged
SELECT
    visit_id AS subject_id,
    TRUE AS is_flagged
FROM visit
WHERE units > supported AND minutes < 8 -- < & >
ORDER BY visit_id;

-- TIM005 version 1: Timed code billed without minutes
-- SHA-256 of the rule file: 5555555555555555555555555555555555555555555555555555555555555555
-- $min_excess = 1
-- 7,800 claim lines examined, 7,799 judged, 12 flagged
SELECT
    visit_id AS subject_id,
    TRUE AS is_flagged
FROM visit
WHERE units > supported AND minutes < 8 -- < & >
ORDER BY visit_id;

-- TIM009 version 1: One provider treats two patients one-on-one at the same time
-- SHA-256 of the rule file: 5555555555555555555555555555555555555555555555555555555555555555
-- $min_excess = 1
-- 7 provider days examined, 0 judged, 0 flagged
SELECT
    visit_id AS subject_id,
    TRUE AS is_flagged
FROM visit
WHERE units > supported AND minutes < 8 -- < & >
ORDER BY visit_id;
