"""A raw table's rows into a table of typed ones: in the usual shapes first where most rows have them, else all with care."""

import duckdb

from audit.intake.columns.mapping import FileMapping
from audit.intake.raw import RawTable
from audit.intake.rows.casting import select_typed
from audit.intake.rows.numbering import ROW_NUMBER
from audit.intake.rows.usual import can_be_read_so, select_odd, select_usual, try_rows

# So many rows of a file are tried, and so few of them may be odd, for it to be read in the usual shapes first.
_TRIED, _FEW_ODD = 2_000, 10


def insert(con: duckdb.DuckDBPyConnection, target: str, table: RawTable, mapping: FileMapping) -> None:
    """Make the table `target` of the raw table's rows, typed. Where DuckDB's error comes through, there is none."""
    if not (can_be_read_so(table, mapping) and _insert_usual(con, target, table, mapping)):
        con.execute(f"CREATE OR REPLACE TABLE {target} AS {select_typed(table, mapping.assignments, mapping.entries)}")


def _insert_usual(con: duckdb.DuckDBPyConnection, target: str, table: RawTable, mapping: FileMapping) -> bool:
    """Type the rows in the usual shapes, then the others; gives whether that was worth while."""
    tried = try_rows(con, table, mapping.assignments, _TRIED)
    if tried.odd * _FEW_ODD > tried.rows:
        return False
    con.execute(f"CREATE OR REPLACE TABLE {target} AS {select_usual(table, mapping.assignments, tried.recurring)}")
    found = con.execute(f"SELECT 1 FROM {target} WHERE cells IS NOT NULL LIMIT 1").fetchone()
    if found:
        put_by = f"(SELECT {ROW_NUMBER} AS source_row, place, cells FROM {target} WHERE cells IS NOT NULL)"
        con.execute(f"CREATE OR REPLACE TABLE intake_odd AS {select_odd(put_by, table, mapping.assignments)}")
        # From here on a row's place in the table tells its number no more.
        con.execute(f"UPDATE {target} SET source_row = {ROW_NUMBER} WHERE source_row IS NULL")
        con.execute(f"DELETE FROM {target} WHERE cells IS NOT NULL")
    con.execute(f"ALTER TABLE {target} DROP COLUMN cells")
    if found:
        con.execute(f"INSERT INTO {target} BY NAME FROM intake_odd")
        con.execute("DROP TABLE intake_odd")
    return True
