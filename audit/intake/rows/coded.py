"""Coded columns of the files' tables brought to their codes, once for all files: "Primary" to P, "11 - Office" to 11.

Every different cell is looked at once, however many rows hold it; tables whose cells are codes already are not touched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from audit.intake.columns.code_words import COLUMNS, read_code
from audit.intake.raw import sql_text
from audit.terms import plural

# What is made of lines whose cell is not understood.
_WITHOUT: Mapping[str, str] = {
    "claim_frequency_code": "taken for original claims; where the word means replacement or void, write 7 or 8",
    "place_of_service": "the rules on it are not evaluated there",
    "claim_filing_indicator": "the payer's name alone says what it is",
    "bill_type": "taken for claims of persons, not of institutions",
    "revenue_code": "the rules on it are not evaluated there",
    "rendering_taxonomy": "the rules on who gave the service are not evaluated there",
}
_NO_ORDER = "no cell of the column is one, so all lines are judged as primary claims"
_APART = "such lines are held apart from others, and rules on primary claims do not read them"
_FROM_NOUGHT = "it is numbered from 0, and which number is the primary is not told"
# Of a cell that is not understood the text goes no further, for it may be anybody's name; but lines of another order of coverage
# stay apart from the primary's, and a payer that has no name from other payers.
_KEPT = ("payer_sequence", "claim_filing_indicator")
_MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Coded:
    """Sentences on cells that were read as codes, and on those that were not understood."""

    notes: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """A coded column over all files: rows by cell, and the code of each cell, None where it is not understood."""

    name: str
    rows: Mapping[str, int]
    codes: Mapping[str, str | None]
    counts_from_nought: bool

    @property
    def unread(self) -> int:
        """Rows whose cell is not understood."""
        return sum(count for cell, count in self.rows.items() if self.codes[cell] is None)

    @property
    def is_understood(self) -> bool:
        """Whether some cell is."""
        return any(code is not None for code in self.codes.values())

    @property
    def keeps_unread(self) -> bool:
        """Whether a cell that is not understood stays as it is."""
        if self.name == "payer_sequence":
            return self.is_understood or self.counts_from_nought
        return self.name in _KEPT


def settle_codes(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Sequence[str]]) -> Coded:
    """Bring coded columns to their codes; `tables` has the contract columns that each table of files' rows fills."""
    notes, warnings = [], []
    for name in COLUMNS:
        held = [table for table, columns in tables.items() if name in columns]
        column = _read(con, name, held)
        for table in held:
            _write(con, table, column)
        notes += _told(column)
        warnings += _warned(column)
    return Coded(tuple(notes), tuple(warnings))


def _read(con: duckdb.DuckDBPyConnection, name: str, tables: Sequence[str]) -> _Column:
    rows: dict[str, int] = {}
    for table in tables:
        counted = (
            f"SELECT {name}, count(*) FROM {table} WHERE {name} IS NOT NULL AND faults IS NULL AND left_out IS NULL GROUP BY ALL"
        )
        for cell, count in con.execute(counted).fetchall():
            rows[cell] = rows.get(cell, 0) + count
    codes = {cell: read_code(name, cell) for cell in rows}
    # Systems that count from 0 may mean the patient by it, or the first insurance.
    from_nought = name == "payer_sequence" and any(cell.strip("0") == "" for cell in rows)
    if from_nought:
        codes = {cell: None if cell.isdecimal() else code for cell, code in codes.items()}
    return _Column(name, rows, codes, from_nought)


def _write(con: duckdb.DuckDBPyConnection, table: str, column: _Column) -> None:
    understood = {cell: code for cell, code in column.codes.items() if code is not None}
    changed = {cell: code for cell, code in understood.items() if code != cell}
    cases = " ".join(f"WHEN {sql_text(cell)} THEN nullif({sql_text(code)}, '')" for cell, code in understood.items())
    if column.unread and not column.keeps_unread:
        # However many different cells a column holds that is none of codes, its codes are few.
        con.execute(f"UPDATE {table} SET {column.name} = {f'CASE {column.name} {cases} END' if cases else 'NULL'}")
    elif changed:
        cells = ", ".join(map(sql_text, changed))
        con.execute(f"UPDATE {table} SET {column.name} = CASE {column.name} {cases} END WHERE {column.name} IN ({cells})")


def _told(column: _Column) -> list[str]:
    """The words that were read as codes: each is one that the table knows, so nobody's name."""
    read: dict[str, int] = {}
    for cell, count in column.rows.items():
        code = column.codes[cell]
        if code is not None and code != cell:
            shown = code or "blank"
            read[shown] = read.get(shown, 0) + count
    if not read:
        return []
    listed = ", ".join(f"{code} on {plural(count, 'row')}" for code, count in sorted(read.items())[:_MOST_SHOWN])
    more = f" and {len(read) - _MOST_SHOWN} more codes" if len(read) > _MOST_SHOWN else ""
    return [f"{column.name} stands in words or in another form than the code's, and was read as {listed}{more}."]


def _warned(column: _Column) -> list[str]:
    if not column.unread:
        return []
    if column.name != "payer_sequence":
        made = _WITHOUT[column.name]
    elif column.counts_from_nought:
        made = f"{_FROM_NOUGHT}: {_APART}"
    else:
        made = _APART if column.is_understood else _NO_ORDER
    return [f"{column.name} is not understood on {plural(column.unread, 'row')}: {made}."]
