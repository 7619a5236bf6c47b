"""Rows of findings.parquet as records, their text clean: what the tables of the report show one by one."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from audit.report.text import clean

_ORDER = [
    ("amount_at_risk", "descending"),
    ("service_date", "ascending"),
    ("claim_id", "ascending"),
    ("claim_line_number", "ascending"),
    ("finding_id", "ascending"),
]


# What stands in a Finding as the run holds it; all else is text.
_AS_STORED = ("claim_line_number", "patient_id", "service_date", "units_billed", "amount_at_risk", "counted_once", "source_row")
_TEXTS = (
    "finding_id", "rule_id", "family", "direction", "claim_id", "payer_name", "procedure_code", "modifiers", "how_made",
    "message", "source_file",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `patient_id` alone is as the export has it: it is shown through a Namer, which needs it so."""

    finding_id: str
    rule_id: str
    family: str
    direction: str
    claim_id: str
    claim_line_number: int | None
    patient_id: str | None
    service_date: date
    provider: str
    payer_name: str
    procedure_code: str
    modifiers: str
    units_billed: Decimal | None
    amount_at_risk: Decimal
    counted_once: Decimal
    how_made: str
    message: str
    source_file: str
    source_row: int | None


def first(table: pa.Table, limit: int) -> list[Finding]:
    """The first `limit` findings by potential dollars, then date, claim and line."""
    shown = weightiest(table, limit)
    held = {name: _values(shown, name) for name in (*_AS_STORED, *_TEXTS, "rendering_npi", "billing_npi")}
    held["provider"] = [one or other for one, other in zip(held["rendering_npi"], held["billing_npi"], strict=True)]
    return [Finding(*values) for values in zip(*(held[field.name] for field in fields(Finding)), strict=True)]


def _values(table: pa.Table, name: str) -> list[Any]:
    """A column's values. Texts are made inert where the run is read, but for those that no two rows share: here."""
    column = table[name]
    if pa.types.is_dictionary(column.type):
        texts: list[Any] = pc.fill_null(column.cast(pa.string()), "").to_pylist()
        return texts
    values: list[Any] = column.to_pylist()
    return values if name in _AS_STORED else [clean(value) for value in values]


def weightiest(table: pa.Table, limit: int) -> pa.Table:
    """The first `limit` rows by potential dollars, then date, claim and line."""
    return table.take(pc.select_k_unstable(table, k=min(limit, table.num_rows), sort_keys=_ORDER))  # the last key is unique


def in_order(table: pa.Table) -> pa.Table:
    """All rows, the weightiest first."""
    return table.take(pc.sort_indices(table, sort_keys=_ORDER))
