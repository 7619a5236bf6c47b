"""Every dollar that the outputs of a run carry, added up and held against the run's totals, to the cent.

    python -m tests.counted_once RUN...

Prints the run folders whose outputs do not add up; exit 1 where there are any. Held against the headline (each line counted
once) are the files of findings and lines, the workbook's sheets, the page's tables, the providers' cards, the page over all
runs and the manifest itself; against the dollars before that, and the number of findings, the rows of findings in the page
and in the pages beside it, rule by rule.
"""

import csv
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import python_calamine

from audit.report.text import DASH
from audit.terms import COUNT_NOWHERE, TOTAL, WHOLE_RUN
from tests.report.read_page import Page, ReadTable

NOUGHT = Decimal("0.00")
# Sheets of the workbook that hold one row a finding, a rule or what the run is broken down by, and their dollars counted once.
SHEETS = {
    "Findings": "counted once",
    "Rules": "counted once",
    "Providers": "over once",
    "Payers": "over once",
    "Codes": "over once",
    "Locations": "over once",
    "Months": "over once",
}
SHOWN = 200  # rows that a table of the page shows at most; its last row is of the whole run
WHOLE = {
    "Lines": "lines",
    "Visits": "visits",
    "Reviewed": "amount",
    "Findings": "findings",
    "Lines with error": "lines_with_error",
    "Over, gross": "over gross",
    "Over, counted once": "over once",
    "Under": "under gross",
}
SUMMED = ("Lines", "Reviewed", "Over, gross", "Over, counted once", "Under")  # a finding or visit of two codes stands in two rows


@dataclass(frozen=True)
class Sum:
    """What an output says or adds up to, and what it should."""

    where: str
    amount: Decimal
    whole: Decimal


