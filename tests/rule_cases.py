"""Cases of the rules, written as tables in tests/rules/<ID>.toml: claim lines with the verdict on each row.

A case holds claim lines (columns of the contract; `modifiers` stands for modifier_1..4) and says of each what the rule
must say: `flag`, `ok`, `n/e`, or `-` where the rule does not examine the line. A visit's verdict stands on all its
lines; a provider's or patient's flag on the lines that it names, the other lines of that provider or day are `ok`.
Optional columns: `amount` (dollars at risk on that line; `-` if no finding names the line, `?` if one does without
dollars), `direction`, `severity`, `confidence`, `message` (a part of it, its beginning after `^`, its end before `$`; on a
row that says `n/e`, a part of the reason), `units_billed`, `units_supported` and `timed_minutes` as the finding gives them, and
`repeat`: so many copies of the row, C1 becoming C1-1, C1-2 and so on, each of them another patient's. A case with
`without_modifiers = true` is of an export that has no column of modifiers; a row whose `modifier_column` says `no` is of a
file without one beside others that have it. Rows whose `other_file` says `yes` are of another system's file, which has the
columns that these rows fill.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from audit import rules
from audit.engine.duckdb_session import Session
from audit.rules.catalogue import Rule
from audit.settings.config import Config, PayerSetting, period
from tests import every_verdict
from tests.claim_rows import NO_MODIFIER_COLUMN, OTHER_FILE, completed

FOLDER = Path(__file__).parent / "rules"
NUMBERS = ("amount", "units_billed", "units_supported", "timed_minutes")
EXPECTATIONS = ("expect", *NUMBERS, "direction", "severity", "confidence", "message")
_VERDICT = {"flag": "flag", "ok": "ok", "not evaluated": "n/e"}

# The verdict of the subject that each line belongs to. The key of a provider's subject is the NPI, or NPI and date.
_LINE_VERDICTS = {
    "line": "SELECT subject_id, verdict, reason FROM verdict",
    "visit": "SELECT line_id, verdict, reason FROM claim_line JOIN verdict ON visit_id = subject_id",
    "patient": """
        SELECT
            claim_line.line_id,
            CASE
                WHEN verdict = 'flag' AND NOT list_contains(list_transform(lines, lambda one : one.line_id), claim_line.line_id)
                    THEN 'ok'
                ELSE verdict
            END,
            reason
        FROM claim_line
        JOIN (
            SELECT verdict.*, patient_id, service_date FROM verdict JOIN claim_line ON subject_id = line_id
        ) AS of_day USING (patient_id, service_date)
    """,
    "provider": """
        SELECT
            line_id,
            CASE WHEN verdict = 'flag' AND line_id NOT IN (SELECT unnest(lines).line_id) THEN 'ok' ELSE verdict END,
            reason
        FROM claim_line JOIN verdict
            ON split_part(subject_key, chr(31), 1) IN (coalesce(rendering_npi, ''), coalesce(provider_npi, ''))
            AND starts_with(CAST(service_date AS VARCHAR), split_part(subject_key, chr(31), 2))
    """,
}
# A provider's or a patient's finding is known by the first of its lines.
_MISNAMED = """
    SELECT subject_id FROM rule_flag
    WHERE subject IN ('provider', 'patient') AND subject_id <> list_min(list_transform(lines, lambda one : one.line_id))
