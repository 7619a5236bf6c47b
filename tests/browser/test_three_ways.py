"""The same decisions made in the page, in LibreOffice and in a CSV by hand come to the same: ledger, export, status."""

import csv
import shutil
import string
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import python_calamine

from audit.runs.ledgers import decisions
from tests.end_to_end import libreoffice
from tests.end_to_end.command import claims_audit

# Disposition, amount and day of a refund of the findings that weigh most; the page takes no refunds.
MADE = (
    ("confirm", "", ""),
    ("confirm", "0.50", ""),
    ("dismiss", "", ""),
    ("ask for record", "", ""),
    ("refer", "", ""),
    ("refunded", "1.25", "2026-02-03"),
)


@pytest.fixture(scope="module")
def ids(folder: Path) -> list[str]:
    table = pq.read_table(folder / "findings.parquet").to_pylist()
    heavy = sorted(table, key=lambda row: (-row["amount_at_risk"], row["service_date"], row["claim_id"]))
    return [row["finding_id"] for row in heavy if row["status"] != "suppressed"][: len(MADE)]


def in_the_page(visit: Any, run: Path, ids: Sequence[str], _day: str) -> list[Path]:
    """Decided by clicks and saved as a file; the refund goes into a CSV of its own."""
    page = visit(run / "report.html", accept_downloads=True).page
    for finding, (word, amount, _) in zip(ids[:-1], MADE[:-1], strict=True):
        page.evaluate("id => { document.getElementById('row-' + id).closest('details').open = true }", finding)
        row = page.locator(f"#row-{finding}")
        row.locator("select").select_option(word)
        if amount:
            row.get_by_role("textbox").fill(amount)
            row.get_by_role("textbox").blur()
    page.get_by_label("Reviewer").fill("AB")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Save decisions.csv").click()
    coming.value.save_as(run / "saved.csv")
    return [run / "saved.csv", by_hand(run / "refund.csv", ids[-1:], MADE[-1:], _day)]


def in_libreoffice(_visit: Any, run: Path, ids: Sequence[str], day: str) -> list[Path]:
    """Typed into the workbook and saved by LibreOffice."""
    head, *rows = python_calamine.load_workbook(str(run / "findings.xlsx")).get_sheet_by_name("Findings").to_python()
    letters = {name: string.ascii_uppercase[at] for at, name in enumerate(head[:6])}
    at = {row[head.index("finding id")]: number for number, row in enumerate(rows, start=2)}
    cells = {}
    for finding, (word, amount, refunded) in zip(ids, MADE, strict=True):
        typed = {"disposition": word, "amount": amount, "refunded on": refunded, "reviewer": "AB", "reviewed on": day}
        cells |= {f"{letters[name]}{at[finding]}": text for name, text in typed.items() if text}
    before = (run / "findings.xlsx").read_bytes()
    libreoffice.type_into(run / "findings.xlsx", "Findings", cells, run)
    assert (run / "findings.xlsx").read_bytes() != before
    return [run / "findings.xlsx"]


def in_a_csv(_visit: Any, run: Path, ids: Sequence[str], day: str) -> list[Path]:
    return [by_hand(run / "mine.csv", ids, MADE, day)]


def by_hand(path: Path, ids: Sequence[str], made: Sequence[tuple[str, str, str]], day: str) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["finding_id", "disposition", "amount", "refunded_on", "reviewer", "reviewed_on"])
        writer.writerows([finding, *what, "AB", day] for finding, what in zip(ids, made, strict=True))
    return path


@pytest.mark.skipif(libreoffice.command() is None, reason="LibreOffice is not installed")
def test_page_workbook_and_csv_come_to_the_same(visit: Any, folder: Path, ids: list[str], tmp_path: Path) -> None:
    day = visit().page.evaluate("new Date().toLocaleDateString('sv')")
    came_to = {}
    for way in (in_the_page, in_libreoffice, in_a_csv):
        out = tmp_path / way.__name__
        run = Path(shutil.copytree(folder, out / folder.name))
        for file in way(visit, run, ids, day):
            done = claims_audit("review", "import", file, "--out", out, cwd=tmp_path)
            assert done.code == 0, done.err
        standing = decisions.standing(decisions.read(out))
        assert [standing[finding].what.decision for finding in ids] == [word for word, _, _ in MADE]
        told = [claims_audit("review", verb, "--out", out, cwd=tmp_path) for verb in ("export", "status")]
        # Each way writes its findings in its own order, and the ledger keeps that.
        lines = [(one.code, sorted(one.out.splitlines())) for one in told]
        came_to[way.__name__] = ({key: entry.what for key, entry in standing.items()}, lines)
    page, book, text = came_to.values()
    assert page == book
    assert book == text
    assert len(page[1][0][1]) == 1 + len(MADE)


def test_the_page_offers_every_decision_but_a_refund(visit: Any, ids: list[str]) -> None:
    page = visit().page
    page.evaluate("id => { document.getElementById('row-' + id).closest('details').open = true }", ids[0])
    offered = page.locator(f"#row-{ids[0]} option").evaluate_all("options => options.map(option => option.value)")
    assert {*offered} == {"", *(word for word, _, _ in MADE if word != "refunded")}