class Run:
    """A run folder: its manifest, and its findings as finding_lines.parquet and findings.parquet have them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        self.findings = [
            one for one in pq.read_table(folder / "findings.parquet").to_pylist() if one["status"] not in COUNT_NOWHERE
        ]
        self.lines = pq.read_table(folder / "finding_lines.parquet").to_pylist()

    @cached_property
    def page(self) -> Page:
        return self.read("report.html")

    def read(self, name: str) -> Page:
        """A page of the run."""
        return Page((self.folder / name).read_text(encoding="utf-8"))

    @property
    def headline(self) -> Decimal:
        """What the manifest has as the headline."""
        return Decimal(self.manifest["totals"]["over"]["counted_once"])

    def total(self, name: str) -> Decimal:
        """A figure of the whole run, by its name in WHOLE."""
        totals = self.manifest["totals"]
        if name == "findings":
            return Decimal(sum(totals[side]["findings"] for side in ("over", "under", "coding", "none")))
        if name == "over once":
            return self.headline
        side, _, what = name.partition(" ")
        return Decimal(totals[side][what] if what else totals[name])

    def of_rule(self, column: str) -> dict[str, Decimal]:
        """A column of findings.parquet added up by rule."""
        found: dict[str, Decimal] = {}
        for one in self.findings:
            found[one["rule_id"]] = found.get(one["rule_id"], NOUGHT) + (one[column] or NOUGHT)
        return found


_PLAIN = str.maketrans("\u2212", "-", f"$,{DASH}")


def headline(folder: Path) -> Decimal:
    """What the manifest has as the headline."""
    return Run(folder).headline


def sums(folder: Path) -> Iterator[Sum]:
    """Each output of the run, and what its dollars add up to."""
    run = Run(folder)
    for part in (_files, _manifest, _workbook, _summary, _breakdowns, _rules, _rows, _cards, _beside):
        yield from part(run)


def _files(run: Run) -> Iterator[Sum]:
    with (run.folder / "findings.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    yield Sum("findings.csv", _sum(row["counted_once"] for row in rows), run.headline)
    for name in ("findings.parquet", "finding_lines.parquet", "audited_lines.parquet"):
        column = pq.read_table(run.folder / name, columns=["counted_once"])["counted_once"]
        yield Sum(name, _sum(column.to_pylist()), run.headline)
    counted = [row for row in rows if row["status"] not in COUNT_NOWHERE]
    for side, name in (("over", "over gross"), ("under", "under gross")):
        amount = _sum(row["amount_at_risk"] for row in counted if row["direction"] == side)
        yield Sum(f"findings.csv, {side}", amount, run.total(name))
        amount = _sum(line["amount_at_risk"] for line in run.lines if line["direction"] == side and line["is_counted"])
        yield Sum(f"finding_lines.parquet, {side}", amount, run.total(name))
    yield Sum("findings.csv, rows", Decimal(len(counted)), run.total("findings"))


def _manifest(run: Run) -> Iterator[Sum]:
    for name, rows in run.manifest["summary"].items():
        if rows and "over_once" in rows[0]:
            yield Sum(f"manifest.json, {name}", _sum(row["over_once"] for row in rows), run.headline)
            yield Sum(f"manifest.json, {name}, gross", _sum(row["over_gross"] for row in rows), run.total("over gross"))
            yield Sum(f"manifest.json, {name}, under", _sum(row["under_gross"] for row in rows), run.total("under gross"))
    yield Sum("manifest.json, trend", Decimal(run.manifest["history"]["trend"][-1]["over_once"]), run.headline)
    gross = run.of_rule("amount_at_risk")
    for rule in run.manifest["rules"]:
        yield Sum(f"manifest.json, {rule['id']}", Decimal(rule["gross_at_risk"]), gross.get(rule["id"], NOUGHT))


def _workbook(run: Run) -> Iterator[Sum]:
    book = python_calamine.load_workbook(str(run.folder / "findings.xlsx"))
    for sheet, column in SHEETS.items():
        if sheet not in book.sheet_names:
            continue
        head, *rows = book.get_sheet_by_name(sheet).to_python()
        at, label = head.index(column), [str(row[0]) for row in rows]
        total = rows[label.index(TOTAL)]
        yield Sum(f"sheet {sheet}", _sum(row[at] for row in rows[: label.index(TOTAL)]), _dollars(total[at]))
        whole = rows[label.index(WHOLE_RUN)] if WHOLE_RUN in label else total
        yield Sum(f"sheet {sheet}, its total", _dollars(whole[at]), run.headline)


def _summary(run: Run) -> Iterator[Sum]:
    facts = run.page.facts
    yield Sum("report.html, summary", _dollars(facts["summary", "Potential overpayment"].text), run.headline)
    yield Sum("report.html, underbilling", _dollars(facts["summary", "Potential underbilling"].text), run.total("under gross"))
    yield Sum("report.html, rules-table", _dollars(run.page.tables["rules-table"].foot[-1].text), run.headline)


def _breakdowns(run: Run) -> Iterator[Sum]:
    """Tables with a last row of the whole run: that row, and what the rows come to where all of them are shown."""
    for name, table in run.page.tables.items():
        if "Over, counted once" not in table.headings or name == "runs":
            continue
        for at, heading in enumerate(table.headings[1:], start=1):
            if heading in WHOLE and table.rows:
                whole = run.total(WHOLE[heading])
                yield Sum(f"report.html, {name}, the whole run, {heading}", _dollars(table.foot[at].text), whole)
                if heading in SUMMED and len(table.rows) < SHOWN:
                    yield Sum(f"report.html, {name}, {heading}", _sum(row[at].text for row in table.rows), whole)


def _rules(run: Run) -> Iterator[Sum]:
    once, gross = run.of_rule("counted_once"), run.of_rule("amount_at_risk")
    for rule, cells in run.page.tables["rules-table"].by_note().items():
        yield Sum(f"report.html, rules-table, {rule}", _dollars(cells[-1].text), gross.get(rule, NOUGHT))
    for rule, cells in run.page.tables.get("top", ReadTable()).by_note().items():
        if rule:  # without findings its one row says so
            yield Sum(f"report.html, top, {rule}", _dollars(cells[-1].text), once.get(rule, NOUGHT))


def _rows(run: Run) -> Iterator[Sum]:
    """Every finding has one row, in the page or in one beside it."""
    names = ["report.html", *sorted(f"findings/{path.name}" for path in (run.folder / "findings").glob("*.html"))]
    dollars: dict[str, Decimal] = {}
    ids: list[str] = []
    for name in names:
        ids += re.findall(r'<tr id="row-([0-9a-f]+)"', (run.folder / name).read_text(encoding="utf-8"))
        for key, table in run.read(name).tables.items():
            if key.startswith("examples-"):
                rule = key.removeprefix("examples-")
                dollars[rule] = dollars.get(rule, NOUGHT) + _sum(cell.text for cell in table.column("Potential"))
    gross = run.of_rule("amount_at_risk")
    for rule in {*gross, *dollars}:
        yield Sum(f"rows of findings, {rule}", dollars.get(rule, NOUGHT), gross.get(rule, NOUGHT))
    known = {one["finding_id"] for one in run.findings}
    yield Sum("rows of findings, each once", Decimal(len(ids)), Decimal(len(known)))
    yield Sum("rows of findings, all there are", Decimal(len(known & {*ids})), Decimal(len(known)))


def _cards(run: Run) -> Iterator[Sum]:
    """A card tells what its provider's rows in the summary come to, and its rules share that out."""
    for path in sorted((run.folder / "providers").glob("*.html")):
        own = [row for row in run.manifest["summary"]["by_provider"] if row["rendering_npi"] == path.stem]
        page = run.read(f"providers/{path.name}")
        once, under = _sum(row["over_once"] for row in own), _sum(row["under_gross"] for row in own)
        yield Sum(f"{path.name}, potential overpayment", _dollars(page.facts["section", "Potential overpayment"].text), once)
        yield Sum(f"{path.name}, potential underbilling", _dollars(page.facts["section", "Potential underbilling"].text), under)
        rules = page.tables["card-rules"]
        mine = [one for one in run.findings if one["rendering_npi"] == path.stem]
        shares = _sum(cell.text for cell in rules.column("Counted once"))
        yield Sum(f"{path.name}, its rules", shares, _sum(one["counted_once"] for one in mine))
        findings = _sum(cell.text for cell in rules.column("Your findings"))
        yield Sum(f"{path.name}, its findings", findings, Decimal(len(mine)))


