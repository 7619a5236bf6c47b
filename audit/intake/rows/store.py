"""The session's tables that intake fills: one a file underneath, claim_row and rejected_row for everybody else.

A file's table has the columns that the file fills and no others: one with the contract's sixty columns, most of them NULL,
would take as long to write as the file to read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from audit.contract import COLUMNS, MONEY_COLUMNS
from audit.intake.columns.mapping import FileMapping
from audit.intake.raw import BrokenRows, RawTable, sql_path, sql_text
from audit.intake.rows.casting import select_typed, typed_names
from audit.intake.rows.coded import Coded
from audit.intake.rows.inserting import insert
from audit.intake.rows.modifiers import MODIFIERS
from audit.intake.rows.numbering import FILE_OF_ROW, ROW_NUMBER, rows_of, table_of
from audit.intake.rows.publishing import Batch, publish
from audit.model import Rejection

# So many of the rows that were refused for a reason are named.
_FIRST = 5
_GROUP_SAID = "CASE place WHEN 0 THEN 'no group across holds anything: ' ELSE coalesce('group ' || place || ': ', '') END"
# A cell that is no date, amount or number may be a patient's name or number, out of a row whose columns have shifted.
_VALUE_SHOWN = "masked(fault.value)"
# What excluded_row says of a row that is no claim line.
_LEFT_OUT = {
    "claim_id": "VARCHAR",
    "claim_line_number": "INTEGER",
    "service_date": "DATE",
    **dict.fromkeys(MONEY_COLUMNS, "DECIMAL(12,2)"),
}


@dataclass(slots=True)
class Store:
    """The tables of one load. Files are numbered from 1, in the order in which they come."""

    con: duckdb.DuckDBPyConnection
    _columns: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _batches: list[Batch] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.con.execute("DROP VIEW IF EXISTS claim_row")
        self.con.execute(
            "CREATE OR REPLACE TABLE rejected_row "
            "(source_file VARCHAR, source_row BIGINT, column_name VARCHAR, value VARCHAR, reason VARCHAR)"
        )
        columns = ", ".join(f"{name} {kind}" for name, kind in _LEFT_OUT.items())
        self.con.execute(
            f"CREATE OR REPLACE TABLE left_out_row (source_file VARCHAR, source_row BIGINT, reason VARCHAR, {columns})"
        )

    def insert(self, table: RawTable, mapping: FileMapping, file_no: int) -> int:
        """Type the raw table's rows into the file's table; gives how many. Where DuckDB's error comes through, none is stored."""
        target = table_of(file_no)
        insert(self.con, target, table, mapping)
        self._columns[file_no] = typed_names(mapping.assignments)
        found = self.con.execute(f"SELECT count(*) FROM {target}").fetchone()
        return int(found[0]) if found else 0

    def drop(self, file_no: int) -> None:
        """Forget the file's rows: they are not all of it."""
        self.con.execute(f"DROP TABLE {table_of(file_no)}")

    def insert_batch(self, table: RawTable, mapping: FileMapping) -> str:
        """Type the rows of several files of one mapping; gives the table, which keep_of_batch() makes part of the session."""
        target = f"intake_batch_{len(self._batches) + 1}"
        self.con.execute(f"CREATE OR REPLACE TABLE {target} AS {select_typed(table, mapping.assignments)}")
        return target

    def keep_of_batch(self, table: str, file_nos: Sequence[int], mapping: FileMapping) -> None:
        """Keep the rows of those files of a batch, all of them lines without fault; the others' are forgotten."""
        if not file_nos:
            self.con.execute(f"DROP TABLE {table}")
            return
        self.con.execute(f"DELETE FROM {table} WHERE {FILE_OF_ROW} NOT IN (SELECT unnest(CAST(? AS BIGINT[])))", [list(file_nos)])
        unnamed = unnamed_modifiers(mapping)
        columns = tuple(name for name in typed_names(mapping.assignments) if name not in unnamed)
        if mapping.named("claim_line_number") is None:
            self._number_lines(table, f"{FILE_OF_ROW}, claim_id")
            columns += ("claim_line_number",)
        self._batches.append(Batch(table, columns))

    def number_rows(self, file_no: int, numbers: Sequence[int]) -> None:
        """Number the rows as the file's lines are; `numbers` has each row's, in the order of the file.

        Nothing has to be done for a range: a file without notes of several lines is numbered by the order of its rows.
        """
        if isinstance(numbers, range):
            return
        # A cursor of its own: a connection whose last result was not fetched to its end takes no table from Python.
        with self.con.cursor() as cursor:
            cursor.register("row_lines", pa.table({"line": pa.array(numbers, pa.int64())}))
            cursor.execute("CREATE OR REPLACE TABLE intake_lines AS FROM row_lines").fetchall()
        self.con.execute(
            f"""
            UPDATE {table_of(file_no)} SET source_row = line FROM (SELECT rowid AS place_in_file, line FROM intake_lines) AS lines
            WHERE place_in_file = {ROW_NUMBER} - ahead - 1
            """
        )
        self.con.execute("DROP TABLE intake_lines")

    def settle_modifiers(self, file_no: int, mapping: FileMapping) -> tuple[str, ...]:
        """Drop modifiers that no column is mapped to and no cell of a code holds; gives those that cells of codes do hold."""
        names = unnamed_modifiers(mapping)
        if not names:
            return ()
        counts = ", ".join(f"count({name}) > 0" for name in names)
        found = self.con.execute(f"SELECT {counts} FROM {table_of(file_no)}").fetchone() or ()
        held = tuple(name for name, is_held in zip(names, found, strict=True) if is_held)
        for name in set(names) - set(held):
            self.con.execute(f"ALTER TABLE {table_of(file_no)} DROP COLUMN {name}")
        self._columns[file_no] = tuple(name for name in self._columns[file_no] if name not in names or name in held)
        return held

    def leave_out(self, file_no: int, name: str) -> int:
        """Write the file's rows that are no claim lines to left_out_row; gives how many they are."""
        values = ", ".join(column if column in self._columns[file_no] else "NULL" for column in _LEFT_OUT)
        source = f"FROM {rows_of(file_no)} WHERE left_out IS NOT NULL"
        self.con.execute(f"INSERT INTO left_out_row SELECT {sql_text(name)}, row_number, left_out, {values} {source}")
        found = self.con.execute(f"SELECT count(*) {source}").fetchone()
        return int(found[0]) if found else 0

    def number_lines(self, file_no: int) -> None:
        """Give each claim's lines the numbers 1, 2, 3 in the order of the file, for an export that has none.

        A wide file's lines take the number of their group, unless the claim stands in several rows that use one twice.
        """
        self._number_lines(table_of(file_no), "claim_id")
        self._columns[file_no] += ("claim_line_number",)

    def _number_lines(self, target: str, claim: str) -> None:
        self.con.execute(f"ALTER TABLE {target} ADD COLUMN claim_line_number INTEGER")
        self.con.execute(
            f"""
            UPDATE {target} SET claim_line_number = numbered.line_number
            FROM (
                SELECT
                    rowid AS line_rowid,
                    CASE
                        WHEN place IS NOT NULL
                            AND max(source_row) OVER (PARTITION BY {claim}) = min(source_row) OVER (PARTITION BY {claim})
                            THEN place
                        ELSE row_number() OVER (PARTITION BY {claim} ORDER BY source_row, place, rowid)
                    END AS line_number
                FROM {target}
            ) AS numbered
            WHERE {target}.rowid = numbered.line_rowid
            """
        )

    def forget_noughts(self, file_no: int, name: str, mapping: FileMapping) -> list[str]:
        """Take minutes that are 0 on every row of the file for not recorded; gives a warning for each column so taken.

        Systems that keep minutes for anesthesia alone write 0 beside therapy: held against the units, that would flag them all.
        """
        target = table_of(file_no)
        said = []
        for column in ("minutes", "visit_timed_minutes", "visit_total_minutes"):
            if mapping.named(column) is None:
                continue
            found = self.con.execute(f"SELECT count({column}), count({column}) FILTER ({column} <> 0) FROM {target}").fetchone()
            stated, told = found or (0, 0)
            if stated and not told:
                self.con.execute(f"UPDATE {target} SET {column} = NULL")
                where = "the 1 row that states it" if stated == 1 else f"all of its {stated:,} rows that state it"
                said.append(f"{name}: {column} is 0 on {where}, and counts as not recorded.")
        return said

    def set_apart(self, file_no: int, rows: Sequence[int]) -> None:
        """Take rows out of the file's table that are no claims; the numbers of the others stay."""
        if not rows:
            return
        target = table_of(file_no)
        self.con.execute(f"UPDATE {target} SET source_row = {ROW_NUMBER} WHERE source_row IS NULL")
        self.con.execute(f"DELETE FROM {target} WHERE source_row IN (SELECT unnest(CAST(? AS BIGINT[])))", [list(rows)])

    def reject(self, file_no: int, name: str, broken: BrokenRows) -> int:
        """Write the file's rejected cells; gives how many rows they belong to. A line of a wide file counts as a row."""
        self.con.execute(
            f"""
            INSERT INTO rejected_row
            SELECT {sql_text(name)}, row_number, fault.column_name, {_VALUE_SHOWN}, {_GROUP_SAID} || fault.reason
            FROM (SELECT row_number, place, unnest(faults) AS fault FROM {rows_of(file_no)} WHERE faults IS NOT NULL)
            """
        )
        if broken.path is not None:
            self.con.execute(
                f"""
                INSERT INTO rejected_row
                SELECT {sql_text(name)}, row_number, '', value, reason
                FROM read_csv(
                    {sql_path(broken.path)}, auto_detect = FALSE, header = FALSE, delim = ',', quote = '"', escape = '"',
                    new_line = '\\n', columns = {{'row_number': 'BIGINT', 'value': 'VARCHAR', 'reason': 'VARCHAR'}}
                )
                """
            )
        found = self.con.execute(f"SELECT count(*) FROM {rows_of(file_no)} WHERE len(faults) > 0").fetchone()
        return (int(found[0]) if found else 0) + broken.count

    def count(self, file_no: int) -> tuple[int, int]:
        """(claim lines, rows of the file) in its table."""
        lines, placed = self.con.execute(f"SELECT count(*), count(place) FROM {table_of(file_no)}").fetchone() or (0, 0)
        if not placed:
            return lines, lines
        found = self.con.execute(f"SELECT count(DISTINCT source_row) FROM {table_of(file_no)}").fetchone()
        return lines, (found[0] if found else 0) or lines

    def blank_rows(self, file_no: int) -> int:
        """Rows of the file in which every mapped cell is blank."""
        found = self.con.execute(f"SELECT count(*) FROM {table_of(file_no)} WHERE len(faults) = 0").fetchone()
        return int(found[0]) if found else 0

    def publish(self, names: Sequence[str]) -> Coded:
        """Make claim_row: the rows without fault, under their file's name and row, in all of the contract's columns.

        Coded columns are brought to their codes; gives what is to be said of them.
        """
        coded = publish(self.con, self._columns, self._batches, names)
        self.con.execute("CREATE OR REPLACE TABLE rejected_row AS FROM rejected_row ORDER BY ALL")
        self.con.execute("CREATE OR REPLACE TABLE left_out_row AS FROM left_out_row ORDER BY ALL")
        return coded

    def filled_columns(self) -> tuple[str, ...]:
        """Contract columns that hold a value on some line."""
        counts = self.con.execute(
            "SELECT " + ", ".join(f'count("{column.name}") > 0' for column in COLUMNS) + " FROM claim_row"
        ).fetchone()
        return tuple(column.name for column, filled in zip(COLUMNS, counts or (), strict=True) if filled)

    def rejected_at(self) -> dict[tuple[str, str], list[tuple[str, int]]]:
        """By column and reason the places, (file, row), of the first rows that were refused for it."""
        found = self.con.execute(
            "SELECT DISTINCT column_name, reason, source_file, source_row FROM rejected_row "
            f"QUALIFY dense_rank() OVER (PARTITION BY column_name, reason ORDER BY source_file, source_row) <= {_FIRST} "
            "ORDER BY ALL"
        ).fetchall()
        places: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for column, reason, file, row in found:
            places.setdefault((column, reason), []).append((file, row))
        return places

    def rejections(self) -> tuple[Rejection, ...]:
        """Why rows were refused, commonest first."""
        rows = self.con.execute(
            "SELECT column_name, reason, count(*) AS refused FROM rejected_row "
            "GROUP BY ALL ORDER BY refused DESC, column_name, reason"
        ).fetchall()
        return tuple(Rejection(*row) for row in rows)


def unnamed_modifiers(mapping: FileMapping) -> tuple[str, ...]:
    """The modifiers that no column is mapped to, though cells of codes may hold them."""
    held = typed_names(mapping.assignments)
    return tuple(name for name in MODIFIERS if name in held and mapping.named(name) is None)
