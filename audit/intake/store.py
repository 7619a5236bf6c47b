"""The session's tables that intake fills: intake_line underneath, claim_row and rejected_row for everybody else.

Files with the same columns share a table that has these columns and no others, because a table with the contract's sixty
columns, most of them NULL, costs as much time as reading the file. The view `intake_line` shows all of them as one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import duckdb

from audit.contract import BY_NAME, COLUMNS, MONEY_COLUMNS
from audit.errors import ReconciliationError
from audit.intake.casting import FAULT_TYPE, select_typed
from audit.intake.mapping import FileMapping
from audit.intake.raw import BrokenRows, RawTable, sql_path, sql_text
from audit.model import Rejection

# A line's id is its file's number and its row in that file, so that it is the same however the export is read.
ROWS_PER_FILE_BITS = 40
_NUMBER = "claim_line_number"


class RowsMissingError(Exception):
    """A reader gave another number of rows than the file has lines."""


@dataclass(slots=True)
class Store:
    """The tables of one load. `_layouts` names the table of each set of columns, `_first_rowids` where in it a file begins."""

    con: duckdb.DuckDBPyConnection
    _layouts: dict[tuple[str, ...], str] = field(default_factory=dict)
    _first_rowids: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.con.execute("DROP VIEW IF EXISTS claim_row")
        self.con.execute(
            "CREATE OR REPLACE TABLE rejected_row "
            "(source_file VARCHAR, source_row BIGINT, column_name VARCHAR, value VARCHAR, reason VARCHAR)"
        )

    def insert(self, table: RawTable, mapping: FileMapping, file_no: int, is_whole: Callable[[int], bool]) -> int:
        """Type the raw table's rows into intake_line; gives how many. Files come in the order of their numbers, from 1.

        `is_whole` says whether so many rows are all of the file's. DuckDB's error comes through, RowsMissingError is
        raised where rows are missing, and then nothing of the file is stored.
        """
        layout = self._layout(mapping)
        self.con.execute("BEGIN")
        try:
            self.con.execute(f"INSERT INTO {layout} BY NAME {select_typed(table, mapping.assignments, file_no)}")
            rows = self._count(layout, file_no)
            if not is_whole(rows):
                raise RowsMissingError(f"{rows} rows were read, and the file has another number of lines")
        except (duckdb.Error, RowsMissingError):
            self.con.execute("ROLLBACK")
            raise
        self.con.execute("COMMIT")
        self._first_rowids.append(self._first_rowid(layout, file_no, rows))
        self._show()
        return rows

    def _count(self, layout: str, file_no: int) -> int:
        found = self.con.execute(f"SELECT count(*) FROM {layout} WHERE file_no = ?", [file_no]).fetchone()
        return int(found[0]) if found else 0

    def _first_rowid(self, layout: str, file_no: int, rows: int) -> int:
        """Where the file begins in its table. Rows are numbered from there, so they must stand in one run.

        DuckDB gives rows their lasting rowid when they are committed.
        """
        found = self.con.execute(f"SELECT min(rowid), max(rowid) FROM {layout} WHERE file_no = ?", [file_no]).fetchone()
        first, last = found or (None, None)
        if rows and last - first + 1 != rows:
            raise ReconciliationError(f"The rows of file {file_no} do not stand together in the session.", "Run it again.")
        return int(first or 0)

    def _layout(self, mapping: FileMapping) -> str:
        """The table of files with these columns; made where this is the first of them."""
        held = {assignment.name for assignment in mapping.assignments} | {_NUMBER}
        names = tuple(column.name for column in COLUMNS if column.name in held)
        if names not in self._layouts:
            layout = f"intake_layout_{len(self._layouts) + 1}"
            typed = [f'"{name}" {BY_NAME[name].kind.sql_type}' for name in names]
            raw = [f"{name}_raw VARCHAR" for name in names if name in MONEY_COLUMNS]
            columns = ", ".join(["file_no INTEGER", "source_row BIGINT", *typed, *raw, f"faults {FAULT_TYPE}"])
            self.con.execute(f"CREATE OR REPLACE TABLE {layout} ({columns})")
            self._layouts[names] = layout
        return self._layouts[names]

    def _show(self, *, raw: bool = True) -> None:
        """Make intake_line: every row under all of the contract's columns, with its number in the export."""
        firsts = ", ".join(f"CAST({first} AS BIGINT)" for first in self._first_rowids)
        selects = []
        for names, layout in self._layouts.items():
            columns = [
                f'"{column.name}"' if column.name in names else f'CAST(NULL AS {column.kind.sql_type}) AS "{column.name}"'
                for column in COLUMNS
            ]
            if raw:
                columns += [f"{name}_raw" if name in names else f"CAST(NULL AS VARCHAR) AS {name}_raw" for name in MONEY_COLUMNS]
            number = f"coalesce(source_row, rowid - [{firsts}][file_no] + 1) AS row_number"
            selects.append(f"SELECT file_no, {number}, {', '.join(columns)}, faults FROM {layout}")
        self.con.execute(f"CREATE OR REPLACE VIEW intake_line AS {' UNION ALL '.join(selects)}")

    def number_lines(self, file_no: int, mapping: FileMapping) -> None:
        """Give each claim's lines the numbers 1, 2, 3 in the order of the file, for an export that has none."""
        layout = self._layout(mapping)
        self.con.execute(
            f"""
            UPDATE {layout} SET {_NUMBER} = numbered.line_number
            FROM (
                SELECT rowid AS line_rowid, row_number() OVER (PARTITION BY claim_id ORDER BY source_row, rowid) AS line_number
                FROM {layout} WHERE file_no = $file_no
            ) AS numbered
            WHERE {layout}.rowid = numbered.line_rowid AND file_no = $file_no
            """,
            {"file_no": file_no},
        )

    def reject(self, file_no: int, name: str, broken: BrokenRows, footer_rows: Sequence[int]) -> int:
        """Write the file's rejected cells, but not those of its totals lines; gives how many rows they belong to."""
        self.con.execute(
            f"""
            INSERT INTO rejected_row
            SELECT {sql_text(name)}, row_number, fault.column_name, fault.value, fault.reason
            FROM (SELECT row_number, unnest(faults) AS fault FROM intake_line WHERE file_no = ? AND faults IS NOT NULL)
            WHERE row_number NOT IN (SELECT unnest(CAST(? AS BIGINT[])))
            """,
            [file_no, list(footer_rows)],
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
        found = self.con.execute("SELECT count(DISTINCT source_row) FROM rejected_row WHERE source_file = ?", [name]).fetchone()
        return int(found[0]) if found else 0

    def blank_rows(self, file_no: int) -> int:
        """Rows of the file in which every mapped cell is blank."""
        found = self.con.execute("SELECT count(*) FROM intake_line WHERE file_no = ? AND len(faults) = 0", [file_no]).fetchone()
        return int(found[0]) if found else 0

    def publish(self, names: Sequence[str]) -> None:
        """Make claim_row: the rows without fault, under their file's name and row."""
        self._show(raw=False)
        for held, layout in self._layouts.items():
            for money in MONEY_COLUMNS:
                if money in held:
                    self.con.execute(f"ALTER TABLE {layout} DROP COLUMN {money}_raw")
        files = ", ".join(sql_text(name) for name in names)
        columns = ", ".join(f'"{column.name}"' for column in COLUMNS)
        self.con.execute(
            f"""
            CREATE OR REPLACE VIEW claim_row AS
            SELECT (CAST(file_no AS BIGINT) << {ROWS_PER_FILE_BITS}) + row_number AS line_id,
                [{files}][file_no] AS source_file, row_number AS source_row, {columns}
            FROM intake_line WHERE faults IS NULL
            """
        )
        self.con.execute("CREATE OR REPLACE TABLE rejected_row AS FROM rejected_row ORDER BY ALL")

    def filled_columns(self) -> tuple[str, ...]:
        """Contract columns that hold a value on some line."""
        counts = self.con.execute(
            "SELECT " + ", ".join(f'count("{column.name}") > 0' for column in COLUMNS) + " FROM intake_line WHERE faults IS NULL"
        ).fetchone()
        return tuple(column.name for column, filled in zip(COLUMNS, counts or (), strict=True) if filled)

    def rejections(self) -> tuple[Rejection, ...]:
        """Why rows were refused, commonest first."""
        rows = self.con.execute(
            "SELECT column_name, reason, count(*) AS refused FROM rejected_row "
            "GROUP BY ALL ORDER BY refused DESC, column_name, reason"
        ).fetchall()
        return tuple(Rejection(*row) for row in rows)
