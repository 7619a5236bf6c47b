"""The trend: what is stored of earlier runs, and what the report says of runs that do not compare."""

import json
from pathlib import Path
from typing import Any

import pytest

from audit.report import ReportOptions, build_view, render_html
from audit.report.view import Breakdown
from audit.runs import trend
from tests.report.fixture import make_run, manifest_of

PLAIN = ReportOptions(patients="hidden", charts=False)


def stored(folder: Path, **run: str) -> Path:
    """A run folder that holds nothing but a manifest."""
    manifest = manifest_of([])
    manifest["run"].update(run)
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def changed(folder: Path, **parts: Any) -> Path:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **parts}), encoding="utf-8")
    return folder


def told(tmp_path: Path, entries: object, options: ReportOptions = PLAIN) -> Breakdown:
    def keep(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["history"] = {"previous": None, "resolved": None, "trend": entries}

    return build_view(make_run(tmp_path / "run", change=keep), options).trend


def entry(label: str, first: str, last: str, **other: Any) -> dict[str, Any]:
    figures = {"claims": 100, "lines": 1000, "claims_with_error": 4, "lines_with_error": 1, "amount": "9000.00"}
    money = {"findings": 3, "over_once": "120.00", "under_gross": "30.00", "judged": 90, "not_judged": 10, "failed_rules": 0}
    return {"label": label, "first_service_date": first, "last_service_date": last, **figures, **money, "differs": {}, **other}


OCTOBER = entry("2025-10", "2025-10-01", "2025-10-31")
NOVEMBER = entry("2025-11", "2025-11-03", "2025-11-28", over_once="80.00")


def test_runs_judged_alike_differ_in_nothing(tmp_path: Path) -> None:
    earlier, now = stored(tmp_path / "2025-10", id="a"), manifest_of([])
    first, this = trend.beside([earlier], now)
    assert (first["label"], first["run_id"], first["differs"]) == ("2025-10", "a", {})
    assert (this["label"], this["differs"]) == ("2025-11", {})
    assert first["lines"] == 8722
    assert first["over_once"] == "0.00"


@pytest.mark.parametrize(
    ("part", "names"),
    [("rules", ["TIM001"]), ("references", ["ptp_edit"]), ("settings", ["payers"]), ("program", ["0.0.9"]),
     ("money_basis", ["charge_amount"]), ("entity", ["Elsewhere"])],
)  # fmt: skip
def test_what_judged_a_run_otherwise_is_named(tmp_path: Path, part: str, names: list[str]) -> None:
    now = manifest_of([])
    rules = [{**rule, "params": {"min_excess": 2}} if rule["id"] == "TIM001" else rule for rule in now["rules"]]
    parts: dict[str, dict[str, Any]] = {
        "rules": {"rules": rules},
        "references": {"references": [{**now["references"][0], "sha256": "e" * 64}]},
        "settings": {"config": {"payers": [{"match": ["x"]}]}},
        "program": {"software": {"claims-audit": "0.0.9"}},
        "money_basis": {"money_basis": "charge_amount"},
        "entity": {"run": {**now["run"], "entity": "Elsewhere"}},
    }
    first, _ = trend.beside([changed(stored(tmp_path / "2025-10"), **parts[part])], now)
    assert first["differs"] == {part: names}


@pytest.mark.parametrize("text", ["{oops", "[]", '{"run": {}}', '{"run": null, "totals": 3}'])
def test_a_damaged_manifest_stops_nothing(tmp_path: Path, text: str) -> None:
    folder = stored(tmp_path / "2025-10")
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    assert trend.beside([folder], manifest_of([]))[0] == {"label": "2025-10"}


def test_the_last_runs_are_kept_and_no_more(tmp_path: Path) -> None:
    folders = [stored(tmp_path / f"run-{number:02d}") for number in range(trend.LIMIT + 2)]
    kept = trend.beside(folders, manifest_of([]))
    assert [one["label"] for one in kept[:-1]] == [folder.name for folder in folders[2:]]


def test_one_run_is_no_trend(tmp_path: Path) -> None:
    found = told(tmp_path, [NOVEMBER], ReportOptions(patients="hidden"))
    assert "only run on record" in found.text
    assert found.figures == ()
    assert len(found.tables[0].rows) == 1


def test_a_run_stored_without_a_trend_says_so(tmp_path: Path) -> None:
    assert "without the figures of earlier runs" in told(tmp_path, None).text


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
    other = {**OCTOBER, "differs": {"rules": ["TIM001", "TIM002"], "money_basis": ["charge_amount"]}}
    found = told(tmp_path, [other, NOVEMBER])
    assert "1 of them was judged by other rules, reference tables or settings: figures are not comparable" in found.text
    assert found.tables[0].rows[0][-1].note == "rules TIM001, TIM002; money basis"


def test_dates_that_overlap_are_said(tmp_path: Path) -> None:
    longer = {**NOVEMBER, "first_service_date": "2025-10-20"}
    assert "overlap" in told(tmp_path / "a", [OCTOBER, longer]).text
    assert "overlap" not in told(tmp_path / "b", [OCTOBER, NOVEMBER]).text


def test_a_run_whose_figures_are_not_known_has_none(tmp_path: Path) -> None:
    old = {**OCTOBER, "lines_with_error": None, "claims_with_error": None}
    rows = told(tmp_path, [{"label": "2025-09"}, old, NOVEMBER]).tables[0].rows
    assert [cell.text for cell in rows[0]] == ["2025-09", "no figures: its manifest cannot be read"]
    assert (rows[1][6].text, rows[1][6].note) == ("\u2013", "claims \u2013")


def test_charts_say_which_runs_do_not_compare(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert", reason="charts need vl-convert-python")
    other = {**OCTOBER, "differs": {"rules": ["TIM001"]}}
    dollars, accuracy = told(tmp_path, [other, NOVEMBER], ReportOptions(patients="hidden")).figures
    assert dollars.text.startswith("Potential overpayment $80.00 in this run, $120.00 in the run before it (2025-10)")
    assert "not comparable" in dollars.text
    assert accuracy.text.startswith("2025-10 99.9 %; 2025-11 99.9 %.")


def test_hostile_labels_stay_text(tmp_path: Path) -> None:
    bad = {**OCTOBER, "label": "<script>alert(1)</script>", "differs": {"<b>": ["<i>"], "rules": ["{{ 7*7 }}"]}}

    def keep(_rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        manifest["history"] = {"trend": [bad, NOVEMBER]}

    page = render_html(build_view(make_run(tmp_path / "run", change=keep), PLAIN))
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page
