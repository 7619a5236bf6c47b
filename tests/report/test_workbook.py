"""The workbook: typed, inert, private, and honest about what it cuts. Read back as the XML it is."""

import importlib
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from audit.report import ReportOptions, build_view, render_html
from audit.report.outputs import workbook
from audit.report.sections import breakdown, listed
from audit.report.stored.source import read_run
from tests.report.fixture import make_run
from tests.report.read_page import Page

pytest.importorskip("xlsxwriter", reason="the workbook needs xlsxwriter")
NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def sheets(path: Path) -> dict[str, ET.Element]:
    """The sheets of a workbook by name."""
    with zipfile.ZipFile(path) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        return {name: ET.fromstring(book.read(f"xl/worksheets/sheet{n}.xml")) for n, name in enumerate(names, start=1)}


def texts(sheet: ET.Element) -> list[str]:
    return [found.text or "" for found in sheet.iterfind(".//m:is/m:t", NS)]


def _cells_by_head(sheet: ET.Element) -> Iterator[list[ET.Element | None]]:
    """The rows of a sheet, each with a cell or None for every column of the head."""
    head, *rows = sheet.findall(".//m:row", NS)
    letters = [re.sub(r"\d", "", cell.get("r", "")) for cell in head]
    for row in (head, *rows):
        own = {re.sub(r"\d", "", cell.get("r", "")): cell for cell in row}
        yield [own.get(letter) for letter in letters]


def _shown(cell: ET.Element | None) -> str:
    if cell is None:
        return ""
    return "".join(text.text or "" for text in cell.iterfind(".//m:t", NS)) or cell.findtext("m:v", "", NS)


