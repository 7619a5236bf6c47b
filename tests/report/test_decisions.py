"""A workbook that people have written into is never lost: it is kept, and what they wrote stands in the new one."""

import datetime as dt
import importlib
import re
import shutil
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from audit.report import ReportOptions, render_again, write_all
from audit.report.outputs.decisions import FIELDS, written_into
from audit.runs.format import stored
from tests.report.fixture import make_run

pytest.importorskip("xlsxwriter", reason="the workbook needs xlsxwriter")
pytest.importorskip("python_calamine", reason="a workbook is read with python-calamine")
_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OPTIONS = ReportOptions(patients="hidden", charts=False)
DECIDED: dict[str, str | dt.date] = {
    "disposition": "dismiss",
    "amount": "12.50",
    "refunded on": dt.date(2026, 1, 8),
    "note": "=see the record",
    "reviewer": "desk 4",
    "reviewed on": dt.date(2026, 1, 9),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run, rendered, with its manifest naming what was rendered."""
    folder = make_run(tmp_path_factory.mktemp("out") / "run")
    write_all(folder, OPTIONS)
    manifest = stored.read(folder)
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name != stored.NAME)
    stored.write(manifest, folder, files)
    return folder


@pytest.fixture
def run(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "run"))


def decide(run: Path, sheet: str, row: int, said: dict[str, str | dt.date]) -> str:
    """Write into a row of a sheet as a spreadsheet program would; gives the finding's id."""
    path = run / "findings.xlsx"
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    names = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"].decode())
    part = f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"
    tree = ET.fromstring(parts[part])
    rows = {line.get("r"): line for line in tree.iter(f"{_SPACE}row")}
    columns = {"".join(cell.itertext()): re.sub(r"\d", "", str(cell.get("r"))) for cell in rows["1"]}
    for name, value in said.items():
        _put(rows[str(row)], f"{columns[name]}{row}", value)
    parts[part] = ET.tostring(tree)
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    ids = {str(cell.get("r")): "".join(cell.itertext()) for cell in rows[str(row)]}
    return ids[f"{columns['finding id']}{row}"]


def _put(line: ET.Element, place: str, value: str | dt.date) -> None:
    for cell in [cell for cell in line if cell.get("r") == place]:
        line.remove(cell)
    if isinstance(value, str):
        cell = ET.SubElement(line, f"{_SPACE}c", {"r": place, "t": "inlineStr"})
        ET.SubElement(ET.SubElement(cell, f"{_SPACE}is"), f"{_SPACE}t").text = value
    else:
        cell = ET.SubElement(line, f"{_SPACE}c", {"r": place, "t": "d"})
        ET.SubElement(cell, f"{_SPACE}v").text = value.isoformat()


def test_a_workbook_nobody_touched_is_made_anew_without_a_word(run: Path) -> None:
    again = render_again(run, OPTIONS)
    assert (again.kept, again.decided) == (None, 0)
    assert not list(run.glob("*superseded*"))
    assert {"report.html", "findings.xlsx"} <= {path.name for path in again.written}


def test_what_was_decided_stands_in_the_new_workbook_and_the_old_one_is_kept(run: Path) -> None:
    first, second = decide(run, "Findings", 5, DECIDED), decide(run, "Worklist", 3, {"disposition": "refer"})
    before = (run / "findings.xlsx").read_bytes()
    again = render_again(run, OPTIONS)
    assert again.kept == run / "findings.superseded-1.xlsx"
    assert again.kept.read_bytes() == before
    assert again.kept.stat().st_mode & 0o777 == 0o600
    assert again.decided == len({first, second})
    assert written_into(run / "findings.xlsx") == {
        ("Findings", first): {
            "disposition": "dismiss", "amount": "12.50", "refunded_on": dt.date(2026, 1, 8),
            "note": "'=see the record", "reviewer": "desk 4", "reviewed_on": dt.date(2026, 1, 9),
        },
        ("Worklist", second): {"disposition": "refer"},
    }  # fmt: skip


def test_rendering_twice_keeps_what_was_decided_and_keeps_no_second_copy(run: Path) -> None:
    finding = decide(run, "Findings", 5, {"note": "read"})
    render_again(run, OPTIONS)
    again = render_again(run, ReportOptions(patients="hidden", charts=False, final=True))
    # The new workbook is as the manifest says: nobody has touched it since, and yet it holds a decision.
    assert written_into(run / "findings.xlsx") == {("Findings", finding): {"note": "read"}}
    assert again.decided == 1


def test_rows_and_columns_may_have_been_moved(tmp_path: Path) -> None:
    book = importlib.import_module("xlsxwriter").Workbook(tmp_path / "moved.xlsx")
    sheet = book.add_worksheet("Findings")
    for row, cells in enumerate(
        [
            ("my own", "note", "finding id", "disposition", "message"),
            ("", "", "00ff", "", "no decision"),
            ("x", 7, "00aa", "confirm", "a number for a note"),
            ("", "lost", "", "refer", "its id was deleted"),
        ]
    ):
        for at, cell in enumerate(cells):
            sheet.write(row, at, cell)
    book.add_worksheet("Worklist").write(0, 0, "no heads")
    book.close()
    assert written_into(tmp_path / "moved.xlsx") == {("Findings", "00aa"): {"note": "7", "disposition": "confirm"}}


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 cut short"])
def test_a_file_that_is_no_workbook_any_more_is_kept_as_it_is(run: Path, content: bytes) -> None:
    (run / "findings.xlsx").write_bytes(content)
    again = render_again(run, OPTIONS)
    assert again.kept is not None
    assert (again.kept.read_bytes(), again.decided) == (content, 0)
    assert (run / "findings.xlsx").read_bytes().startswith(b"PK")


def test_a_second_copy_takes_the_next_name(run: Path) -> None:
    for number in (1, 2):
        decide(run, "Findings", 5 + number, {"note": "read"})
        again = render_again(run, OPTIONS)
        assert again.kept == run / f"findings.superseded-{number}.xlsx"
        assert again.decided == number


def test_the_manifest_names_what_was_rendered_last(run: Path) -> None:
    render_again(run, ReportOptions(patients="hidden", charts=False, final=True))
    listed = {output.file: output.sha256 for output in stored.read(run).outputs}
    assert listed["report.html"] == stored.sha256_of(run / "report.html")
    assert "Final" in (run / "report.html").read_text(encoding="utf-8")


def test_every_field_for_people_is_carried(run: Path) -> None:
    assert [name.replace("_", " ") for name in FIELDS] == list(DECIDED)
