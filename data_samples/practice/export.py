"""Writes the sample: CSV as a practice system exports it, canonical Parquet, the answer key and the decoys."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from practice.columns import COLUMNS
from practice.records import Decoy, Expected, Line

_TYPE = {
    "text": pa.string(),
    "whole": pa.int32(),
    "units": pa.decimal128(9, 2),
    "money": pa.decimal128(12, 2),
    "date": pa.date32(),
    "time": pa.time64("us"),
}


def write_text(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """A CSV file: UTF-8, comma, one newline at the end of each row on every system."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.getvalue().encode("utf-8"))


def write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    """The rows under the practice system's own headers, in its own way of writing dates, times and money."""
    header = [header for _, header, _ in COLUMNS]
    body = [[_cell(row[name], kind) for name, _, kind in COLUMNS] for row in rows]
    write_text(path, [header, *body])


def write_parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    """The same rows in the same order, canonical names and types."""
    schema = pa.schema([(name, _TYPE[kind]) for name, _, kind in COLUMNS])
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path, compression="zstd")


def write_answer_key(path: Path, expected: list[Expected]) -> None:
    """One row a finding, under its lead line: the largest amount at risk, then claim number, then line number."""
    rows = []
    for finding in expected:
        lead = min(finding.at_risk, key=lambda item: (-item[1], item[0].claim_id, item[0].number))[0]
        amount = sum(cents for _, cents in finding.at_risk)
        rows.append(
            (finding.rule_id, finding.subject, *_place(lead), f"{Decimal(amount) / 100:.2f}", finding.direction, finding.why)
        )
    header = (
        "rule_id", "subject", "claim_id", "claim_line_number", "patient_id", "service_date", "amount_at_risk", "direction", "why",
    )  # fmt: skip
    write_text(path, [header, *sorted(rows)])


def write_decoys(path: Path, decoys: list[Decoy]) -> None:
    """One row for each line that looks like a defect and is none."""
    rows = [(decoy.rule_id, *_place(decoy.line), decoy.why) for decoy in decoys]
    write_text(path, [("rule_id", "claim_id", "claim_line_number", "patient_id", "service_date", "why"), *sorted(rows)])


def _place(line: Line) -> tuple[str, str, str, str]:
    claim = line.home
    return line.claim_id, str(line.number), claim.patient.patient_id, claim.day.isoformat()


def _cell(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%m/%d/%Y}"
    if isinstance(value, time):
        return f"{value.hour % 12 or 12}:{value.minute:02d} {'AM' if value.hour < 12 else 'PM'}"
    if isinstance(value, Decimal) and kind == "money":
        return f"{'-' if value < 0 else ''}${abs(value):,.2f}"
    return str(value)
