"""A totals line at the end of an export: no claim line, not rejected either, but held against the sum it states."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from audit.contract import COLUMNS, Kind
from audit.intake.columns.mapping import FileMapping
from audit.intake.proof.totals import amount_of
from audit.intake.raw import BrokenRow, RawTable
from audit.intake.rows.store import rows_of

_LAST_ROWS = 3
_WORDS = r"(?i)\s*(grand|report|sub)?\s*-?\s*totals?\b.*"


@dataclass(frozen=True, slots=True)
class Footer:
    """Rows of the file that only state totals, and the dollars they state by column."""

    rows: tuple[int, ...]
    stated: dict[str, Decimal]


def find_footer(con: duckdb.DuckDBPyConnection, file_no: int, table: RawTable, mapping: FileMapping, rows: int) -> Footer:
    """Totals among the last rows: no patient, date or code, and the word "total", or nothing but amounts."""
    money = [a.name for a in mapping.assignments if _kind(a.name) is Kind.MONEY]
    words = [f'"{a.name}"' for a in mapping.assignments if _kind(a.name) in (Kind.TEXT, Kind.CODE) and a.index >= 0]
    texts = ", ".join(words) or "''"
    raws = ", ".join(f"{name}_raw" for name in money)
    found = con.execute(
        f"""
        SELECT row_number{", " if raws else ""}{raws}
        FROM {rows_of(file_no)}
        WHERE row_number > {rows - _LAST_ROWS} AND len(faults) > 0
            AND patient_id IS NULL AND service_date IS NULL AND (procedure_code IS NULL OR strlen(procedure_code) <> 5)
            AND (
                len(list_filter([{texts}], lambda word: regexp_full_match(word, '{_WORDS}'))) > 0
                OR (len(list_filter([{texts}], lambda word: word IS NOT NULL)) = 0
                    AND coalesce({raws or "NULL"}) IS NOT NULL)
            )
        ORDER BY row_number
        """
    ).fetchall()
    # In a wide file the totals line has an amount for each group across, and so several lines of one row.
    stated = _stated([line[1:] for line in found if line[0] == found[-1][0]], money)
    broken = tuple(row.source_row for row in table.broken.last if _is_footer(row, rows))
    return Footer(tuple(row[0] for row in found) + broken, stated)


def _kind(name: str) -> Kind:
    return next(column.kind for column in COLUMNS if column.name == name)


def _stated(lines: Sequence[Sequence[str | None]], money: Sequence[str]) -> dict[str, Decimal]:
    stated: dict[str, Decimal] = {}
    for cells in lines:
        for name, cell in zip(money, cells, strict=True):
            amount = amount_of(cell)
            if amount is not None:
                stated[name] = stated.get(name, Decimal(0)) + amount
    return stated


def _is_footer(row: BrokenRow, rows: int) -> bool:
    text = row.text.lstrip("\"' ,;|\t").casefold()
    return row.source_row > rows - _LAST_ROWS and text.startswith(("total", "grand total", "report total"))
