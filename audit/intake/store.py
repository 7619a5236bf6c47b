"""The session's tables that intake fills: intake_line underneath, claim_row and rejected_row for everybody else."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from audit.contract import COLUMNS, MONEY_COLUMNS
from audit.errors import ReconciliationError
from audit.intake.casting import FAULT_TYPE, select_typed
from audit.intake.mapping import FileMapping
from audit.intake.raw import BrokenRow, RawTable, sql_text
from audit.model import Rejection

# A line's id is its file's number and its row in that file, so that it is the same however the export is read.
ROWS_PER_FILE_BITS = 40
# In a wide file, where one row holds several lines, the line's place in its row stands behind the row's number.
PLACE_BITS = 10
_GROUP_SAID = "CASE place WHEN 0 THEN 'no group across holds anything: ' ELSE coalesce('group ' || place || ': ', '') END"


class RowsMissingError(Exception):
    """A reader gave another number of rows than the file has lines."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Rows of a file that went into intake_line, and where in it they stand (DuckDB's rowid of the first)."""

    rows: int
    first_rowid: int


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Empty intake_line and rejected_row; claim_row is a view that publish() makes once the files are in."""
    con.execute("DROP VIEW IF EXISTS claim_row")
    typed = ", ".join(f'"{column.name}" {column.kind.sql_type}' for column in COLUMNS)
    raw = ", ".join(f"{name}_raw VARCHAR" for name in MONEY_COLUMNS)
    keys = "file_no INTEGER, source_row BIGINT, place INTEGER"
    con.execute(f"CREATE OR REPLACE TABLE intake_line ({keys}, {typed}, {raw}, faults {FAULT_TYPE})")
    con.execute(
        "CREATE OR REPLACE TABLE rejected_row "
        "(source_file VARCHAR, source_row BIGINT, column_name VARCHAR, value VARCHAR, reason VARCHAR)"
    )


def insert(con: duckdb.DuckDBPyConnection, table: RawTable, mapping: FileMapping, file_no: int, expected: int | None) -> Stored:
    """Type the raw table's rows into intake_line; `expected` is how many there must be.

    DuckDB's error comes through, RowsMissingError is raised where the count differs, and nothing of the file is stored.
    """
    con.execute("BEGIN")
    try:
        con.execute(f"INSERT INTO intake_line BY NAME {select_typed(table, mapping.assignments, file_no)}")
        found = con.execute("SELECT count(*) FROM intake_line WHERE file_no = ?", [file_no]).fetchone()
        rows = found[0] if found else 0
        if expected not in (None, rows):
            raise RowsMissingError(f"{expected} rows stand in the file and {rows} were read")
    except (duckdb.Error, RowsMissingError):
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")
    return Stored(rows, _first_rowid(con, file_no, rows))


def _first_rowid(con: duckdb.DuckDBPyConnection, file_no: int, rows: int) -> int:
    """Where the file begins in intake_line. Rows are numbered from there, so they must stand in one run."""
    found = con.execute("SELECT min(rowid), max(rowid) FROM intake_line WHERE file_no = ?", [file_no]).fetchone()
    first, last = found or (None, None)
    if rows and last - first + 1 != rows:
        raise ReconciliationError(f"The rows of file {file_no} do not stand together in the session.", "Run it again.")
    return int(first or 0)


def number_lines(con: duckdb.DuckDBPyConnection, file_no: int) -> None:
    """Give each claim's lines the numbers 1, 2, 3 in the order of the file, for an export that has none.

    A wide file's lines take the number of their group, unless the claim stands in several rows that use one twice.
    """
    con.execute(
        """
        UPDATE intake_line SET claim_line_number = numbered.line_number
        FROM (
            SELECT
                rowid AS line_rowid,
                CASE
                    WHEN place IS NOT NULL
                        AND max(source_row) OVER (PARTITION BY claim_id) = min(source_row) OVER (PARTITION BY claim_id)
                        THEN place
                    ELSE row_number() OVER (PARTITION BY claim_id ORDER BY source_row, place, rowid)
                END AS line_number
            FROM intake_line WHERE file_no = $file_no
        ) AS numbered
        WHERE intake_line.rowid = numbered.line_rowid AND file_no = $file_no
        """,
        {"file_no": file_no},
    )


def forget_noughts(con: duckdb.DuckDBPyConnection, file_no: int, name: str, mapping: FileMapping) -> list[str]:
    """Take minutes that are 0 on every row of the file for not recorded; gives a warning for each column so taken.

    Systems that keep minutes for anesthesia alone write 0 beside therapy: held against the units, that would flag them all.
    """
    said = []
    for column in ("minutes", "visit_timed_minutes", "visit_total_minutes"):
        if mapping.named(column) is None:
            continue
        found = con.execute(
            f"SELECT count({column}), count({column}) FILTER ({column} <> 0) FROM intake_line WHERE file_no = ?", [file_no]
        ).fetchone()
        stated, told = found or (0, 0)
        if stated and not told:
            con.execute(f"UPDATE intake_line SET {column} = NULL WHERE file_no = ?", [file_no])
            said.append(f"{name}: {column} is 0 on all of its {stated:,} rows that state it, and counts as not recorded.")
    return said


def reject(
    con: duckdb.DuckDBPyConnection,
    file_no: int,
    name: str,
    stored: Stored,
    broken: Sequence[BrokenRow],
    footer_rows: Sequence[int],
) -> int:
    """Write the file's rejected cells, but not those of its totals lines; gives how many rows they belong to.

    A line of a wide file counts as a row.
    """
    con.execute(
        f"""
        INSERT INTO rejected_row
        SELECT {sql_text(name)}, row_number, fault.column_name, fault.value, {_GROUP_SAID} || fault.reason
        FROM (
            SELECT coalesce(source_row, rowid - {stored.first_rowid} + 1) AS row_number, place, unnest(faults) AS fault
            FROM intake_line WHERE file_no = ? AND faults IS NOT NULL
        )
        WHERE row_number NOT IN (SELECT unnest(CAST(? AS BIGINT[])))
        """,
        [file_no, list(footer_rows)],
    )
    if broken:
        con.executemany(
            "INSERT INTO rejected_row VALUES (?, ?, '', ?, ?)",
            [(name, row.source_row, row.text[:1000], row.reason) for row in broken],
        )
    found = con.execute(
        f"""
        SELECT count(*) FROM intake_line
        WHERE file_no = ? AND len(faults) > 0
            AND coalesce(source_row, rowid - {stored.first_rowid} + 1) NOT IN (SELECT unnest(CAST(? AS BIGINT[])))
        """,
        [file_no, list(footer_rows)],
    ).fetchone()
    return (int(found[0]) if found else 0) + len(broken)


def blank_rows(con: duckdb.DuckDBPyConnection, file_no: int) -> int:
    """Rows of the file in which every mapped cell is blank."""
    found = con.execute("SELECT count(*) FROM intake_line WHERE file_no = ? AND len(faults) = 0", [file_no]).fetchone()
    return int(found[0]) if found else 0


def publish(con: duckdb.DuckDBPyConnection, names: Sequence[str], first_rowids: Sequence[int]) -> None:
    """Make claim_row: the rows without fault, under their file's name and row."""
    con.execute("".join(f"ALTER TABLE intake_line DROP COLUMN {name}_raw; " for name in MONEY_COLUMNS))
    files = ", ".join(sql_text(name) for name in names)
    firsts = ", ".join(f"CAST({first} AS BIGINT)" for first in first_rowids)
    columns = ", ".join(f'"{column.name}"' for column in COLUMNS)
    con.execute(
        f"""
        CREATE OR REPLACE VIEW claim_row AS
        SELECT (CAST(file_no AS BIGINT) << {ROWS_PER_FILE_BITS})
                + CASE WHEN place IS NULL THEN row_number ELSE (row_number << {PLACE_BITS}) + place END AS line_id,
            [{files}][file_no] AS source_file, row_number AS source_row, {columns}
        FROM (
            SELECT *, coalesce(source_row, rowid - [{firsts}][file_no] + 1) AS row_number
            FROM intake_line WHERE faults IS NULL
        )
        """
    )
    con.execute("CREATE OR REPLACE TABLE rejected_row AS FROM rejected_row ORDER BY ALL")


def filled_columns(con: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Contract columns that hold a value on some line."""
    counts = con.execute(
        "SELECT " + ", ".join(f'count("{column.name}") > 0' for column in COLUMNS) + " FROM intake_line WHERE faults IS NULL"
    ).fetchone()
    return tuple(column.name for column, filled in zip(COLUMNS, counts or (), strict=True) if filled)


def rejections(con: duckdb.DuckDBPyConnection) -> tuple[Rejection, ...]:
    """Why rows were refused, commonest first."""
    rows = con.execute(
        "SELECT column_name, reason, count(*) AS refused FROM rejected_row "
        "GROUP BY ALL ORDER BY refused DESC, column_name, reason"
    ).fetchall()
    return tuple(Rejection(*row) for row in rows)
