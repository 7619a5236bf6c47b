"""The tie-out: every row and every dollar read is audited, excluded or rejected, by file and in all.

What was read comes from the files' own cells; what was audited is counted in the table that the rules read. The two
meet here, and a run in which they differ is refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from audit.contract import MONEY_COLUMNS
from audit.errors import ReconciliationError
from audit.model import Dollars, Intake, SourceFile

_FATES = ("audited", "excluded", "rejected")


@dataclass(frozen=True, slots=True)
class Fate:
    """Rows and dollars of one file (or of all): read, audited, excluded, rejected."""

    rows: Mapping[str, int]
    dollars: Mapping[str, Mapping[str, Decimal] | None]

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values; amounts as text with two places, None where the export has no such column."""
        return {
            "rows": dict(self.rows),
            "dollars": {
                name: None if amounts is None else {fate: str(amount) for fate, amount in amounts.items()}
                for name, amounts in self.dollars.items()
            },
        }


def of_files(intake: Intake, counted: Iterable[Mapping[str, Any]]) -> dict[str, Fate]:
    """The fate of each file's rows; `counted` are the rows of queries/summary/file_totals.sql.

    Raises ReconciliationError, naming the file and the difference, where a file does not tie.
    """
    by_file: dict[tuple[str, str], Mapping[str, Any]] = {(row["source_file"], row["fate"]): row for row in counted}
    fates = {file.name: _fate(file, by_file) for file in intake.files}
    for name, fate in fates.items():
        _must_tie(name, fate)
    return fates


def total(fates: Iterable[Fate]) -> Fate:
    """The files' fates added up."""
    fates = list(fates)
    keys = ("read", *_FATES)
    dollars: dict[str, Mapping[str, Decimal] | None] = {}
    for name in MONEY_COLUMNS:
        held = [amounts for fate in fates if (amounts := fate.dollars[name]) is not None]
        dollars[name] = {key: sum((amounts[key] for amounts in held), Decimal("0.00")) for key in keys} if held else None
    return Fate({key: sum(fate.rows[key] for fate in fates) for key in keys}, dollars)


def _fate(file: SourceFile, counted: Mapping[tuple[str, str], Mapping[str, Any]]) -> Fate:
    audited, excluded = counted.get((file.name, "audited"), {}), counted.get((file.name, "excluded"), {})
    rows = {
        "read": file.rows,
        "audited": audited.get("rows", 0),
        "excluded": excluded.get("rows", 0),
        "rejected": file.rejected_rows,
    }
    dollars: dict[str, Mapping[str, Decimal] | None] = {}
    for name in MONEY_COLUMNS:
        read = _amount(file.dollars, name)
        if read is None:
            dollars[name] = None
            continue
        dollars[name] = {
            "read": read,
            "audited": audited.get(name, Decimal("0.00")),
            "excluded": excluded.get(name, Decimal("0.00")),
            "rejected": _amount(file.rejected_dollars, name) or Decimal("0.00"),
        }
    return Fate(rows, dollars)


def _amount(dollars: Dollars, name: str) -> Decimal | None:
    amount: Decimal | None = getattr(dollars, name)
    return amount


def _must_tie(name: str, fate: Fate) -> None:
    if fate.rows["read"] != sum(fate.rows[key] for key in _FATES):
        raise ReconciliationError(_difference(name, "rows", fate.rows), "Nothing was written. Please report this as a defect.")
    for column, amounts in fate.dollars.items():
        if amounts is not None and amounts["read"] != sum(amounts[key] for key in _FATES):
            raise ReconciliationError(
                _difference(name, f"dollars of {column}", amounts), "Nothing was written. Please report this as a defect."
            )


def _difference(name: str, what: str, numbers: Mapping[str, Any]) -> str:
    parts = ", ".join(f"{key} {numbers[key]}" for key in _FATES)
    return f"{name} does not tie out: {what} read {numbers['read']}, but {parts}."
