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
        _type_odd(con, target, table, mapping)
        # From here on a row's place in the table tells its number no more.
        con.execute(f"UPDATE {target} SET source_row = {ROW_NUMBER} WHERE source_row IS NULL")
        con.execute(f"DELETE FROM {target} WHERE cells IS NOT NULL")
    con.execute(f"ALTER TABLE {target} DROP COLUMN cells")
    if found:
        con.execute(
            f"INSERT INTO {target} BY NAME SELECT typed.* REPLACE (put_by.source_row AS source_row) "
            "FROM intake_odd AS typed INNER JOIN intake_put_by AS put_by ON put_by.alike = typed.source_row "
            "AND put_by.place IS NOT DISTINCT FROM typed.place"
        )
        con.execute("DROP TABLE intake_odd")
        con.execute("DROP TABLE intake_put_by")
    return True


def _type_odd(con: duckdb.DuckDBPyConnection, target: str, table: RawTable, mapping: FileMapping) -> None:
    """Make intake_odd of the rows that are put by, typed, and intake_put_by of their numbers.

    Rows of the same cells read alike: the first of them is typed, and stands for those that are `alike`. A report's header, over
    and over, is so read once. Where no cells are put by (an empty list) each row is its own.
    """
    con.execute(
        f"CREATE OR REPLACE TABLE intake_put_by AS SELECT source_row, place, CASE WHEN len(cells) = 0 THEN source_row "
        "ELSE min(source_row) OVER (PARTITION BY place, cells) END AS alike, cells "
        f"FROM (SELECT {ROW_NUMBER} AS source_row, place, cells FROM {target} WHERE cells IS NOT NULL)"
    )
    first = "(SELECT source_row, place, cells FROM intake_put_by WHERE source_row = alike)"
    con.execute(f"CREATE OR REPLACE TABLE intake_odd AS {select_odd(first, table, mapping.assignments)}")
