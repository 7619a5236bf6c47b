"""Rows of findings.parquet as records, their text clean: what the tables of the report show one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    return [_finding(row) for row in weightiest(table, limit).to_pylist()]


def weightiest(table: pa.Table, limit: int) -> pa.Table:
    """The first `limit` rows by potential dollars, then date, claim and line."""
    return table.take(pc.select_k_unstable(table, k=min(limit, table.num_rows), sort_keys=_ORDER))  # the last key is unique


def _finding(row: Mapping[str, Any]) -> Finding:
    return Finding(
        finding_id=clean(row["finding_id"]),
        rule_id=clean(row["rule_id"]),
        family=clean(row["family"]),
        direction=clean(row["direction"]),
        claim_id=clean(row["claim_id"]),
        claim_line_number=row["claim_line_number"],
        patient_id=row["patient_id"],
        service_date=row["service_date"],
        provider=clean(row["rendering_npi"] or row["billing_npi"]),
        payer_name=clean(row["payer_name"]),
        procedure_code=clean(row["procedure_code"]),
        modifiers=clean(row["modifiers"]),
        units_billed=row["units_billed"],
        amount_at_risk=row["amount_at_risk"],
        counted_once=row["counted_once"],
        how_made=clean(row["how_made"]),
        message=clean(row["message"]),
        source_file=clean(row["source_file"]),
        source_row=row["source_row"],
    )