def _beside(run: Run) -> Iterator[Sum]:
    """The page over all runs, in the folder that holds them."""
    index = run.folder.parent / "index.html"
    if index.exists():
        rows = {row[0].text.split(",")[0]: row for row in run.read("../index.html").tables[""].rows}
        mine = rows.get(run.manifest["run"]["label"])
        if mine:
            yield Sum("index.html", _dollars(mine[7].text), run.headline)
            yield Sum("index.html, findings", _dollars(mine[3].text), run.total("findings"))


def faults(folder: Path) -> list[str]:
    """Outputs of the run that do not add up to what the run says."""
    return [f"{folder}: {one.where} adds up to {one.amount}, not {one.whole}" for one in sums(folder) if one.amount != one.whole]


def _sum(cells: Iterator[Any] | list[Any]) -> Decimal:
    return sum((_dollars(cell) for cell in cells), NOUGHT)


def _dollars(cell: object) -> Decimal:
    """A figure of a file, a sheet or a page: "$1,250.50", 1250.5, "" or a dash (nothing)."""
    plain = str(cell if cell is not None else "").translate(_PLAIN).strip()
    return Decimal(plain or 0).quantize(Decimal("0.01"))


def main() -> int:
    """Look through the folders named on the command line."""
    runs = [Path(name) for name in sys.argv[1:]]
    found = [fault for run in runs for fault in faults(run)]
    print("\n".join([*found, f"{len(runs)} runs, {sum(1 for run in runs for _ in sums(run))} sums, {len(found)} amiss"]))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
