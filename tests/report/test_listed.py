"""Findings beyond those that the page holds: each has a row, in a page that the report leads to."""

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from audit.report import ReportOptions, build_view, render_html, write_all
from audit.report.outputs.page import render_rest
from audit.report.sections import listed
from audit.report.stored.findings import first, in_order
from audit.report.stored.source import StoredRun, read_run
from tests.report.fixture import make_run
from tests.report.test_page import HOSTILE, parse

FULL, PLAIN = ReportOptions(patients="full", charts=False), ReportOptions(patients="hidden", charts=False)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of 100 findings, and pages of 30 beside it."""
    monkeypatch.setattr(listed, "IN_PAGE", 100)
    monkeypatch.setattr(listed, "IN_REST", 30)


def ids(page: str) -> list[str]:
    named = [str(given.get("id", "")) for tag, given in parse(page).seen if tag == "tr"]
    return [name.removeprefix("row-") for name in named if name.startswith("row-")]


def links(page: str) -> list[str]:
    return [str(given["href"]) for tag, given in parse(page).seen if tag == "a"]


@pytest.mark.usefixtures("short")
def test_each_finding_has_one_row_in_the_order_of_its_rule_and_each_page_is_linked(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    written = [str(path.relative_to(folder)) for path in write_all(folder, FULL)]
    beside = [name for name in written if name.startswith("findings/")]
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in (folder / "findings").iterdir()) == sorted(Path(name).name for name in beside)
    assert {*beside} <= {*links(report)}
    pages = [report, *((folder / name).read_text(encoding="utf-8") for name in beside)]
    run = read_run(folder)
    assert [len(ids(page)) for page in pages[:1]] == [100]
    assert max(len(ids(page)) for page in pages[1:]) == 30
    rows = Counter(one for page in pages for one in ids(page))
    assert rows == Counter(run.findings["finding_id"].to_pylist())
    for rule in {one.rule_id for one in first(run.findings, run.findings.num_rows)}:
        expected = in_order(run.findings.filter(pc.equal(run.findings["rule_id"], rule)))["finding_id"].to_pylist()
        assert [one for page in pages for one in ids(page) if one in {*expected}] == expected


@pytest.mark.usefixtures("short")
def test_the_first_page_the_printed_list_and_each_rule_say_what_is_elsewhere(tmp_path: Path) -> None:
    run = read_run(folder := make_run(tmp_path / "run"))
    view, whole = build_view(folder, FULL), run.findings.num_rows
    pages = sum(len(parts) for parts in listed.parts(run).values())
    said = f"report.html holds the 100 of {whole} findings that weigh most. The rest stand in {pages} pages in the folder"
    assert [text for text in view.summary.caveats if text.startswith(said)]
    assert "up to the 100 that weigh most, and the rest in the folder findings beside it" in view.weightiest.note
    assert all(bool(rule.rest) is bool(rule.examples.note) for rule in view.findings)


def test_where_all_stand_in_the_page_nothing_is_said_or_written(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    write_all(folder, PLAIN)
    assert not (folder / "findings").exists()
    assert not [text for text in build_view(folder, PLAIN).summary.caveats if "folder findings" in text]
    assert not [link for link in links((folder / "report.html").read_text(encoding="utf-8")) if link.startswith("findings/")]


@pytest.mark.usefixtures("short")
def test_beyond_a_limit_findings_stand_in_files_alone_and_every_place_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listed, "IN_PAGES", 150)
    folder = make_run(tmp_path / "run")
    written = [path for path in write_all(folder, FULL) if path.parent.name == "findings"]
    run, view = read_run(folder), build_view(folder, FULL)
    weighty = [one.finding_id for one in first(run.findings, 150)]
    pages = [(folder / "report.html").read_text(encoding="utf-8"), *(path.read_text(encoding="utf-8") for path in written)]
    assert Counter(one for page in pages for one in ids(page)) == Counter(weighty)
    assert {*listed.places(run, first(run.findings, run.findings.num_rows))} == {*weighty}
    whole = run.findings.num_rows
    said = (
        f"report.html holds the 100 of {whole} findings that weigh most. The next 50 stand in {len(written)} pages in the folder "
        "findings beside it, linked under each rule; send them with it. "
        "The others stand in findings.csv and findings.parquet alone."
    )
    assert said in view.summary.caveats
    assert "and those up to the 150 that weigh most in the folder findings beside it, and all of them in" in view.weightiest.note
    alone = "; the rest in findings.csv and findings.parquet alone."
    assert {rule.examples.note.endswith(alone) for rule in view.findings if not rule.rest and rule.examples.note} == {True}
    for rule in (rule for rule in view.findings if rule.rest):
        beside, own = sum(len(ids(page)) for page in pages[1:] if f"More findings of {rule.id}<" in page), len(rule.examples.rows)
        is_cut = own + beside < int(rule.examples.caption.split(" ")[0])
        how_many = str(beside) if is_cut else "the rest"
        assert rule.examples.note == (
            f"{own} of them stand here, among the 100 that weigh most of all rules; {how_many} in pages beside this one, "
            f"in the folder findings{alone if is_cut else '.'}"
        )


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("left", [0, 1])
def test_where_the_pages_hold_all_none_is_said_to_be_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: int) -> None:
    run = read_run(folder := make_run(tmp_path / "run"))
    monkeypatch.setattr(listed, "IN_PAGES", run.findings.num_rows - left)
    view = build_view(folder, FULL)
    said = [*view.summary.caveats, view.weightiest.note, *(rule.examples.note for rule in view.findings)]
    assert any("alone" in text or "and those up to" in text for text in said) is bool(left)


def test_pages_and_workbook_hold_as_many_and_a_browser_can_show_each() -> None:
    assert listed.IN_PAGES == listed.IN_WORKBOOK
    assert listed.IN_REST <= listed.IN_PAGE < listed.IN_PAGES


@pytest.mark.usefixtures("short")
def test_a_page_that_an_earlier_rendering_left_goes(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    write_all(folder, FULL)
    patient = str(read_run(folder).findings["patient_id"][0])
    old = folder / "findings" / "TIM001-99.html"
    old.write_text(patient, encoding="utf-8")
    write_all(folder, PLAIN)
    assert not old.exists()
    assert not [path for path in (folder / "findings").iterdir() if patient in path.read_text(encoding="utf-8")]


@pytest.mark.usefixtures("short")
def test_pages_of_one_rule_lead_to_each_other_and_back(tmp_path: Path) -> None:
    run = read_run(make_run(tmp_path / "run"))
    pages = [page for page in listed.rest_pages(run, str) if len(page.pages) > 1]
    assert pages
    for page in pages:
        others = {f"../{link.path}" for link in page.pages if link != page.pages[page.at]}
        assert {*links(render_rest(page))} == {*others, f"../report.html#rule-{page.rule_id}"}


@pytest.mark.usefixtures("short")
def test_a_request_leads_to_the_row_wherever_it_stands(tmp_path: Path) -> None:
    run = read_run(make_run(tmp_path / "run"))
    found = first(run.findings, run.findings.num_rows)
    places, pages = (
        listed.places(run, found),
        {page.pages[page.at].path: render_rest(page) for page in listed.rest_pages(run, str)},
    )
    report = ids(render_html(build_view(run.folder, PLAIN)))
    assert places.keys() == {one.finding_id for one in found}
    for key, place in places.items():
        path, _, anchor = place.partition("#")
        assert anchor == f"row-{key}"
        assert key in (ids(pages[path]) if path else report)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("name", ["../../etc/x", "a/b", "", "x" * 200])
def test_an_id_that_names_no_file_gets_none(tmp_path: Path, name: str) -> None:
    def odd(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        for row in rows:
            if row["rule_id"] == "TIM001":
                row["rule_id"] = name
        for rule in manifest["rules"]:
            if rule["id"] == "TIM001":
                rule["id"] = name

    folder = make_run(tmp_path / "run", change=odd)
    before = {*tmp_path.rglob("*")}
    write_all(folder, PLAIN)
    assert {path.parent.name for path in {*tmp_path.rglob("*")} - before if path.suffix == ".html"} <= {
        "run",
        "findings",
        "providers",
    }
    assert not [path for path in (folder / "findings").iterdir() if path.name.startswith(("x", "a", "TIM001"))]


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_there_too(tmp_path: Path, text: str) -> None:
    def poison(rows: list[dict[str, Any]], _manifest: dict[str, Any]) -> None:
        for row in rows:
            row.update(message=text, claim_id=text, payer_name=text, source_file=text, patient_id=text)

    run: StoredRun = read_run(make_run(tmp_path / "run", change=poison))
    page = render_rest(next(listed.rest_pages(run, lambda _: "")))
    tags = {tag for tag, _ in parse(page).seen}
    assert "img" not in tags
    assert page.count("<script") == 2
    assert len(page) < 200_000
