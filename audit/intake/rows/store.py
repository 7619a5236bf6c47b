"""The session's tables that intake fills: one a file underneath, claim_row and rejected_row for everybody else.

A file's table has the columns that the file fills and no others: one with the contract's sixty columns, most of them NULL,
would take as long to write as the file to read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import duckdb

from audit.contract import COLUMNS, MONEY_COLUMNS
from audit.intake.columns.mapping import FileMapping
from audit.intake.raw import BrokenRows, RawTable, sql_path, sql_text
from audit.intake.rows.casting import select_typed
from audit.model import Rejection

# A line's id is its file's number and its row in that file, so that it is the same however the export is read.
ROWS_PER_FILE_BITS = 40
# In a wide file, where one row holds several lines, the line's place in its row stands behind the row's number.
PLACE_BITS = 10
_GROUP_SAID = "CASE place WHEN 0 THEN 'no group across holds anything: ' ELSE coalesce('group ' || place || ': ', '') END"
# A cell that is no date, amount or number may be a patient's name, out of a row whose columns have shifted.
_VALUE_SHOWN = r"left(regexp_replace(fault.value, '\p{L}', 'A', 'g'), 200)"
# A view over more tables than this takes longer to plan, each time that it is read, than its rows take to copy once.
_MOST_TABLES = 32


class RowsMissingError(Exception):
    """A reader gave another number of rows than the file has lines."""


def table_of(file_no: int) -> str:
    """The table of a file: mapped columns, `<money>_raw`, faults, place, and source_row, NULL where rowid + 1 is the row."""
    return f"intake_file_{file_no}"


def rows_of(file_no: int) -> str:
    """SQL for a file's rows, to stand after FROM, each with its `row_number` in the export."""
    return f"(SELECT coalesce(source_row, rowid + 1) AS row_number, * FROM {table_of(file_no)})"


