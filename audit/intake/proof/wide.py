"""The proof that a wide file's lines are all of its groups: the amounts of the long table against the file's own."""

from decimal import Decimal

import duckdb

from audit.contract import MONEY_COLUMNS
from audit.errors import ReconciliationError
from audit.intake.columns.groups import Groups
from audit.intake.columns.mapping import FileMapping
from audit.intake.proof.totals import amount_of
from audit.intake.raw import RawTable
from audit.intake.rows.numbering import table_of

_AGAIN = "Nothing was audited. Export one line a row, and report this file's shape."


def prove(con: duckdb.DuckDBPyConnection, name: str, wide: RawTable, groups: Groups, mapping: FileMapping, file_no: int) -> None:
    """ReconciliationError where the groups' amounts, read as the mapping reads them, are not those of the lines."""
    for column in (column for column in MONEY_COLUMNS if column in groups.fields):
        cells = ", ".join(wide.fields[index].text for index in groups.fields[column].values())
        read = mapping.named(column)
        cell = "cell" if read is None else read.cell.replace("{cell}", "cell")
        in_file = _total(con, f"SELECT {cell} AS cell FROM (SELECT unnest([{cells}]) AS cell FROM {wide.relation})")
        in_lines = _total(con, f"SELECT {column}_raw AS cell FROM {table_of(file_no)}")
        if in_file != in_lines:
            raise ReconciliationError(
                f"{name}: {column} adds up to {in_file} over the groups of the export and to {in_lines} over its lines.",
                _AGAIN,
            )


def _total(con: duckdb.DuckDBPyConnection, query: str) -> Decimal:
    found = con.execute(f"SELECT cell, count(*) FROM ({query}) WHERE cell IS NOT NULL GROUP BY cell").fetchall()
    return sum(((amount_of(cell) or Decimal(0)) * count for cell, count in found), Decimal(0))
