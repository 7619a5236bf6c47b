"""Figures of the report at the edge of their steps and limits, and sums of which each must take its own figure."""

from dataclasses import astuple
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest

from audit.report import ReportOptions, build_view
from audit.report.outputs import cards, sheets
from audit.report.outputs.page import render_card
from audit.report.sections import breakdown, figures, overview, quality, trend
from audit.report.sections.actions import WORKLIST
from audit.report.stored import tally
from audit.report.stored.source import StoredRun, _inert_column, read_run
from audit.report.view import Cell, Column, Table
from audit.runs.format.manifest import DayLines, ProviderFigures, TimedMinutes
from tests.report.fixture import aside, make_run

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
    return StoredRun(run.folder, manifest, run.findings, run.set_aside, run.lines)


def in_role(role: str, lines: int) -> ProviderFigures:
    return ProviderFigures(**{**FIGURES, "lines": lines}, rendering_npi="1234567893", provider_role=role)


def test_a_provider_s_figures_are_the_summary_s_own(run: StoredRun) -> None:
    (found,) = tally.providers(with_summary(run, by_provider=(in_role("aide", 901),)))
    assert astuple(found) == ("1234567893", "", "aide", *FIGURES.values())


def test_two_roles_of_one_provider_are_added_figure_by_figure(run: StoredRun) -> None:
    roles = (in_role("aide", 901), in_role("therapist", 99))
    (found,) = tally.providers(with_summary(run, by_provider=roles))
    twice = [value * 2 for value in FIGURES.values()]
    assert astuple(found) == ("1234567893", "", "aide and therapist", 1000, *twice[1:])


_SHADES = [(1, 1000, 1), (1, 100, 1), (2, 199, 2), (2, 100, 2), (3, 149, 3), (5, 100, 3), (6, 119, 4), (10, 100, 4),
           (11, 100, 5), (1, 0, 1)]  # fmt: skip


@pytest.mark.parametrize(("findings", "lines", "level"), _SHADES)
def test_a_shade_begins_above_its_step(findings: int, lines: int, level: int) -> None:
    assert breakdown._heat_cell(findings, lines, "TIM001") == Cell(str(findings), tone=f"heat-{level}", href="#rule-TIM001")


_CUT = "First {} of {}; the rest stand in the workbook."


@pytest.mark.parametrize(("rows", "note"), [(breakdown._LIMIT, ""), (breakdown._LIMIT + 1, _CUT)])
def test_a_table_says_what_it_cuts(rows: int, note: str) -> None:
    table = breakdown._table("x", "X", (Column("A"),), [(Cell("1"),)] * rows, (Cell("9"),))
    assert len(table.rows) == breakdown._LIMIT
    assert table.total == (Cell("9"),)
    assert table.note == note.format(breakdown._LIMIT, rows)


@pytest.mark.parametrize(("lines", "is_shown"), [(tally.MINIMUM_LINES - 1, False), (tally.MINIMUM_LINES, True)])
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
        manifest["suppressions"] = [aside(row["finding_id"]) for row in rows[: WORKLIST + 1]]

    table = build_view(make_run(tmp_path / "run", change=suppress), ReportOptions(patients="hidden", charts=False)).set_aside
    assert table.note.startswith(f"First {WORKLIST} of {WORKLIST + 1}. Together $")


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


class _Head(_Sheet):
    """A sheet that knows how high its first row is."""

    high = 0

    def set_row(self, row: int, high: int) -> None:
        assert row == 0
        self.high = high

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


@pytest.mark.parametrize(("columns", "high"), [(15, 20), (16, 45)])
def test_many_columns_have_a_head_of_three_lines(columns: int, high: int) -> None:
    sheet = _Head()
    sheets.head(sheet, [("a_b", 9)] * columns, {"input": None, "head": None})  # type: ignore[dict-item]
    assert (sheet.high, len(sheet.cells), sheet.cells[-1]) == (high, columns, (0, columns - 1, "a b", None))


def with_totals(run: StoredRun, **parts: Any) -> StoredRun:
    manifest = msgspec.structs.replace(run.manifest, totals=msgspec.structs.replace(run.manifest.totals, **parts))
    return StoredRun(run.folder, manifest, run.findings, run.set_aside, run.lines)


