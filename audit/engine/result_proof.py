"""Proves a rule's result against the contract before it counts: its columns, then what stands in its rows.

What passes here cannot stop the run later: every flag becomes one finding, of audited lines, with words of the contract,
amounts that sums can hold, and evidence that is JSON.
"""

from collections.abc import Mapping, Sequence
from typing import get_args

import duckdb

from audit.errors import RuleError
from audit.rules.catalogue import Rule
from audit.terms import Confidence, Direction, Severity

_REQUIRED = {
    "subject_id": "BIGINT",
    "is_flagged": "BOOLEAN",
    "reason": "VARCHAR",
    "lines": "STRUCT(line_id BIGINT, amount_at_risk DECIMAL(12,2))[]",
    "message": "VARCHAR",
    "evidence": "STRUCT",
}
# Where a rule returns it: the units too many of lines together, as the macro one_surplus makes it.
_SURPLUS = "STRUCT(units_over DECIMAL(11,2), takes VARCHAR, line_ids BIGINT[])[]"
_TAKES = ("units", "lines", "nothing")
# subject_key names the subject of a provider's finding (the NPI, of a day's finding the date too), so that it keeps its id.
_OPTIONAL = ("subject_key", "direction", "severity", "confidence", "surplus", "units_billed", "units_supported", "minutes")
_WORDS: dict[str, tuple[str, ...]] = {
    "direction": get_args(Direction),
    "severity": get_args(Severity),
    "confidence": get_args(Confidence),
}
_OLD_FORM = (
    "it returns verdict, which the engine derives now: return is_flagged (true or false) and reason (NULL: judged; else why "
    "not) in its place, for example `units > 4 AS is_flagged, CASE WHEN unit_rule = 'none' THEN 'self-pay' END AS reason`."
)
# The dollars that one rule can put at risk, so that the sums over all rules fit the columns of findings and totals.
_MOST_DOLLARS = 9_999_999_999
# The key of the export under which a flag becomes a finding (queries/findings/20_finding.sql).
_KEY = {
    "line": "subject_id",
    "visit": "subject_line.visit_id",
    "patient": "(subject_line.patient_id, subject_line.service_date)",
}


def prove_columns(rule: Rule, columns: Mapping[str, str]) -> None:
    """Raises RuleError where a column is absent, of another type, or none that a rule may return."""
    if "verdict" in columns:
        raise RuleError(f"Rule {rule.id}: {_OLD_FORM}")
    for name, kind in _REQUIRED.items():
        if not columns.get(name, "").startswith(kind):
            raise RuleError(f"Rule {rule.id}: column {name} must be {kind}, it is {columns.get(name, 'absent')}.")
    if columns.get("surplus", _SURPLUS) != _SURPLUS:
        raise RuleError(f"Rule {rule.id}: column surplus must be {_SURPLUS}, as one_surplus(units_over, line_ids) makes it.")
    if rule.front.subject == "provider" and "subject_key" not in columns:
        raise RuleError(f"Rule {rule.id}: a provider's finding needs the column subject_key.")
    extra = set(columns) - set(_REQUIRED) - set(_OPTIONAL)
    if extra:
        raise RuleError(f"Rule {rule.id}: column {min(extra)} is none that a rule may return.")


def prove_counts(rule: Rule, counts: Sequence[tuple[str, str | None, int]], repeated: int) -> None:
    """Raises RuleError where subjects have no verdict, or `repeated` of them were examined before."""
    _refuse(rule, repeated, "subjects were examined more than once")
    undecided = sum(number for verdict, _, number in counts if verdict == "undecided")
    if undecided:
        raise RuleError(
            f"Rule {rule.id}: is_flagged is NULL for {undecided} subjects that have no reason: say true or false, or give a "
            "reason why they cannot be judged."
        )


def prove_flags(con: duckdb.DuckDBPyConnection, rule: Rule, columns: Mapping[str, str], counted: int) -> None:
    """Raises RuleError where a row of the view `flagged` breaks the contract; `counted` is how many there must be."""
    flags, repeated, bare = con.execute(
        """
        SELECT
            count(*),
            count(*) - count(DISTINCT subject_id),
            count(*) FILTER (WHERE len(lines) = 0 OR lines IS NULL OR message IS NULL)
        FROM flagged
        """
    ).fetchall()[0]
    if flags != counted:
        raise RuleError(
            f"Rule {rule.id}: it flags {flags} subjects and counts {counted}: what it says depends on the order of rows."
        )
    _refuse(rule, repeated, "subjects were examined more than once")
    _refuse(rule, bare, "flags name no claim line or have no message")
    _prove_words(con, rule, columns)
    _prove_lines(con, rule)
    if "surplus" in columns:
        _prove_surplus(con, rule)
    _prove_subjects(con, rule)
    _prove_evidence(con, rule)


