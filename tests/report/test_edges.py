"""Figures of the report at the edge of their steps and limits, and sums of which each must take its own figure."""

from dataclasses import astuple
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from audit.report import ReportOptions, build_view
from audit.report.outputs import cards, sheets
from audit.report.sections import breakdown, quality
from audit.report.sections.actions import WORKLIST
from audit.report.stored import tally
from audit.report.stored.source import StoredRun, read_run
from audit.report.view import Cell, Column, Table
from audit.runs.manifest import DayLines, ProviderFigures
from tests.report.fixture import make_run

# No two alike, so that one figure in the place of another is seen.
FIGURES: dict[str, Any] = {
    "lines": 901, "visits": 402, "amount": Decimal("7003.00"), "findings": 54, "lines_with_error": 35,
    "over_gross": Decimal("806.00"), "over_once": Decimal("607.00"), "under_gross": Decimal("108.00"),
}  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return read_run(make_run(tmp_path_factory.mktemp("out") / "2025-11"))


def with_summary(run: StoredRun, **parts: Any) -> StoredRun:
    summary = msgspec.structs.replace(run.manifest.summary, **parts)
    manifest = msgspec.structs.replace(run.manifest, summary=summary)
    return StoredRun(run.folder, manifest, run.findings, run.suppressed, run.lines)


def in_role(role: str, lines: int) -> ProviderFigures:
    return ProviderFigures(**{**FIGURES, "lines": lines}, rendering_npi="1234567893", provider_role=role)


def test_a_provider_s_figures_are_the_summary_s_own(run: StoredRun) -> None:
    (found,) = tally.providers(with_summary(run, by_provider=(in_role("aide", 901),)))
    assert astuple(found) == ("1234567893", "aide", *FIGURES.values())


def test_two_roles_of_one_provider_are_added_figure_by_figure(run: StoredRun) -> None:
    roles = (in_role("aide", 901), in_role("therapist", 99))
    (found,) = tally.providers(with_summary(run, by_provider=roles))
    twice = [value * 2 for value in FIGURES.values()]
    assert astuple(found) == ("1234567893", "aide and therapist", 1000, *twice[1:])


_SHADES = [(1, 1000, 1), (1, 100, 1), (2, 199, 2), (2, 100, 2), (3, 149, 3), (5, 100, 3), (6, 119, 4), (10, 100, 4),
           (11, 100, 5), (1, 0, 1)]  # fmt: skip


@pytest.mark.parametrize(("findings", "lines", "level"), _SHADES)
def test_a_shade_begins_above_its_step(findings: int, lines: int, level: int) -> None:
    assert breakdown._heat_cell(findings, lines) == Cell(str(findings), tone=f"heat-{level}")


_CUT = "First {} of {}; the rest stand in the workbook."


@pytest.mark.parametrize(("rows", "note"), [(breakdown._LIMIT, ""), (breakdown._LIMIT + 1, _CUT)])
def test_a_table_says_what_it_cuts(rows: int, note: str) -> None:
    table = breakdown._table("x", "X", (Column("A"),), [(Cell("1"),)] * rows)
    assert len(table.rows) == breakdown._LIMIT
    assert table.note == note.format(breakdown._LIMIT, rows)


@pytest.mark.parametrize(("lines", "is_shown"), [(breakdown.MINIMUM_LINES - 1, False), (breakdown.MINIMUM_LINES, True)])
def test_a_card_shows_a_share_from_enough_lines_on(lines: int, is_shown: bool, run: StoredRun) -> None:
    few = with_summary(run, by_provider=(in_role("therapist", lines),))
    (card,) = cards.cards(few, lambda _: "P-X")
    assert any("too few lines" in str(fact) for fact in card.facts) is not is_shown
    assert card.peers_note.startswith(f"Fewer than {cards.PEERS} other providers")


def test_weekends_are_no_silent_days(run: StoredRun) -> None:
    # Two weeks of November 2025 from a Saturday: every day but one has lines, or is a day of the weekend.
    busy = tuple(DayLines(date(2025, 11, day), 1) for day in range(1, 31) if date(2025, 11, day).weekday() < 5 and day != 14)
    assert quality._silent_days(with_summary(run, by_day=busy)) == ("2025-11-14",)


def test_set_aside_findings_beyond_the_list_are_counted(tmp_path: Path) -> None:
    def suppress(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        for row in rows[: WORKLIST + 1]:
            row["status"] = "suppressed"
        manifest["suppressions"] = [
            {"finding_id": row["finding_id"], "reason": "read", "by": "desk", "until": "2026-12-31"}
            for row in rows[: WORKLIST + 1]
        ]

    table = build_view(make_run(tmp_path / "run", change=suppress), ReportOptions(patients="hidden", charts=False)).suppressed
    assert table.note == f"First {WORKLIST} of {WORKLIST + 1}."


class _Sheet:
    """What was written, cell by cell."""

    def __init__(self) -> None:
        self.cells: list[tuple[object, ...]] = []

    def write_string(self, *cell: object) -> None:
        self.cells.append(cell)

    def write_number(self, *cell: object) -> None:
        self.cells.append(cell)


def test_money_and_counts_have_their_own_form_in_the_workbook() -> None:
    columns = (Column("Count", "number"), Column("Money", "number"), Column("Text"))
    table = Table("x", "X", columns, ((Cell("1,234"), Cell("$1,234.50"), Cell("7")),))
    sheet = _Sheet()
    styles = dict.fromkeys(("title", "head"), None) | {"money": "as money", "count": "as count"}
    sheets.view_table(sheet, 0, table, styles)  # type: ignore[arg-type]
    assert sheet.cells[-3:] == [(2, 0, 1234.0, "as count"), (2, 1, 1234.5, "as money"), (2, 2, "7")]
