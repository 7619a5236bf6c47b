"""Judges cases of a rule together, each with patients, claims and providers of its own: staging takes most of a case's time.

Only cases that cannot touch each other stand together: of a rule that sees no more than a line, a patient or a provider's
day at a time, with the same settings and parameters, and alike in what is asked of an export as a whole: which amounts it
has, whether it has notes, and what the rule itself reads of that. A case that does not hold in company is judged alone, and
what is said of it then counts.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from functools import cache

import duckdb

from audit.contract import MONEY_COLUMNS
from audit.errors import AuditError
from audit.npi import is_valid
from audit.rules.catalogue import Rule
from tests import claim_rows, rule_cases
from tests.claim_rows import NO_MODIFIER_COLUMN, OTHER_FILE
from tests.rule_cases import Case, Said

# What a rule's `partition_by` may be, for its cases to stand together; for a provider's day they get NPIs of their own.
_SEEN_ALONE = ("line", "patient")
_OF_PROVIDERS = "provider_and_date"
_IDS = ("claim_id", "original_claim_id", "patient_id")
_NPIS = ("rendering_npi", "billing_npi")
# What is put behind the ids of a case, and taken out of what is said of them.
_MARK = "~{}~"
_MARKS = re.compile(r"~\d+~")
_MOST_PROVIDERS = 1000  # of one case


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
    of_providers = front.partition_by == _OF_PROVIDERS
    of_two_files = any(OTHER_FILE in row for row in case.rows)
    if of_two_files or not (front.partition_by in _SEEN_ALONE or (of_providers and _has_npis(case))):
        return str(case)
    asked = tuple(read(case) for table, read in _OF_THE_EXPORT.items() if table in front.reads)
    filled = _filled(case) & {*MONEY_COLUMNS, "note_text"}
    is_bare = any(NO_MODIFIER_COLUMN in row for row in case.rows)
    params = repr(sorted(case.params.items()))
    return case.rule_id, repr(case.config), params, case.without_modifiers, is_bare, filled, asked


def _filled(case: Case) -> frozenset[str]:
    return frozenset(name for row in case.rows for name, cell in row.items() if cell)


def _first_days(case: Case) -> Hashable:
    """The first day of each year, as text."""
    days = sorted((row["service_date"] for row in case.rows if row["service_date"]), reverse=True)
    return tuple(sorted({day[:4]: day for day in days}.items()))


# Tables that tell of an export as a whole, and what of a case decides what stands there.
_OF_THE_EXPORT: Mapping[str, Callable[[Case], Hashable]] = {"export_column": _filled, "export_year": _first_days}


def _has_npis(case: Case) -> bool:
    """Whether every line names its providers by NPIs, which can be exchanged for others."""
    return all(is_valid(row.get(name, "")) for row in case.rows for name in _NPIS)


@cache
def _holding(first: str) -> frozenset[str]:
    """Of the company that this case is the first of, the cases that hold."""
    company = _companies()[first]
    rule = rule_cases.rule_of(company[0])
    rows = [row for number, case in enumerate(company) for row in _of_its_own(case, rule, number)]
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


def _of_its_own(case: Case, rule: Rule, number: int) -> list[dict[str, str]]:
    """The case's rows with ids that no other case has, and, where the rule looks at providers, such NPIs."""
    own = [{**row, **{name: row[name] + _MARK.format(number) for name in _IDS if row.get(name)}} for row in case.rows]
    if rule.front.partition_by != _OF_PROVIDERS:
        return own
    theirs = sorted({row[name] for row in case.rows for name in _NPIS})
    npis = {npi: _npi(_MOST_PROVIDERS * number + place) for place, npi in enumerate(theirs)}
    return [{**row, **{name: npis[row[name]] for name in _NPIS}} for row in own]


def _npi(number: int) -> str:
    """An NPI that passes its check digit; a higher number gives a higher one."""
    return next(npi for digit in range(10) if is_valid(npi := f"{150_000_000 + number}{digit}"))


def _without_marks(told: Said) -> Said:
    lines = {
        line_id: {name: _MARKS.sub("", value) if isinstance(value, str) else value for name, value in said.items()}
        for line_id, said in told.of_lines.items()
    }
    return replace(told, of_lines=lines)
