"""Runs one rule's SELECT where it can change nothing, derives the verdicts and has its result proven.

A rule gives one row for each subject that it examined, so that flagged, examined and not evaluated come out of the same
query and cannot drift apart. It says what it found and why it could not judge; what follows from the two is said here.
Of what it did not flag only the number is kept, so no message is worded for it.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress

import duckdb

from audit.engine import result_proof
from audit.engine.rule_parts import parts_of
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
VERDICT = """CASE
    WHEN reason IS NOT NULL THEN 'not evaluated' WHEN is_flagged THEN 'flag' WHEN is_flagged IS NULL THEN 'undecided' ELSE 'ok'
END"""

# Beside the flags stand the numbers of subjects by verdict and reason.
_JUDGE = """
CREATE OR REPLACE TEMP TABLE judged AS
WITH {tables} verdict_ AS NOT MATERIALIZED (
    SELECT *, {verdict} AS verdict_ FROM ({words}) AS examined_
)
SELECT * FROM verdict_ WHERE verdict_ = 'flag'
UNION ALL BY NAME
SELECT verdict_, reason, count(*) AS subjects_ FROM verdict_ GROUP BY verdict_, reason
{repeated}
"""
# A rule whose subjects nobody has proven to be told apart: how many rows are of a subject that had one before.
_REPEATED = """UNION ALL BY NAME
SELECT 'repeated' AS verdict_, count(*) - count(DISTINCT subject_id) AS subjects_ FROM verdict_"""
_OWN = ("verdict_", "subjects_")
_EXAMINE = """
CREATE OR REPLACE TEMP TABLE verdict AS
SELECT *, {verdict} AS verdict FROM ({sql})
"""


def keep(
    con: duckdb.DuckDBPyConnection, rule: Rule, wall: AbstractContextManager[None] | None = None
) -> list[tuple[str, str | None, int]]:
    """Run the rule, add its flagged subjects to rule_flag, and return (verdict, reason, subjects) for all it examined.

    The rule's own SELECT runs inside `wall` (`reading_only`, in a run). Raises RuleError where the result breaks the
    contract, duckdb.Error where the SQL fails.
    """
    if not rule.is_shipped:
        # Of a column that is absent or of another type, the contract says more than the engine would.
        result_proof.prove_columns(rule, _columns(con, rule.sql, rule.values))
    with wall or nullcontext():
        con.execute(_judging(rule), dict(rule.values))
    columns = {name: kind for name, kind in _columns(con, "FROM judged").items() if name not in _OWN}
    result_proof.prove_columns(rule, columns)
    told = con.execute("SELECT verdict_, reason, subjects_ FROM judged WHERE subjects_ IS NOT NULL ORDER BY ALL").fetchall()
    counts: list[tuple[str, str | None, int]] = [one for one in told if one[0] != "repeated"]
    repeated = sum(number for verdict, _, number in told if verdict == "repeated")
    result_proof.prove_counts(rule, counts, repeated)
    flags = sum(number for verdict, _, number in counts if verdict == "flag")
    if flags:
        con.execute("CREATE OR REPLACE TEMP VIEW flagged AS FROM judged WHERE subjects_ IS NULL")
        result_proof.prove_flags(con, rule, columns, flags)
        con.execute(_insert(columns), _front_values(rule))
    return counts


def examine(
    con: duckdb.DuckDBPyConnection, rule: Rule, wall: AbstractContextManager[None] | None = None
) -> list[tuple[str, str | None, int]]:
    """Leave what the rule says of every subject in the temporary table `verdict`, with its verdict; returns what `keep` does.

    Raises as `keep` does, for subjects without a verdict; rows are not proven further and nothing is kept of the flags.
    """
    with wall or nullcontext():
        con.execute(_EXAMINE.format(verdict=VERDICT, sql=rule.sql), dict(rule.values))
    counts = con.execute("SELECT verdict, reason, count(*) FROM verdict GROUP BY ALL ORDER BY ALL").fetchall()
    ((repeated,),) = con.execute("SELECT count(*) - count(DISTINCT subject_id) FROM verdict").fetchall()
    result_proof.prove_counts(rule, counts, repeated)
    return counts


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


def _judging(rule: Rule) -> str:
    parts = parts_of(rule.sql)
    return _JUDGE.format(
        tables=f"{parts.tables}\n," if parts.tables else "",
        verdict=VERDICT,
        words=f"\n{parts.words}\n",
        repeated="" if rule.is_shipped else _REPEATED,
    )


def _columns(con: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, object] | None = None) -> dict[str, str]:
    return {name: kind for name, kind, *_ in con.execute(f"DESCRIBE {query}", dict(values or {})).fetchall()}


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
    FROM flagged
    ORDER BY subject_id
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