def write(folder: Path) -> dict[str, ET.Element]:
    return sheets(workbook.write(read_run(folder), folder / "findings.xlsx", lambda _: "P-X"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with its workbook, for tests that change neither."""
    return make_run(tmp_path_factory.mktemp("out") / "run")


@pytest.fixture(scope="module")
def found(folder: Path) -> dict[str, ET.Element]:
    return write(folder)


def test_the_sheets_and_their_tools(found: dict[str, ET.Element]) -> None:
    by = ["Providers", "Payers", "Codes", "Locations", "Months"]
    assert list(found) == ["Summary", "Findings", "Worklist", "Rules", *by, "Reconciliation"]
    findings = found["Findings"]
    assert findings.find(".//m:pane[@state='frozen']", NS) is not None
    assert findings.find(".//m:autoFilter", NS) is not None
    assert "confirm" in (findings.findtext(".//m:dataValidation/m:formula1", namespaces=NS) or "")
    assert len(findings.findall(".//m:row", NS)) == 630  # the head, 628 findings, the total


def test_amounts_and_dates_are_numbers(found: dict[str, ET.Element]) -> None:
    head, row, *_ = found["Findings"].findall(".//m:row", NS)
    places = {
        re.sub(r"\d", "", cell.get("r", "")): "".join(text.text or "" for text in cell.iterfind(".//m:t", NS)) for cell in head
    }
    kinds = {places[re.sub(r"\d", "", cell.get("r", ""))]: cell.get("t") for cell in row}
    assert kinds["service date"] is None
    assert kinds["amount at risk"] is None
    assert kinds["claim id"] == "inlineStr"


@pytest.mark.parametrize("name", ["Findings", "Worklist"])
def test_what_people_decide_stands_first_and_stays_in_sight(found: dict[str, ET.Element], name: str) -> None:
    sheet = found[name]
    heads = texts(sheet)[:7]
    assert heads[:6] == ["disposition", "amount", "refunded on", "note", "reviewer", "reviewed on"]
    assert heads[6] == ("rule id" if name == "Findings" else "ask the record for")
    pane = sheet.find(".//m:pane", NS)
    assert pane is not None
    assert (pane.get("xSplit"), pane.get("ySplit")) == ("6", "1")


def test_a_finding_says_its_rule_what_to_do_and_how_its_dollars_were_made(folder: Path, found: dict[str, ET.Element]) -> None:
    view, run = build_view(folder, ReportOptions(patients="hidden", charts=False)), read_run(folder)
    head, *rows = ([_shown(cell) for cell in row] for row in _cells_by_head(found["Findings"]))
    first = dict(zip(head, rows[0], strict=False))
    heaviest = view.weightiest.items[0]
    rule = next(rule for rule in run.rules if rule.id == heaviest.rule_id)
    assert (first["rule id"], first["rule"], first["what to do"]) == (rule.id, rule.title, rule.fix)
    kind = {"over": "Potential overpayment", "under": "Potential underbilling"}[rule.direction]
    assert (first["finding id"], first["kind"], first["basis"]) == (heaviest.id, kind, "amount paid")
    assert first["how made"] == next(fact.value for fact in heaviest.facts if fact.label == "How the dollars were made")
    free = [dict(zip(head, row, strict=False)) for row in rows if dict(zip(head, row, strict=False)).get("kind") == "For review"]
    assert free
    assert {row["basis"] for row in free} == {""}


def test_patients_are_named_as_asked_and_files_are_private(folder: Path, found: dict[str, ET.Element]) -> None:
    assert not [text for text in texts(found["Findings"]) if text.startswith("PATIENT")]
    assert (folder / "findings.xlsx").stat().st_mode & 0o777 == 0o600
    assert not [item for item in folder.iterdir() if item.name.endswith(".part")]


def test_the_sheets_totals_are_the_headline(folder: Path, found: dict[str, ET.Element]) -> None:
    headline = read_run(folder).manifest.totals.over.counted_once
    for name in ("Findings", "Rules", "Providers", "Payers", "Codes", "Locations", "Months"):
        *_, last = found[name].findall(".//m:row", NS)
        first, amount = (cell for cell in last)
        assert ("".join(text.text or "" for text in first.iterfind(".//m:t", NS)), amount.findtext("m:v", "", NS)) == (
            "Total",
            f"{headline.normalize():f}",
        )


def test_nothing_is_a_formula(tmp_path: Path) -> None:
    def poison(rows: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
        for row, bad in zip(
            rows,
            ("=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1", "http://example.org/", "a\x00b", "a\u202eb", "💆🏽", "x" * 100_000),
            strict=False,
        ):
            row["message"] = row["payer_name"] = bad
        rows[-1]["rule_id"] = "=1+1"
        manifest["rules"].append({**manifest["rules"][-1], "id": "=1+1"})
        manifest["run"]["entity"] = "=1+1"
        manifest["inputs"][0]["file"] = "=HYPERLINK(1)"

    found = write(make_run(tmp_path / "run", change=poison))
    for sheet in found.values():
        assert sheet.find(".//m:f", NS) is None
        assert not [text for text in texts(sheet) if text.startswith(("=", "+", "@", "\uff1d"))]
        assert not {"\x00", "\u202e"} & set("".join(texts(sheet)))
        assert all(len(text) < 32_000 for text in texts(sheet))


def test_what_is_cut_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listed, "IN_WORKBOOK", 50)
    found = write(make_run(tmp_path / "run"))
    assert len(found["Findings"].findall(".//m:row", NS)) == 53  # head, findings, total of these, the whole run
    assert any("first 50 of 628" in text for text in texts(found["Summary"]))


def test_a_sheet_that_is_cut_has_the_headline_below_its_own_total(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listed, "IN_WORKBOOK", 50)
    folder = make_run(tmp_path / "run")
    head, *rows, total, whole = ([_shown(cell) for cell in row] for row in _cells_by_head(write(folder)["Findings"]))
    at = head.index("counted once")
    assert (total[0], whole[0]) == ("Total", "The whole run")
    assert Decimal(total[at]) == sum(Decimal(row[at] or 0) for row in rows)
    assert Decimal(whole[at]) == read_run(folder).manifest.totals.over.counted_once > Decimal(total[at])


def test_what_the_page_cuts_stands_in_the_workbook_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breakdown, "_LIMIT", 2)
    folder = make_run(tmp_path / "run")
    page, found = Page(render_html(build_view(folder, ReportOptions(patients="hidden", charts=False)))), write(folder)
    summary = read_run(folder).manifest.summary
    for table, sheet, entries in (
        ("providers", "Providers", summary.by_provider),
        ("table-payer-name", "Payers", summary.by_payer),
        ("table-procedure-code", "Codes", summary.by_code),
    ):
        assert len(page.tables[table].rows) == 2 < len(entries)
        _head, *rows, _total = ([_shown(cell) for cell in row] for row in _cells_by_head(found[sheet]))
        assert len(rows) == len(entries)
        assert [row[0] for row in rows[:2]] == [cells[0].text for cells in page.tables[table].rows]


@pytest.mark.parametrize(("name", "limit"), [("Findings", "IN_WORKBOOK"), ("Worklist", "WORKLIST_ROWS")])
@pytest.mark.parametrize("left", [0, 1])
def test_a_sheet_that_holds_all_is_not_said_to_be_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: str, left: int
) -> None:
    def alike(rows: list[dict[str, Any]], _: dict[str, Any]) -> None:
        for row in rows:
            row["confidence"] = "likely"

    monkeypatch.setattr(listed if limit == "IN_WORKBOOK" else workbook, limit, 628 - left)
    said = [text for text in texts(write(make_run(tmp_path / "run", change=alike))["Summary"]) if "holds the first" in text]
    whole = f"Sheet {name} holds the first 627 of 628 findings. All stand in findings.csv and findings.parquet."
    assert said == ([whole] if left else [])


@pytest.mark.usefixtures("found")
def test_the_summary_leads_to_the_report(folder: Path) -> None:
    with zipfile.ZipFile(folder / "findings.xlsx") as book:
        assert re.findall(r'Target="([^"]+)"', book.read("xl/worksheets/_rels/sheet1.xml.rels").decode()) == ["report.html"]


@pytest.mark.usefixtures("found")
def test_the_same_run_gives_the_same_workbook(folder: Path, tmp_path: Path) -> None:
    again = make_run(tmp_path / "again")
    write(again)
    assert (again / "findings.xlsx").read_bytes() == (folder / "findings.xlsx").read_bytes()


def test_a_rule_s_id_leads_to_its_section_of_the_report(folder: Path, found: dict[str, ET.Element]) -> None:
    with zipfile.ZipFile(folder / "findings.xlsx") as book:
        targets = set(re.findall(r'Target="([^"]+)"', book.read("xl/worksheets/_rels/sheet2.xml.rels").decode()))
    assert targets == {"report.html"}
    page = render_html(build_view(folder, ReportOptions(patients="hidden", charts=False)))
    anchors = {
        link.get("location") or "" for name in ("Findings", "Rules") for link in found[name].iterfind(".//m:hyperlink", NS)
    }
    assert len(anchors) == 13
    assert all(f'id="{anchor}"' in page for anchor in anchors)


def test_sheets_print_as_wide_as_their_pages_and_repeat_their_head(folder: Path, found: dict[str, ET.Element]) -> None:
    for sheet in found.values():
        setup = sheet.find(".//m:pageSetup", NS)
        assert setup is not None
        assert (setup.get("orientation"), setup.get("fitToHeight")) == ("landscape", "0")
    with zipfile.ZipFile(folder / "findings.xlsx") as book:
        assert book.read("xl/workbook.xml").decode().count("Print_Titles") == 8


def test_the_limits_are_those_of_a_worksheet() -> None:
    assert listed.IN_WORKBOOK < 1_048_576
    assert listed.IN_WORKBOOK <= 65_530  # links that a sheet may hold


def test_the_library_makes_nothing_of_text_and_keeps_its_scratch_beside_the_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = importlib.import_module("xlsxwriter")
    asked: list[dict[str, Any]] = []

    class Recorded(library.Workbook):  # type: ignore[name-defined, misc]
        def __init__(self, out: Any, options: dict[str, Any]) -> None:
            asked.append(dict(options))
            super().__init__(out, options)

    monkeypatch.setattr(library, "Workbook", Recorded)
    folder = make_run(tmp_path / "run")
    write(folder)
    scratch = Path(asked[0].pop("tmpdir"))
    assert (scratch.parent, scratch.exists()) == (folder, False)
    assert re.fullmatch(r"\.workbook-[0-9a-f]{12}", scratch.name)
    assert asked == [
        {
            "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True,
            "default_date_format": "yyyy-mm-dd",
        }
    ]  # fmt: skip