def _prove_words(con: duckdb.DuckDBPyConnection, rule: Rule, columns: Mapping[str, str]) -> None:
    for column, words in _WORDS.items():
        if column not in columns:
            continue
        strange = con.execute(
            f"SELECT count(*) FROM flagged WHERE NOT list_contains($1, CAST({column} AS VARCHAR))",
            [list(words)],
        ).fetchall()[0][0]
        _refuse(rule, strange, f"flags have a {column} that is none of {', '.join(words)}")


def _prove_lines(con: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    """A flag on a line that was not audited would be counted and then lost; an amount is none that owes."""
    unknown, twice, negative, dollars = con.execute(
        """
        WITH concerned AS (
            SELECT subject_id, unnest(lines, recursive := TRUE) FROM flagged
        )
        SELECT
            count(*) FILTER (WHERE line.line_id IS NULL),
            count(*) - count(DISTINCT (concerned.subject_id, concerned.line_id)),
            count(*) FILTER (WHERE amount_at_risk < 0),
            coalesce(sum(amount_at_risk), 0)
        FROM concerned
        LEFT JOIN claim_line AS line USING (line_id)
        """
    ).fetchall()[0]
    _refuse(rule, unknown, "flagged lines are not lines of this audit")
    _refuse(rule, twice, "lines stand more than once under one flag")
    _refuse(rule, negative, "lines have an amount at risk below nought")
    if dollars > _MOST_DOLLARS:
        raise RuleError(f"Rule {rule.id}: its flags put more than ${_MOST_DOLLARS:,} at risk, which no audit's sums hold.")


def _prove_surplus(con: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    """What is too many is so of audited lines, and says what it takes away."""
    strange, negative, unknown, twice = con.execute(
        """
        WITH stated AS (
            SELECT row_number() OVER () AS place, one.*
            FROM (SELECT unnest(surplus) AS one FROM flagged)
        ),

        stated_line AS (
            SELECT place, unnest(line_ids) AS line_id FROM stated
        )
        SELECT
            (SELECT count(*) FROM stated WHERE NOT coalesce(list_contains($1, takes), FALSE)),
            (SELECT count(*) FROM stated WHERE NOT coalesce(units_over >= 0, FALSE)),
            (SELECT count(*) FROM stated_line ANTI JOIN claim_line USING (line_id)),
            (SELECT count(*) - count(DISTINCT (place, line_id)) FROM stated_line)
        """,
        [list(_TAKES)],
    ).fetchall()[0]
    _refuse(rule, strange, f"surpluses take none of {', '.join(_TAKES)}")
    _refuse(rule, negative, "surpluses are of fewer than no units")
    _refuse(rule, unknown, "lines of a surplus are not lines of this audit")
    _refuse(rule, twice, "lines stand more than once in one surplus")


def _prove_subjects(con: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    """Every flag becomes one finding of its own."""
    key = _KEY.get(rule.front.subject, "subject_key")
    lost, shared = con.execute(
        f"""
        SELECT count(*) FILTER (WHERE subject_line.line_id IS NULL), count(*) - count(DISTINCT {key})
        FROM flagged
        LEFT JOIN claim_line AS subject_line ON flagged.subject_id = subject_line.line_id
        """
    ).fetchall()[0]
    _refuse(rule, lost, "flags have a subject_id that is no line of this audit")
    _refuse(rule, shared, f"flags are of a {rule.front.subject} that has another flag, or none")


def _prove_evidence(con: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    """DuckDB writes NaN and Infinity into JSON, which knows neither; between quotation marks they are words."""
    unreadable = con.execute(
        r"""
        SELECT count(*)
        FROM flagged
        WHERE
            regexp_matches(regexp_replace(CAST(to_json(evidence) AS VARCHAR), '"(\\.|[^"\\])*"', '', 'g'), 'NaN|Infinity')
        """
    ).fetchall()[0][0]
    _refuse(rule, unreadable, "flags have a number in their evidence that is none (NaN, Infinity)")


def _refuse(rule: Rule, number: int, what: str) -> None:
    if number:
        raise RuleError(f"Rule {rule.id}: {number} {what}.")
