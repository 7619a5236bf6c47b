"""Judges cases of a rule together, each as patients and claims of its own in one export: staging takes most of a case's time.

Only cases that cannot touch each other stand together: of a rule that sees no more than a line or a patient at a time and
asks nothing of the export as a whole, with the same settings and parameters, and alike in what staging asks of an export
as a whole: which amounts it has and whether it has notes. A case that does not hold in company is judged alone, and what is
said of it then counts.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import replace
from functools import cache

import duckdb

from audit.contract import MONEY_COLUMNS
from audit.errors import AuditError
from tests import claim_rows, rule_cases
from tests.claim_rows import NO_MODIFIER_COLUMN
from tests.rule_cases import Case, Said

_SEEN_ALONE = ("line", "patient")  # what a rule's `partition_by` may be, for its cases to stand together
_IDS = ("claim_id", "original_claim_id", "patient_id")
# What is put behind the ids of a case, and taken out of what is said of them.
_MARK = "~{}~"
_MARKS = re.compile(r"~\d+~")


def problems(case: Case) -> list[str]:
    """What differs from the expectation, in words. Empty: the case holds."""
    company = _companies()[str(case)]
    holds = len(company) > 1 and str(case) in _holding(str(company[0]))
    return [] if holds else alone(case)


def alone(case: Case) -> list[str]:
    """The same of the case judged in an export of its own."""
    rule = rule_cases.rule_of(case)
    with claim_rows.staged_in_turn(case.rows, case.config, case.without_modifiers, rule_cases.queries_of(rule)) as session:
        return rule_cases.failures(session, case, rule)


def forget() -> None:
    """Judge anew what was judged: a rule has changed."""
    _holding.cache_clear()


@cache
def _companies() -> dict[str, tuple[Case, ...]]:
    """The cases that stand together, by the name of each of them."""
    found: dict[Hashable, list[Case]] = defaultdict(list)
    for case in rule_cases.cases():
        found[_kind(case)].append(case)
    return {str(case): tuple(company) for company in found.values() for case in company}


def _kind(case: Case) -> Hashable:
    """What cases must have in common to stand together; a case that must stand alone has nothing in common with any."""
    front = rule_cases.catalogue()[case.rule_id].front
    if front.partition_by not in _SEEN_ALONE or any(table.startswith("export_") for table in front.reads):
        return str(case)
    filled = tuple(name for name in (*MONEY_COLUMNS, "note_text") if any(row.get(name) for row in case.rows))
    is_bare = any(NO_MODIFIER_COLUMN in row for row in case.rows)
    return case.rule_id, repr(case.config), repr(sorted(case.params.items())), case.without_modifiers, is_bare, filled


@cache
def _holding(first: str) -> frozenset[str]:
    """Of the company that this case is the first of, the cases that hold."""
    company = _companies()[first]
    rule = rule_cases.rule_of(company[0])
    rows = [_of_its_own(row, number) for number, case in enumerate(company) for row in case.rows]
    staged = claim_rows.staged_in_turn(rows, company[0].config, company[0].without_modifiers, rule_cases.queries_of(rule))
    try:
        with staged as session:
            told = _without_marks(rule_cases.said_of(session, rule))
    except (AuditError, duckdb.Error):
        return frozenset()
    before = itertools.accumulate((len(case.rows) for case in company), initial=0)
    return frozenset(
        str(case) for case, lines in zip(company, before, strict=False) if not rule_cases.differences(case, told, lines)
    )


def _of_its_own(row: Mapping[str, str], number: int) -> dict[str, str]:
    return {**row, **{name: row[name] + _MARK.format(number) for name in _IDS if row.get(name)}}


def _without_marks(told: Said) -> Said:
    lines = {
        line_id: {name: _MARKS.sub("", value) if isinstance(value, str) else value for name, value in said.items()}
        for line_id, said in told.of_lines.items()
    }
    return replace(told, of_lines=lines)