@pytest.mark.parametrize(("wrong", "said"), [(1, "1 of 9 claims (11.1 %) shows at"), (2, "2 of 9 claims (22.2 %) show at")])
def test_one_claim_shows_and_two_show(run: StoredRun, wrong: int, said: str) -> None:
    assert overview.summary(with_totals(run, claims=9, claims_with_error=wrong)).headline.startswith(said)


@pytest.mark.parametrize(("steps", "drawn"), [(9, 0), (10, 1)])
def test_minutes_are_drawn_from_ten_lengths_on(run: StoredRun, steps: int, drawn: int) -> None:
    visits = tuple(TimedMinutes(30 + at, 5) for at in range(steps))
    assert len(figures.minutes(with_summary(run, by_timed_minutes=visits))) == drawn


@pytest.mark.parametrize("kept", [1, 2])
def test_rules_are_drawn_from_two_with_dollars_on(run: StoredRun, kept: int) -> None:
    priced = [rule for rule in run.rules if rule.direction in ("over", "under") and rule.gross_at_risk > 0]
    manifest = msgspec.structs.replace(run.manifest, rules=tuple(priced[:kept]))
    assert len(figures.by_rule(StoredRun(run.folder, manifest, run.findings, run.set_aside, run.lines))) == kept - 1


@pytest.mark.parametrize(("beyond", "said"), [(0, ""), (1, " and 1 more"), (2, " and 2 more")])
def test_a_difference_names_some_and_counts_the_rest(run: StoredRun, beyond: int, said: str) -> None:
    names = tuple(f"TIM{at:03}" for at in range(trend._NAMED + beyond))
    entry = msgspec.structs.replace(run.manifest.history.trend[0], differs={"rules": names})
    assert trend._differences(entry) == f"rules {', '.join(names[: trend._NAMED])}{said}"


@pytest.mark.parametrize(("rules", "said"), [(0, ""), (1, "The {} rules with the most findings of {}.")])
def test_the_heat_map_says_of_how_many_rules_it_shows_the_most(run: StoredRun, rules: int, said: str) -> None:
    kept = breakdown._HEAT_RULES + rules
    row = run.findings.slice(0, 1).to_pylist()[0]
    rows = [{**row, "rule_id": f"TIM{at:03}"} for at in range(kept)]
    table = pa.Table.from_pylist(rows)
    manifest = msgspec.structs.replace(
        run.manifest, rules=tuple(msgspec.structs.replace(run.rules[0], id=item["rule_id"]) for item in rows)
    )
    note = breakdown.heat(StoredRun(run.folder, manifest, table, run.set_aside, run.lines)).note
    assert note.removeprefix("Shade: share of the provider's own lines (over 0, 1, 2, 5 and 10 %). Numbers are findings.") == (
        f" {said.format(breakdown._HEAT_RULES, kept)}" if said else ""
    )


def test_text_that_is_safe_stays_the_column_it_was_and_other_text_becomes_safe() -> None:
    safe, unsafe = (pa.chunked_array([pa.array(["Plan", name]).dictionary_encode()]) for name in ("Blue", "B\u202elue"))
    assert _inert_column(safe) is safe
    assert _inert_column(unsafe).to_pylist() == ["Plan", "B[U+202E]lue"]


@pytest.mark.parametrize(("beyond", "said"), [(0, ""), (1, "First {} of {}, largest amount first.")])
def test_a_card_says_how_many_of_its_lines_it_shows(run: StoredRun, beyond: int, said: str) -> None:
    table = run.findings.slice(0, cards.LINES + beyond)
    assert cards._findings(table, lambda _: "P-X").note == said.format(cards.LINES, cards.LINES + beyond)


def test_a_card_without_peers_says_so_on_its_page(run: StoredRun) -> None:
    (card,) = cards.cards(with_summary(run, by_provider=(in_role("therapist", 99),)), lambda _: "P-X")
    assert f'<p class="note">Fewer than {cards.PEERS} other providers' in render_card(card)


def test_a_table_without_rows_has_no_row_for_the_whole_run() -> None:
    assert breakdown._table("x", "X", (Column("A"),), [], (Cell("9"),)).total == ()
