"""The potential overpayment, each line counted once, as every output of a run adds it up.

    python -m tests.counted_once RUN...

Prints the run folders whose outputs do not add up to the headline; exit 1 where there are any.
"""

import csv
import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import python_calamine

from tests.report.read_page import Page

# Sheets of the workbook that hold one row a finding, a rule or a provider, and their column of dollars counted once.
SHEETS = {"Findings": "counted once", "Rules": "counted once", "Providers": "over once"}


def headline(run: Path) -> Decimal:
    """What the manifest has as the headline."""
    return Decimal(json.loads((run / "manifest.json").read_text(encoding="utf-8"))["totals"]["over"]["counted_once"])


def sums(run: Path) -> Iterator[tuple[str, Decimal]]:
    """Each output of the run, and what its dollars counted once add up to."""
    with (run / "findings.csv").open(encoding="utf-8", newline="") as stream:
        yield "findings.csv", sum((Decimal(row["counted_once"]) for row in csv.DictReader(stream)), Decimal(0))
    for name in ("findings.parquet", "finding_lines.parquet"):
        yield name, pc.sum(pq.read_table(run / name, columns=["counted_once"])["counted_once"]).as_py() or Decimal(0)
    book = python_calamine.load_workbook(str(run / "findings.xlsx"))
    for sheet, column in SHEETS.items():
        head, *rows = book.get_sheet_by_name(sheet).to_python()
        at = head.index(column)
        *cells, total = [Decimal(str(row[at] or 0)).quantize(Decimal("0.01")) for row in rows]
        yield f"sheet {sheet}", sum(cells, Decimal(0))
        yield f"sheet {sheet}, its total", total
    page = Page((run / "report.html").read_text(encoding="utf-8"))
    yield "report.html, summary", _dollars(page.facts["summary", "Potential overpayment"].text)
    yield "report.html, rules-table", _dollars(page.tables["rules-table"].foot[-1].text)
    for name, table in page.tables.items():
        if "Over, counted once" in table.headings and name != "runs":
            yield f"report.html, {name}", sum((_dollars(cell.text) for cell in table.column("Over, counted once")), Decimal(0))


def faults(run: Path) -> list[str]:
    """Outputs of the run that do not add up to its headline."""
    whole = headline(run)
    return [f"{run}: {where} adds up to {amount}, not {whole}" for where, amount in sums(run) if amount != whole]


def _dollars(text: str) -> Decimal:
    return Decimal(text.replace("$", "").replace(",", "") or 0)


def main() -> int:
    """Look through the folders named on the command line."""
    runs = [Path(name) for name in sys.argv[1:]]
    found = [fault for run in runs for fault in faults(run)]
    print("\n".join([*found, f"{len(runs)} runs, {len(found)} sums amiss"]))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
