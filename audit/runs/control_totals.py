"""The tie-out: every row and every dollar read is audited, excluded or rejected, by file and in all.

What was read comes from the files' own cells; what was audited is counted in the table that the rules read. The two
meet here, and a run in which they differ is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from audit.contract import MONEY_COLUMNS
from audit.errors import ReconciliationError
from audit.model import Dollars, Intake, SourceFile

_FATES = ("audited", "excluded", "rejected")
# Of dollars only: read, on audited lines, but the claim's total over again and not the line's own (see claim_total.sql).
CLAIM_TOTALS = "claim_totals"
_DOLLAR_FATES = (*_FATES, CLAIM_TOTALS)


@dataclass(frozen=True, slots=True)
class Fate:
    """Rows and dollars of one file (or of all): read, audited, excluded, rejected; of dollars also `claim_totals`."""

    rows: Mapping[str, int]
    dollars: Mapping[str, Mapping[str, Decimal] | None]


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
    keys = ("read", *_DOLLAR_FATES)
    dollars: dict[str, Mapping[str, Decimal] | None] = {}
    for name in MONEY_COLUMNS:
        held = [amounts for fate in fates if (amounts := fate.dollars[name]) is not None]
        dollars[name] = {key: sum((amounts[key] for amounts in held), Decimal("0.00")) for key in keys} if held else None
    return Fate({key: sum(fate.rows[key] for fate in fates) for key in ("read", *_FATES)}, dollars)


def _fate(file: SourceFile, counted: Mapping[tuple[str, str], Mapping[str, Any]]) -> Fate:
    audited, excluded = counted.get((file.name, "audited"), {}), counted.get((file.name, "excluded"), {})
    repeated = counted.get((file.name, CLAIM_TOTALS), {})
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
            CLAIM_TOTALS: repeated.get(name, Decimal("0.00")),
        }
    return Fate(rows, dollars)


def _amount(dollars: Dollars, name: str) -> Decimal | None:
    amount: Decimal | None = getattr(dollars, name)
    return amount


def _must_tie(name: str, fate: Fate) -> None:
    if fate.rows["read"] != sum(fate.rows[key] for key in _FATES):
        raise _does_not_tie(name, "rows", fate.rows, _FATES)
    for column, amounts in fate.dollars.items():
        if amounts is not None and amounts["read"] != sum(amounts[key] for key in _DOLLAR_FATES):
            raise _does_not_tie(name, f"dollars of {column}", amounts, _DOLLAR_FATES)


def _does_not_tie(name: str, what: str, numbers: Mapping[str, Any], fates: Sequence[str]) -> ReconciliationError:
    parts = ", ".join(f"{key.replace('_', ' ')} {numbers[key]}" for key in fates)
    difference = f"{name} does not tie out: {what} read {numbers['read']}, but {parts}."
    return ReconciliationError(difference, "Nothing was written. Please report this as a defect.")
