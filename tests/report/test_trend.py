"""The trend: what is stored of earlier runs, and what the report says of runs that do not compare."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from audit.errors import InputError
from audit.report import ReportOptions, build_view, render_html
from audit.report.view import Breakdown
from audit.runs.format import stored
from audit.runs.format.manifest import History, PastFigures
from audit.runs.timeline import trend
from tests.report.fixture import make_run, manifest_of, past, plain, write_manifest

PLAIN = ReportOptions(patients="hidden", charts=False)
NOW = manifest_of([])


def kept(folder: Path, change: Callable[[dict[str, Any]], None] | None = None) -> Path:
    """A run folder that holds nothing but a manifest."""
    manifest = plain(NOW)
    if change is not None:
        change(manifest)
    folder.mkdir(parents=True)
    write_manifest(folder, manifest)
    return folder


def told(tmp_path: Path, entries: Sequence[PastFigures], options: ReportOptions = PLAIN) -> Breakdown:
    def keep(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["history"] = stored.as_json(History(None, None, None, 0, (), tuple(entries)))

    return build_view(make_run(tmp_path / "run", change=keep), options).trend


def entry(label: str, first: date, last: date, **other: Any) -> PastFigures:
    figures = {"claims": 100, "lines": 1000, "claims_with_error": 4, "lines_with_error": 1, "amount": Decimal("9000.00")}
    money = {"over_once": Decimal("120.00"), "under_gross": Decimal("30.00")}
    counts = {"findings": 3, "judged": 90, "not_judged": 10, "failed_rules": 0}
    return past(label, first, last, NOW.totals, **{**figures, **money, **counts, **other})


OCTOBER = entry("2025-10", date(2025, 10, 1), date(2025, 10, 31))
NOVEMBER = entry("2025-11", date(2025, 11, 3), date(2025, 11, 28), over_once=Decimal("80.00"))


def but(one: PastFigures, **other: Any) -> PastFigures:
    return msgspec.structs.replace(one, **other)


def test_runs_judged_alike_differ_in_nothing(tmp_path: Path) -> None:
    first, this = trend.beside([kept(tmp_path / "2025-10", lambda manifest: manifest["run"].update(id="a"))], NOW)
    assert (first.label, first.run_id, first.differs) == ("2025-10", "a", {})
    assert (this.label, this.differs) == ("2025-11", {})
    assert first.lines == 8722
    assert first.over_once == Decimal("0.00")
    assert (first.judged, first.not_judged, first.failed_rules) == (
        sum(rule.evaluated for rule in NOW.rules),
        412 + 100 + 412 + 7 + 380 + 640 + 3,
        1,
    )


@pytest.mark.parametrize(
    ("part", "names", "change"),
    [
        ("rules", ("TIM001",), lambda manifest: manifest["rules"][0]["params"].update(min_excess=2)),
        ("rules", ("TIM001",), lambda manifest: manifest["rules"][0].update(sql_sha256="6" * 64)),
        ("rules", ("TIM001",), lambda manifest: manifest["rules"].pop(0)),
        ("references", ("ptp_edit",), lambda manifest: manifest["references"][0].update(sha256="e" * 64)),
        ("settings", ("constants",), lambda manifest: manifest["config"].update(constants={"payer_id": "x"})),
        ("program", ("0.0.9",), lambda manifest: manifest["software"].update({"claims-audit": "0.0.9"})),
        ("money_basis", ("charge_amount",), lambda manifest: manifest.update(money_basis="charge_amount")),
        ("entity", ("Elsewhere",), lambda manifest: manifest["run"].update(entity="Elsewhere")),
        ("entity", ("",), lambda manifest: manifest["run"].update(entity=None)),
    ],
)
def test_what_judged_a_run_otherwise_is_named(
    tmp_path: Path, part: str, names: tuple[str, ...], change: Callable[[dict[str, Any]], None]
) -> None:
    first, _ = trend.beside([kept(tmp_path / "2025-10", change)], NOW)
    assert first.differs == {part: names}


def test_the_last_runs_are_kept_and_no_more(tmp_path: Path) -> None:
    folders = [kept(tmp_path / f"run-{number:02d}") for number in range(trend.LIMIT + 2)]
    found = trend.beside(folders, NOW)
    assert [one.label for one in found[:-1]] == [folder.name for folder in folders[2:]]


def test_an_earlier_run_that_cannot_be_read_has_no_figures(tmp_path: Path) -> None:
    folder = kept(tmp_path / "2025-10", lambda manifest: manifest["totals"]["over"].pop("counted_once"))
    with pytest.raises(InputError, match=r"totals\.over\.counted_once is missing"):
        trend.beside([folder], NOW)


def test_one_run_is_no_trend(tmp_path: Path) -> None:
    found = told(tmp_path, [NOVEMBER], ReportOptions(patients="hidden"))
    assert "only run on record" in found.text
    assert found.figures == ()
    assert len(found.tables[0].rows) == 1


def test_two_runs_are_shown_beside_each_other(tmp_path: Path) -> None:
    found = told(tmp_path, [OCTOBER, NOVEMBER])
    assert found.text.startswith("1 earlier run on record")
    assert "not comparable" not in found.text
    assert [[cell.text for cell in row[:3]] for row in found.tables[0].rows] == [
        ["2025-10", "2025-10-01", "1,000"],
        ["2025-11", "2025-11-03", "1,000"],
    ]
    assert [cell.text for cell in found.tables[0].rows[0][4:9]] == ["$120.00", "$30.00", "99.9 %", "10.0 %", "yes"]


def test_runs_judged_otherwise_are_said_not_to_compare(tmp_path: Path) -> None:
    other = but(OCTOBER, differs={"rules": ("TIM001", "TIM002"), "money_basis": ("charge_amount",)})
    found = told(tmp_path, [other, NOVEMBER])
    assert "1 of them was judged by other rules, reference tables or settings: figures are not comparable" in found.text
    assert found.tables[0].rows[0][-1].note == "rules TIM001, TIM002; money basis"


def test_dates_that_overlap_are_said(tmp_path: Path) -> None:
    longer = but(NOVEMBER, first_service_date=date(2025, 10, 20))
    assert "overlap" in told(tmp_path / "a", [OCTOBER, longer]).text
    assert "overlap" not in told(tmp_path / "b", [OCTOBER, NOVEMBER]).text


def test_a_run_whose_figures_are_not_known_has_none(tmp_path: Path) -> None:
    old = but(OCTOBER, lines_with_error=None, claims_with_error=None)
    rows = told(tmp_path, [old, NOVEMBER]).tables[0].rows
    assert (rows[0][6].text, rows[0][6].note) == ("\u2013", "claims \u2013")


def test_charts_say_which_runs_do_not_compare(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert", reason="charts need vl-convert-python")
    other = but(OCTOBER, differs={"rules": ("TIM001",)})
    dollars, accuracy = told(tmp_path, [other, NOVEMBER], ReportOptions(patients="hidden")).figures
    assert dollars.text.startswith("Potential overpayment $80.00 in this run, $120.00 in the run before it (2025-10)")
    assert "not comparable" in dollars.text
    assert accuracy.text.startswith("2025-10 99.9 %; 2025-11 99.9 %.")


@pytest.mark.parametrize(("runs", "has_amounts"), [(6, True), (7, False)])
def test_amounts_stand_on_the_bars_of_six_runs_at_most(runs: int, has_amounts: bool, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert", reason="charts need vl-convert-python")
    entries = [but(OCTOBER, label=f"2025-{month:02}", over_once=Decimal(f"{1000 + month}.00")) for month in range(1, runs + 1)]
    dollars = told(tmp_path, entries, ReportOptions(patients="hidden")).figures[0]
    assert ("$1,003" in dollars.svg) is has_amounts


def test_hostile_labels_stay_text(tmp_path: Path) -> None:
    bad = but(OCTOBER, label="<script>alert(1)</script>", differs={"rules": ("{{ 7*7 }}",), "entity": ("<i>",)})

    def keep(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["history"]["trend"] = stored.as_json([bad, NOVEMBER])

    page = render_html(build_view(make_run(tmp_path / "run", change=keep), PLAIN))
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page
