"""Changes each rule's SQL in one small way after another and sees that a case of the rule notices.

A change that no case notices is a survivor: either a case is missing, or the change means the same. Those that mean
the same are listed with the reason in tests/mutation_explained.toml. Exit 1 if a survivor is neither.

    python -m tests.mutate_rules            every rule
    python -m tests.mutate_rules TIM001     some rules
"""

import dataclasses
import re
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import duckdb

from audit.engine.duckdb_session import Session
from audit.errors import RuleError
from audit.rules import Rule
from tests import rule_cases

EXPLAINED = Path(__file__).parent / "mutation_explained.toml"

# What is put in the place of what; each occurrence is a mutant of its own. Words are whole words.
SWAPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r">=", (">", "<")),
    (r"<=", ("<", ">")),
    (r"<>", ("=",)),
    (r"(?<![<>=:])=(?![=>])", ("<>",)),
    (r"(?<![<>=|-])>(?![=>])", (">=", "<=")),
    (r"(?<![<>=])<(?![=>])", ("<=", ">=")),
    (r"\bAND\b", ("OR",)),
    (r"\bOR\b", ("AND",)),
    (r"\bNOT (?!NULL|EXISTS|DISTINCT)", ("",)),
    (r"\bIS NOT NULL\b", ("IS NULL",)),
    (r"\bIS NULL\b", ("IS NOT NULL",)),
    (r"\bTRUE\b", ("FALSE",)),
    (r"\bFALSE\b", ("TRUE",)),
    (r"(?<= )\+(?= )", ("-",)),
    (r"(?<= )-(?= )", ("+",)),
    (r"\b(?<!\.)(\d+)(?!\.\d)\b", ("+1",)),
    (r"\bsum\(", ("max(", "min(")),
    (r"\bmin\(", ("max(",)),
    (r"\bmax\(", ("min(",)),
    (r"\bgreatest\(", ("least(",)),
    (r"\bleast\(", ("greatest(",)),
    (r"\bbool_or\(", ("bool_and(",)),
    (r"\bLEFT JOIN\b", ("INNER JOIN",)),
    (r"\bINNER JOIN\b", ("LEFT JOIN",)),
    (r"\bDISTINCT (?!FROM)", ("",)),
    (r"\bDESC\b", ("",)),
)
_PROTECTED = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
# Text in quotes decides something only where it names a verdict's condition: a value that is compared.
_COMPARED_TEXT = re.compile(r"(?<=(?:= |> |IN) )'[a-z_]+'|(?<=WHEN )'[a-z_]+'|(?<=\()'[a-z_]+'(?=[,)])")
_CONJUNCT = re.compile(r"\n\s+AND [^\n]+(?=\n)")


@dataclass(frozen=True)
class Mutant:
    """A rule's SQL with one change; `change` is what stands for what, `line` counts within the SELECT."""

    sql: str
    line: int
    change: str


def mutants(sql: str) -> Iterator[Mutant]:
    """Every mutant of a SELECT, its comments, messages and evidence left alone."""
    untouched = [match.span() for match in _PROTECTED.finditer(sql)]
    untouched += _reporting(sql)

    def open_at(place: int) -> bool:
        return not any(start <= place < end for start, end in untouched)

    for pattern, replacements in SWAPS:
        for match in re.finditer(pattern, sql):
            if not open_at(match.start()):
                continue
            for replacement in replacements:
                text = str(int(match[0]) + 1) if replacement == "+1" else replacement
                yield _mutant(sql, match.start(), match.end(), text)
    reporting = _reporting(sql)
    for match in _COMPARED_TEXT.finditer(sql):
        if not any(start <= match.start() < end for start, end in reporting):
            yield _mutant(sql, match.start(), match.end(), "'another'")
    for match in _CONJUNCT.finditer(sql):
        if open_at(match.start()):
            yield _mutant(sql, match.start(), match.end(), "")


def _mutant(sql: str, start: int, end: int, text: str) -> Mutant:
    line = sql.count("\n", 0, start) + 1
    row = sql.splitlines()[line - 1].strip() or sql[start:end].strip()
    change = f"{sql[start:end].strip()} -> {text.strip() or 'nothing'} in: {row[:100]}"
    return Mutant(sql[:start] + text + sql[end:], line, change)


def _reporting(sql: str) -> list[tuple[int, int]]:
    """Where the outermost SELECT words its message and evidence: those tell, and decide nothing."""
    spans = []
    final = sql.rfind("\nSELECT")
    for match in re.finditer(r"\} AS evidence|AS message", sql):
        if match.start() < final:
            continue
        before = [sql.rfind(mark, 0, match.start()) for mark in (" AS lines,", ' AS "minutes",', " AS units_supported,", " AS message,")]
        spans.append((max(final, *before), match.end()))
    last_order = sql.rfind("ORDER BY")
    return [*spans, (last_order, len(sql))]


def survivors(rule_id: str) -> tuple[int, list[Mutant]]:
    """How many mutants a rule has that are SQL at all, and those that every case lets pass."""
    rule, cases = rule_cases.catalogue()[rule_id], rule_cases.cases(rule_id)
    with ExitStack() as stack:
        staged = [(case, stack.enter_context(rule_cases.staged_case(case))) for case in cases]
        alive, valid = [], 0
        for mutant in mutants(rule.sql):
            noticed = _is_noticed(mutant, rule, staged)
            valid += noticed is not None
            if noticed is False:
                alive.append(mutant)
    return valid, alive


def _is_noticed(mutant: Mutant, rule: Rule, staged: list[tuple[rule_cases.Case, Session]]) -> bool | None:
    """Whether a case fails on the mutant; None where it is no SQL that DuckDB would run."""
    for case, session in staged:
        changed = dataclasses.replace(rule_cases.rule_of(case), sql=mutant.sql)
        try:
            if rule_cases.failures(session, case, changed):
                return True
        except RuleError:
            return True
        except duckdb.BinderException:
            return None
        except duckdb.ParserException:
            return None
        except duckdb.Error:
            return True
    return False


def explained() -> dict[str, dict[str, str]]:
    """By rule: the changes that mean the same, and why."""
    return tomllib.loads(EXPLAINED.read_text(encoding="utf-8")) if EXPLAINED.is_file() else {}


def main(rule_ids: list[str]) -> int:
    """Report every rule's mutants; 1 if one survives unexplained or an explanation fits none."""
    reasons, failed = explained(), 0
    for rule_id in rule_ids or sorted(rule_cases.catalogue()):
        known = reasons.get(rule_id, {})
        valid, alive = survivors(rule_id)
        unexplained = [mutant for mutant in alive if mutant.change not in known]
        stale = set(known) - {mutant.change for mutant in alive}
        print(f"{rule_id}: {valid} mutants, {valid - len(alive)} noticed, {len(alive) - len(unexplained)} explained")
        for mutant in unexplained:
            print(f"  survives, line {mutant.line}: {mutant.change}")
        for change in sorted(stale):
            print(f"  explained but noticed or gone: {change}")
        failed += len(unexplained) + len(stale)
    print(f"{failed} to mend" if failed else "no unexplained survivor")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main([argument.upper() for argument in sys.argv[1:]]))
