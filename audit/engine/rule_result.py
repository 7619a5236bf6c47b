"""Runs one rule's SELECT, checks its result (the columns of the contract, lines under every flag) and derives the verdicts.

A rule gives one row for each subject that it examined, so that flagged, examined and not evaluated come out of the same
query and cannot drift apart. It says what it found and why it could not judge; what follows from the two is said here.
"""

import duckdb

from audit.errors import RuleError
from audit.rules.catalogue import Rule

CREATE_TABLES = """
CREATE OR REPLACE TABLE rule_flag (
    rule_id VARCHAR, rule_version INTEGER, family VARCHAR, severity VARCHAR, confidence VARCHAR, direction VARCHAR,
    subject VARCHAR, subject_id BIGINT, subject_key VARCHAR, lines STRUCT(line_id BIGINT, amount_at_risk DECIMAL(12, 2))[],
    units_billed DECIMAL(11, 2), units_supported DECIMAL(11, 2), "minutes" INTEGER, message VARCHAR, evidence VARCHAR
)
"""

# A reason comes first: what could not be judged is neither a flag nor right, whatever the flag says.
_DERIVE_VERDICTS = """
CREATE OR REPLACE TEMP VIEW verdict AS
SELECT *, CASE WHEN reason IS NOT NULL THEN 'not evaluated' WHEN is_flagged THEN 'flag' ELSE 'ok' END AS verdict
FROM examined
"""

_REQUIRED = {
    "subject_id": "BIGINT",
    "is_flagged": "BOOLEAN",
    "reason": "VARCHAR",
    "lines": "STRUCT(line_id BIGINT, amount_at_risk DECIMAL(12,2))[]",
    "message": "VARCHAR",
    "evidence": "STRUCT",
}
# subject_key names the subject of a provider's finding (the NPI, of a day's finding the date too), so that it keeps its id.
_OPTIONAL = ("subject_key", "direction", "severity", "confidence", "units_billed", "units_supported", "minutes")
_OLD_FORM = (
    "it returns verdict, which the engine derives now: return is_flagged (true or false) and reason (NULL: judged; else why "
    "not) in its place, for example `units > 4 AS is_flagged, CASE WHEN unit_rule = 'none' THEN 'self-pay' END AS reason`."
)


def keep(con: duckdb.DuckDBPyConnection, rule: Rule) -> list[tuple[str, str | None, int]]:
    """Run the rule, add its flagged subjects to rule_flag, and return (verdict, reason, subjects) for all it examined.

    Raises RuleError where the result breaks the contract, duckdb.Error where the SQL fails.
    """
    values = dict(rule.values)
    con.execute(f"CREATE OR REPLACE TEMP TABLE examined AS {rule.sql}", values)
    columns = {name: kind for name, kind, *_ in con.execute("DESCRIBE examined").fetchall()}
    _prove_columns(rule, columns)
    con.execute(_DERIVE_VERDICTS)
    _prove_rows(con, rule)
    con.execute(_insert(columns), _front_values(rule))
    return con.execute("SELECT verdict, reason, count(*) FROM verdict GROUP BY ALL ORDER BY ALL").fetchall()


def _prove_columns(rule: Rule, columns: dict[str, str]) -> None:
    if "verdict" in columns:
        raise RuleError(f"Rule {rule.id}: {_OLD_FORM}")
    for name, kind in _REQUIRED.items():
        if not columns.get(name, "").startswith(kind):
            raise RuleError(f"Rule {rule.id}: column {name} must be {kind}, it is {columns.get(name, 'absent')}.")
    if rule.front.subject == "provider" and "subject_key" not in columns:
        raise RuleError(f"Rule {rule.id}: a provider's finding needs the column subject_key.")
    extra = set(columns) - set(_REQUIRED) - set(_OPTIONAL)
    if extra:
        raise RuleError(f"Rule {rule.id}: column {min(extra)} is none that a rule may return.")


def _prove_rows(con: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    repeated, undecided, bare = con.execute(
        """
        SELECT
            count(*) - count(DISTINCT subject_id),
            count(*) FILTER (WHERE reason IS NULL AND is_flagged IS NULL),
            count(*) FILTER (WHERE verdict = 'flag' AND (len(lines) = 0 OR lines IS NULL OR message IS NULL))
        FROM verdict
        """
    ).fetchall()[0]
    if repeated:
        raise RuleError(f"Rule {rule.id}: {repeated} subjects were examined more than once.")
    if undecided:
        raise RuleError(
            f"Rule {rule.id}: is_flagged is NULL for {undecided} subjects that have no reason: say true or false, or give a "
            "reason why they cannot be judged."
        )
    if bare:
        raise RuleError(f"Rule {rule.id}: {bare} flags name no claim line or have no message.")
    _prove_lines(con, rule)


def _prove_lines(con: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    """A flag on a line that was not audited would be counted and then lost: it must not be."""
    unknown = con.execute(
        """
        SELECT count(*)
        FROM (SELECT unnest(lines).line_id AS line_id FROM verdict WHERE verdict = 'flag') AS concerned
        ANTI JOIN claim_line USING (line_id)
        """
    ).fetchall()[0][0]
    if unknown:
        raise RuleError(f"Rule {rule.id}: {unknown} flagged lines are not lines of this audit.")


def _insert(columns: dict[str, str]) -> str:
    def own(name: str, otherwise: str) -> str:
        return f'coalesce("{name}", {otherwise})' if name in columns else otherwise

    return f"""
    INSERT INTO rule_flag
    SELECT
        $rule_id, $version, $family, {own("severity", "$severity")},
        {own("confidence", "$confidence")}, {own("direction", "$direction")},
        $subject, subject_id, {own("subject_key", "NULL")}, lines, {own("units_billed", "NULL")},
        {own("units_supported", "NULL")}, {own("minutes", "NULL")}, message, CAST(to_json(evidence) AS VARCHAR)
    FROM verdict
    WHERE verdict = 'flag'
    """


def _front_values(rule: Rule) -> dict[str, object]:
    front = rule.front
    return {
        "rule_id": front.id,
        "version": front.version,
        "family": front.family,
        "severity": front.severity,
        "confidence": front.confidence,
        "direction": front.direction,
        "subject": front.subject,
    }
