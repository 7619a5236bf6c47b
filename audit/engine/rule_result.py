"""Runs one rule's SELECT and checks its result: the columns of the contract, verdicts that exist, lines under every flag.

A rule gives one row for each subject that it examined, so that flagged, examined and not evaluated come out of the same
query and cannot drift apart.
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

_REQUIRED = {
    "subject_id": "BIGINT",
    "verdict": "VARCHAR",
    "reason": "VARCHAR",
    "lines": "STRUCT(line_id BIGINT, amount_at_risk DECIMAL(12,2))[]",
    "message": "VARCHAR",
    "evidence": "STRUCT",
}
# subject_key names the subject of a provider's finding (the NPI, of a day's finding the date too), so that it keeps its id.
_OPTIONAL = ("subject_key", "direction", "severity", "units_billed", "units_supported", "minutes")
_VERDICTS = ("flag", "ok", "not evaluated")


def keep(con: duckdb.DuckDBPyConnection, rule: Rule) -> list[tuple[str, str | None, int]]:
    """Run the rule, add its flagged subjects to rule_flag, and return (verdict, reason, subjects) for all it examined.

    Raises RuleError where the result breaks the contract, duckdb.Error where the SQL fails.
    """
    values = dict(rule.values)
    con.execute(f"CREATE OR REPLACE TEMP TABLE verdict AS {rule.sql}", values)
    columns = {name: kind for name, kind, *_ in con.execute("DESCRIBE verdict").fetchall()}
    _prove_columns(rule, columns)
    counts = con.execute("SELECT verdict, reason, count(*) FROM verdict GROUP BY ALL ORDER BY ALL").fetchall()
    _prove_rows(con, rule, counts)
    con.execute(_insert(columns), _front_values(rule))
    return counts


def _prove_columns(rule: Rule, columns: dict[str, str]) -> None:
    for name, kind in _REQUIRED.items():
        if not columns.get(name, "").startswith(kind):
            raise RuleError(f"Rule {rule.id}: column {name} must be {kind}, it is {columns.get(name, 'absent')}.")
    if rule.front.subject == "provider" and "subject_key" not in columns:
        raise RuleError(f"Rule {rule.id}: a provider's finding needs the column subject_key.")
    extra = set(columns) - set(_REQUIRED) - set(_OPTIONAL)
    if extra:
        raise RuleError(f"Rule {rule.id}: column {min(extra)} is none that a rule may return.")


def _prove_rows(con: duckdb.DuckDBPyConnection, rule: Rule, counts: list[tuple[str, str | None, int]]) -> None:
    for verdict, reason, _ in counts:
        if verdict not in _VERDICTS:
            raise RuleError(f"Rule {rule.id}: verdict {verdict!r} is none of {', '.join(_VERDICTS)}.")
        if (reason is not None) != (verdict == "not evaluated"):
            raise RuleError(f"Rule {rule.id}: a reason belongs to 'not evaluated', and only there.")
    faults = con.execute(
        """
        SELECT
            count(*) - count(DISTINCT subject_id),
            count(*) FILTER (WHERE verdict = 'flag' AND (len(lines) = 0 OR lines IS NULL OR message IS NULL))
        FROM verdict
        """
    ).fetchall()[0]
    if faults[0]:
        raise RuleError(f"Rule {rule.id}: {faults[0]} subjects were examined more than once.")
    if faults[1]:
        raise RuleError(f"Rule {rule.id}: {faults[1]} flags name no claim line or have no message.")
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
        $rule_id, $version, $family, {own("severity", "$severity")}, $confidence, {own("direction", "$direction")},
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