"""
# Every subject is known by a line of the audit, flagged or not.
_FOREIGN = "SELECT subject_id FROM verdict WHERE subject_id NOT IN (SELECT line_id FROM claim_line)"


@dataclass(frozen=True)
class Case:
    """One case of one rule. `rows` are completed claim lines, `expected` the expectation cells beside them."""

    rule_id: str
    name: str
    because: str
    rows: tuple[dict[str, str], ...]
    expected: tuple[dict[str, str], ...]
    params: Mapping[str, Any]
    config: Config
    without_modifiers: bool = False

    def __str__(self) -> str:
        return f"{self.rule_id}: {self.name}"


def cases(rule_id: str | None = None) -> list[Case]:
    """Every case of a rule, or of all rules."""
    found = []
    for path in sorted(FOLDER.glob(f"{rule_id or '*'}.toml")):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [_case(document["rule"], entry) for entry in document["case"]]
    return found


@cache
def catalogue() -> dict[str, Rule]:
    """The shipped rules by id."""
    return {rule.id: rule for rule in rules.load()}


def rule_of(case: Case) -> Rule:
    """The case's rule with the case's parameters."""
    return rules.with_values(catalogue()[case.rule_id], case.params)


def queries_of(rule: Rule) -> tuple[str, ...]:
    """All that `failures` asks of a session."""
    return rule.sql, _LINE_VERDICTS[rule.front.subject], _MISNAMED, _FOREIGN


@dataclass(frozen=True)
class Said:
    """What a rule said of staged rows: the verdict of each line, what its flag or reason says, and subjects that are none."""

    verdicts: Mapping[int, str]
    of_lines: Mapping[int, Mapping[str, Any]]
    problems: tuple[str, ...]


def said_of(session: Session, rule: Rule) -> Said:
    """Run the rule over the staged rows."""
    session.con.execute("DELETE FROM rule_flag")
    every_verdict.keep(session.con, rule)
    found = session.con.execute(_LINE_VERDICTS[rule.front.subject]).fetchall()
    verdicts = {line_id: verdict for line_id, verdict, _ in found}
    said = {line_id: {"message": reason} for line_id, _, reason in found if reason is not None} | _flags(session)
    problems = [f"subject {row[0]} is not the first line that it names" for row in session.con.execute(_MISNAMED).fetchall()]
    problems += [f"subject {row[0]} is no line of the audit" for row in session.con.execute(_FOREIGN).fetchall()]
    return Said(verdicts, said, tuple(problems))


def failures(session: Session, case: Case, rule: Rule) -> list[str]:
    """Run the rule over the staged case; what differs from the expectation, in words. Empty: the case holds."""
    return differences(case, said_of(session, rule))


def differences(case: Case, told: Said, before: int = 0) -> list[str]:
    """What was said and not expected of the case, in words; `before` is how many lines of others were staged before its own."""
    verdicts, said, problems = told.verdicts, told.of_lines, list(told.problems)
    for line_id, (row, expected) in enumerate(zip(case.rows, case.expected, strict=True), 1 + before):
        where = f"row {line_id} ({row['claim_id']} line {row['claim_line_number']})"
        got = _VERDICT[verdicts[line_id]] if line_id in verdicts else "-"
        if got != expected["expect"]:
            problems.append(f"{where}: expected {expected['expect']}, got {got}")
        problems += [f"{where}: {problem}" for problem in _cell_problems(expected, said.get(line_id, {}))]
    return problems


def _flags(session: Session) -> dict[int, dict[str, Any]]:
    """What the rule says of each line concerned by a flag."""
    rows = session.con.execute(
        """
        SELECT one.line_id, one.amount_at_risk, units_billed, units_supported, "minutes", direction, severity, confidence, message
        FROM (SELECT unnest(lines) AS one, * FROM rule_flag)
        """
    ).fetchall()
    return {row[0]: dict(zip(EXPECTATIONS[1:], row[1:], strict=True)) for row in rows}


def _cell_problems(expected: Mapping[str, str], got: Mapping[str, Any]) -> Iterator[str]:
    for name in NUMBERS:
        wanted, found = expected.get(name), got.get(name, "-")
        if wanted and wanted != ("?" if found is None else str(found)) and not _is_number(wanted, found):
            yield f"expected {name} {wanted}, got {found}"
    for name in ("direction", "severity", "confidence"):
        if expected.get(name) and expected[name] != got.get(name):
            yield f"expected {name} {expected[name]}, got {got.get(name)}"
    if expected.get("message") and expected["message"] not in f"^{got.get('message')}$":
        yield f"expected {expected['message']!r} in the message, got {got.get('message')!r}"


def _is_number(wanted: str, found: object) -> bool:
    return wanted not in "-?" and isinstance(found, (Decimal, int)) and Decimal(wanted) == found


def _case(rule_id: str, entry: Mapping[str, Any]) -> Case:
    table = rows_of(entry["claim_line"])
    rows = completed([{k: v for k, v in row.items() if k not in EXPECTATIONS} for row in table])
    if entry.get("no_modifier_column"):
        rows = [{**row, NO_MODIFIER_COLUMN: "yes"} for row in rows]
    expected = [{k: v for k, v in row.items() if k in EXPECTATIONS} for row in table]
    payers = tuple(msgspec.convert(payer, PayerSetting) for payer in entry.get("payer", []))
    month = period(entry["period"]) if "period" in entry else None
    config = Config(sources=(), payers=payers, period=month)
    told = entry["name"], entry["because"], tuple(rows), tuple(expected), entry.get("params", {}), config
    return Case(rule_id, *told, without_modifiers=entry.get("without_modifiers", False))


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a table as a case writes it, `modifiers` parted."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    header = [cell.strip() for cell in lines[0].split("|")]
    table = []
    for line in lines[1:]:
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) != len(header):
            raise ValueError(f"{len(cells)} cells under {len(header)} headings: {line}")
        row = dict(zip(header, cells, strict=True))
        for place, modifier in enumerate(row.pop("modifiers", "").split(), 1):
            row[f"modifier_{place}"] = modifier
        if row.pop("modifier_column", "") == "no":
            row[NO_MODIFIER_COLUMN] = "yes"
        if row.pop("other_file", "") == "yes":
            row[OTHER_FILE] = "yes"
        table += _copies(row)
    return table


def _copies(row: dict[str, str]) -> list[dict[str, str]]:
    """The row, or as many copies of it as its `repeat` says. A claim's rows that repeat alike are one patient's, copy by copy."""
    times = row.pop("repeat", "")
    patient = row.get("patient_id", row["claim_id"])
    numbers = range(1, int(times) + 1) if times else ()
    return [row | {"claim_id": f"{row['claim_id']}-{n}", "patient_id": f"{patient}-{n}"} for n in numbers] or [row]
