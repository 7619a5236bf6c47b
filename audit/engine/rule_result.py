"""Runs one rule's SELECT where it can change nothing, has its result proven and derives the verdicts.

A rule gives one row for each subject that it examined, so that flagged, examined and not evaluated come out of the same
query and cannot drift apart. It says what it found and why it could not judge; what follows from the two is said here.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress

import duckdb

from audit.engine import result_proof
from audit.rules.catalogue import Rule

CREATE_TABLES = """
CREATE OR REPLACE TABLE rule_flag (
    rule_id VARCHAR, rule_version INTEGER, family VARCHAR, severity VARCHAR, confidence VARCHAR, direction VARCHAR,
    subject VARCHAR, subject_id BIGINT, subject_key VARCHAR, lines STRUCT(line_id BIGINT, amount_at_risk DECIMAL(12, 2))[],
    surplus STRUCT(units_over DECIMAL(11, 2), takes VARCHAR, line_ids BIGINT[])[],
    units_billed DECIMAL(11, 2), units_supported DECIMAL(11, 2), "minutes" INTEGER, message VARCHAR, evidence VARCHAR
)
"""

# A reason comes first: what could not be judged is neither a flag nor right, whatever the flag says.
_DERIVE_VERDICTS = """
CREATE OR REPLACE TEMP VIEW verdict AS
SELECT *, CASE WHEN reason IS NOT NULL THEN 'not evaluated' WHEN is_flagged THEN 'flag' ELSE 'ok' END AS verdict
FROM examined
"""


def keep(
    con: duckdb.DuckDBPyConnection, rule: Rule, wall: AbstractContextManager[None] | None = None
) -> list[tuple[str, str | None, int]]:
    """Run the rule, add its flagged subjects to rule_flag, and return (verdict, reason, subjects) for all it examined.

    The rule's own SELECT runs inside `wall` (`reading_only`, in a run). Raises RuleError where the result breaks the
    contract, duckdb.Error where the SQL fails.
    """
    values = dict(rule.values)
    with wall or nullcontext():
        con.execute(f"CREATE OR REPLACE TEMP TABLE examined AS {rule.sql}", values)
    columns = {name: kind for name, kind, *_ in con.execute("DESCRIBE examined").fetchall()}
    result_proof.prove_columns(rule, columns)
    con.execute(_DERIVE_VERDICTS)
    result_proof.prove_rows(con, rule, columns)
    con.execute(_insert(columns), _front_values(rule))
    return con.execute("SELECT verdict, reason, count(*) FROM verdict GROUP BY ALL ORDER BY ALL").fetchall()


@contextmanager
def reading_only(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """A transaction in which nothing but temporary tables can be written: a second wall behind the proof at load."""
    con.execute("BEGIN TRANSACTION READ ONLY")
    try:
        yield
        con.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.Error):
            con.execute("ROLLBACK")
        raise


def _insert(columns: dict[str, str]) -> str:
    def own(name: str, otherwise: str) -> str:
        return f'coalesce("{name}", {otherwise})' if name in columns else otherwise

    return f"""
    INSERT INTO rule_flag
    SELECT
        $rule_id, $version, $family, {own("severity", "$severity")},
        {own("confidence", "$confidence")}, {own("direction", "$direction")},
        $subject, subject_id, {own("subject_key", "NULL")}, lines, {own("surplus", "NULL")}, {own("units_billed", "NULL")},
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