@dataclass(slots=True)
class Store:
    """The tables of one load. Files are numbered from 1, in the order in which they come."""

    con: duckdb.DuckDBPyConnection
    _columns: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.con.execute("DROP VIEW IF EXISTS claim_row")
        self.con.execute(
            "CREATE OR REPLACE TABLE rejected_row "
            "(source_file VARCHAR, source_row BIGINT, column_name VARCHAR, value VARCHAR, reason VARCHAR)"
        )

    def insert(self, table: RawTable, mapping: FileMapping, file_no: int, is_whole: Callable[[int], bool]) -> int:
        """Type the raw table's rows into the file's table; gives how many.

        `is_whole` says whether so many rows are all of the file's. DuckDB's error comes through, RowsMissingError is
        raised where rows are missing, and then nothing of the file is stored.
        """
        target = table_of(file_no)
        self.con.execute(f"CREATE OR REPLACE TABLE {target} AS {select_typed(table, mapping.assignments)}")
        found = self.con.execute(f"SELECT count(*) FROM {target}").fetchone()
        rows = int(found[0]) if found else 0
        if not is_whole(rows):
            self.con.execute(f"DROP TABLE {target}")
            raise RowsMissingError(f"{rows} rows were read, and the file has another number of lines")
        self._columns[file_no] = tuple(assignment.name for assignment in mapping.assignments)
        return rows

    def number_lines(self, file_no: int) -> None:
        """Give each claim's lines the numbers 1, 2, 3 in the order of the file, for an export that has none.

        A wide file's lines take the number of their group, unless the claim stands in several rows that use one twice.
        """
        target = table_of(file_no)
        self.con.execute(f"ALTER TABLE {target} ADD COLUMN claim_line_number INTEGER")
        self.con.execute(
            f"""
            UPDATE {target} SET claim_line_number = numbered.line_number
            FROM (
                SELECT
                    rowid AS line_rowid,
                    CASE
                        WHEN place IS NOT NULL
                            AND max(source_row) OVER (PARTITION BY claim_id) = min(source_row) OVER (PARTITION BY claim_id)
                            THEN place
                        ELSE row_number() OVER (PARTITION BY claim_id ORDER BY source_row, place, rowid)
                    END AS line_number
                FROM {target}
            ) AS numbered
            WHERE {target}.rowid = numbered.line_rowid
            """
        )
        self._columns[file_no] += ("claim_line_number",)

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
                said.append(f"{name}: {column} is 0 on all of its {stated:,} rows that state it, and counts as not recorded.")
        return said

    def reject(self, file_no: int, name: str, broken: BrokenRows, footer_rows: Sequence[int]) -> int:
        """Write the file's rejected cells, but not those of its totals lines; gives how many rows they belong to.

        A line of a wide file counts as a row.
        """
        self.con.execute(
            f"""
            INSERT INTO rejected_row
            SELECT {sql_text(name)}, row_number, fault.column_name, {_VALUE_SHOWN}, {_GROUP_SAID} || fault.reason
            FROM (SELECT row_number, place, unnest(faults) AS fault FROM {rows_of(file_no)} WHERE faults IS NOT NULL)
            WHERE row_number NOT IN (SELECT unnest(CAST(? AS BIGINT[])))
            """,
            [list(footer_rows)],
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
                WHERE row_number NOT IN (SELECT unnest(CAST(? AS BIGINT[])))
                """,
                [list(footer_rows)],
            )
        found = self.con.execute(
            f"""
            SELECT count(*) FROM {rows_of(file_no)}
            WHERE len(faults) > 0 AND row_number NOT IN (SELECT unnest(CAST(? AS BIGINT[])))
            """,
            [list(footer_rows)],
        ).fetchone()
        broken_totals = sum(1 for row in broken.last if row.source_row in footer_rows)
        return (int(found[0]) if found else 0) + broken.count - broken_totals

    def blank_rows(self, file_no: int) -> int:
        """Rows of the file in which every mapped cell is blank."""
        found = self.con.execute(f"SELECT count(*) FROM {table_of(file_no)} WHERE len(faults) = 0").fetchone()
        return int(found[0]) if found else 0

    def publish(self, names: Sequence[str]) -> None:
        """Make claim_row: the rows without fault, under their file's name and row, in all of the contract's columns."""
        selects = [self._published(file_no, name) for file_no, name in enumerate(names, start=1)]
        kind = "VIEW" if len(names) <= _MOST_TABLES else "TABLE"
        self.con.execute(f"CREATE OR REPLACE {kind} claim_row AS {' UNION ALL '.join(selects)}")
        if kind == "TABLE":
            for file_no in range(1, len(names) + 1):
                self.con.execute(f"DROP TABLE {table_of(file_no)}")
        self.con.execute("CREATE OR REPLACE TABLE rejected_row AS FROM rejected_row ORDER BY ALL")

    def _published(self, file_no: int, name: str) -> str:
        held = self._columns[file_no]
        for money in MONEY_COLUMNS:
            if money in held:
                self.con.execute(f"ALTER TABLE {table_of(file_no)} DROP COLUMN {money}_raw")
        columns = [
            f'"{column.name}"' if column.name in held else f'CAST(NULL AS {column.kind.sql_type}) AS "{column.name}"'
            for column in COLUMNS
        ]
        return (
            f"SELECT (CAST({file_no} AS BIGINT) << {ROWS_PER_FILE_BITS}) "
            f"+ CASE WHEN place IS NULL THEN row_number ELSE (row_number << {PLACE_BITS}) + place END AS line_id, "
            f"{sql_text(name)} AS source_file, row_number AS source_row, {', '.join(columns)} "
            f"FROM {rows_of(file_no)} WHERE faults IS NULL"
        )

    def filled_columns(self) -> tuple[str, ...]:
        """Contract columns that hold a value on some line."""
        counts = self.con.execute(
            "SELECT " + ", ".join(f'count("{column.name}") > 0' for column in COLUMNS) + " FROM claim_row"
        ).fetchone()
        return tuple(column.name for column, filled in zip(COLUMNS, counts or (), strict=True) if filled)

    def rejections(self) -> tuple[Rejection, ...]:
        """Why rows were refused, commonest first."""
        rows = self.con.execute(
            "SELECT column_name, reason, count(*) AS refused FROM rejected_row "
            "GROUP BY ALL ORDER BY refused DESC, column_name, reason"
        ).fetchall()
        return tuple(Rejection(*row) for row in rows)
