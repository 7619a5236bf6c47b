"""A run folder with audited lines of our own, and worksheets filled in, without an audit. No person stands behind any row."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import python_calamine
import xlsxwriter

from audit.runs.estimates import LINES
from audit.runs.format import stored
from audit.sampling import design, worksheet
from audit.sampling.design import Row, Sample
from audit.sampling.frame import Choice
from audit.sampling.make import Request, make
from audit.sampling.sized import Asked
from tests.report.fixture import finding_rows, manifest_of, write_tables
from tests.report.fixture_rules import RULES

SCHEMA = pa.schema(
    [
        ("claim_id", pa.string()),
        ("claim_line_number", pa.int32()),
        ("occurrence", pa.int32()),
        ("patient_id", pa.string()),
        ("service_date", pa.date32()),
        *((name, pa.string()) for name in ("payer_name", "rendering_npi", "procedure_code", "modifiers")),
        ("units", pa.decimal128(9, 2)),
        ("minutes", pa.int32()),
        ("line_amount", pa.decimal128(12, 2)),
        ("counted_once", pa.decimal128(12, 2)),
        *((name, pa.string()) for name in ("bearing_rule", "rules", "over_rules", "source_file")),
        ("source_row", pa.int64()),
    ]
)
NOW = datetime(2026, 1, 5, 6, tzinfo=UTC)
Line = dict[str, Any]


def lines(claims: int = 100) -> list[Line]:
    """Two lines a claim, of three payers; TIM001 flags the first of every second claim, MOD001 every fifth, without dollars."""
    rng, found = random.Random(1), list[Line]()
    for claim in range(claims):
        for number in (1, 2):
            amount = Decimal(rng.randint(2000, 9000)).scaleb(-2)
            over = "TIM001" if claim % 2 == 0 and number == 1 else ""
            coding = "MOD001" if claim % 5 == 0 and number == 1 else ""
            found.append(
                {
                    "claim_id": f"C{1000 + claim}",
                    "claim_line_number": number,
                    "occurrence": 1,
                    "patient_id": f"P{claim % 40:02d}",
                    "service_date": date(2025, 11, 1) + timedelta(days=claim % 28),
                    "payer_name": ("Bluebird", "Medicare Part B", "Northwind")[claim % 10 // 4],
                    "rendering_npi": "1234567893",
                    "procedure_code": "97140",
                    "modifiers": "GP",
                    "units": Decimal(2),
                    "minutes": 30,
                    "line_amount": amount,
                    "counted_once": (amount / 2).quantize(Decimal("0.01")) if over else Decimal(0),
                    "bearing_rule": over or None,
                    "rules": " ".join(part for part in (coding, over) if part),
                    "over_rules": over,
                    "source_file": "export.csv",
                    "source_row": len(found) + 2,
                }
            )
    return found


def run_folder(folder: Path, rows: list[Line] | None = None, findings: Sequence[tuple[Line, str, str]] = ()) -> Path:
    """A finished run whose audited lines are `rows`; `findings` of TIM001 on some of them, each with status and message."""
    folder.mkdir(parents=True)
    rows = lines() if rows is None else rows
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), folder / LINES)
    write_tables(folder, [_finding(*one) for one in findings])
    stored.write(manifest_of([]), folder, (LINES, "findings.parquet", "finding_lines.parquet"))
    return folder


def _finding(line: Line, status: str, message: str) -> dict[str, Any]:
    rule = next(rule for rule in RULES if rule.id == "TIM001")
    (row,) = finding_rows(rule, 1, random.Random(1))
    return {
        **row,
        "claim_id": line["claim_id"],
        "claim_line_number": 1,
        "finding_id": message,
        "status": status,
        "message": message,
    }


def drawn(run: Path, out: Path, choice: Choice | None = None, seed: str = "48863.78", spares: int = 0, **asked: Any) -> Sample:
    """A sample of the run in the folder `out`."""
    return make(run, Request(choice or Choice(), Asked(**asked), spares, seed), out, NOW)


Answer = Mapping[str, Any]


def no_error(row: Row) -> Answer:
    """The answer of a reviewer who finds nothing."""
    return {"error": "no", "allowed_amount": float(row.amount)}


def fill(folder: Path, answer: Callable[[Row], Answer], sheets: Callable[[str, list[list[Any]]], None] | None = None) -> Path:
    """Fill the worksheet as a person would, in a program of another make; `sheets` may change the cells of a sheet."""
    sample, path = design.read(folder), folder / design.WORKSHEET
    rows = {row.drawn: row for row in sample.rows}
    old = python_calamine.load_workbook(str(path))
    tables = {name: old.get_sheet_by_name(name).to_python() for name in (worksheet.SAMPLE, worksheet.SPARES)}
    book = xlsxwriter.Workbook(str(path))
    for name, cells in tables.items():
        heads = [str(head) for head in cells[0]]
        for line in cells[1:]:
            for field, value in answer(rows[int(line[heads.index("drawn")])]).items():
                line[heads.index(field.replace("_", " "))] = value
        if sheets is not None:
            sheets(name, cells)
        sheet = book.add_worksheet(name)
        for at, line in enumerate(cells):
            for column, value in enumerate(line):
                if isinstance(value, date):
                    sheet.write_datetime(at, column, value)
                elif value not in ("", None):
                    sheet.write(at, column, value)
    book.close()
    return path
