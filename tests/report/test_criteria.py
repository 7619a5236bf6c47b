"""Dates beside each criterion: stated where the project holds them, never invented."""

import re
from pathlib import Path
from typing import Any

import pytest

from audit import assets, rules
from audit.engine import sql_files
from audit.reference import tables
from audit.report import ReportOptions, build_view
from audit.report.sections import criteria
from audit.report.stored.source import read_run
from audit.report.view import Fact
from audit.rules.sql_tables import SqlTables, tables_of, tree_of
from tests.report.fixture import make_run

PLAIN = ReportOptions(patients="hidden", charts=False)
_MAKES = re.compile(r"CREATE OR REPLACE (?:TABLE|VIEW) (\w+) AS\s(.*?);?\s*\Z", re.DOTALL)


def sources(tmp_path: Path, **facts: Any) -> list[tuple[str, str]]:
    def give(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["rules"][0].update(facts)

    run = read_run(make_run(tmp_path / "run", change=give))
    return [(fact.label, fact.value) for fact in criteria.sources(run, run.manifest.rules[0])]


def test_a_source_that_names_no_date_stands_without_one(tmp_path: Path) -> None:
    found = sources(tmp_path, references=["42 CFR 410.21(b)", "NCCI policy manual 2026, ch. I"], reads=["claim_line"])
    assert found == [
        ("42 CFR 410.21(b)", ""),
        ("NCCI policy manual 2026, ch. I", ""),
        ("Rule TIM001", "version 1, since release 0.1.0"),
    ]


def test_a_definition_of_the_program_itself_is_no_law_with_a_date(tmp_path: Path) -> None:
    found = sources(tmp_path, references=["Definition of 97124 in plain words: docs/notes.md"], reads=["claim_line"])
    assert found[0] == ("Definition of 97124 in plain words: docs/notes.md", criteria.OWN)


@pytest.mark.parametrize(
    ("applies_to", "params", "first"),
    [
        ("Medicare, dates of service from required_from", {"required_from": "2018-01-01"}, "2018-01-01"),
        ("every payer, dates of service from 2015-01-01 (when the X modifiers began)", {}, "2015-01-01"),
        ("every payer", {"required_from": "2018-01-01"}, None),
        ("Medicare, dates of service from required_from", {"required_from": "soon"}, None),
    ],
)
def test_the_first_date_that_a_rule_judges_stands_first(
    tmp_path: Path, applies_to: str, params: dict[str, str], first: str | None
) -> None:
    found = sources(tmp_path, references=["42 CFR 410.21(b)"], applies_to=applies_to, params=params)
    expected = ("In force", f"for dates of service from {first}") if first else ("42 CFR 410.21(b)", "")
    assert found[0] == expected


def test_the_edition_of_the_tables_behind_a_rule_stands_beside_it(tmp_path: Path) -> None:
    found = sources(tmp_path, references=[], reads=["claim_line", "ptp_pair"])
    assert found[0] == ("NCCI procedure-to-procedure edits (table ptp_edit)", "edition 2024-07-01")


def test_every_criterion_of_the_report_says_what_it_rests_on(tmp_path: Path) -> None:
    view = build_view(make_run(tmp_path / "run"), PLAIN)
    facts: list[Fact] = [fact for rule in (*view.findings, *view.appendix.definitions) for fact in rule.sources]
    assert facts
    assert all(fact.label for fact in facts)


def test_the_tables_behind_staged_tables_are_those_of_the_sql() -> None:
    known = SqlTables.of_macros(assets.queries() / "macros")
    made: dict[str, set[str]] = {}
    for path, statement in sql_files.statements("staging"):
        sql = statement.query
        if found := _MAKES.match(sql[sql.find("CREATE") :]):
            made.setdefault(found[1], set()).update(tables_of(tree_of(found[2], path), known, path))
    references = {edition.table for edition in tables.editions()}

    def behind(table: str) -> set[str]:
        own = {table} & references
        return own.union(*(behind(read) for read in made.get(table, set()) - {table}))

    every_line = behind("claim_line")
    assert criteria.COMMON in every_line
    for table in criteria.STAGED.keys() - {"note"}:
        assert behind(table) - every_line <= set(criteria.STAGED[table]) <= behind(table) | every_line, table
    readable = {table for rule in rules.load() for table in rule.front.reads}
    assert {table for table in readable - references if behind(table) - every_line} <= criteria.STAGED.keys()
    # The words of notes reach the staging through a variable.
    assert "FROM lexicon" in (assets.queries() / "staging" / "20_note_pattern.sql").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("edition", "last", "old"),
    [
        ("2024-07-01", "2025-11-28", True),
        ("2025-07-01", "2025-10-01", True),
        ("2025-10-01", "2025-12-31", False),
        ("practitioner 2025-07-01, hospital 2025-10-01", "2025-11-28", False),
        ("not dated", "2025-11-28", False),
    ],
)
def test_quarterly_tables_older_than_the_dates_of_service_are_a_caveat(
    tmp_path: Path, edition: str, last: str, old: bool
) -> None:
    def give(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["references"][0]["edition"] = edition
        manifest["run"]["last_service_date"] = last

    caveats = build_view(make_run(tmp_path / "run", change=give), PLAIN).summary.caveats
    assert any(caveat.startswith(f"Older than the last date of service, {last}") for caveat in caveats) is old
