"""Lines that DuckDB's reader leaves out for their number of cells: found again, and judged as the careful way would.

So a file with a few such lines is read at full speed, and not line by line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

import duckdb

from audit.intake.formats.clean import CleanCopy
from audit.intake.formats.text.dialect import Dialect, opened
from audit.intake.formats.text.records import Fate, fate_of_line
from audit.intake.raw import BrokenRow, RawTable, sql_text

# Of a file with more faults than this the line-by-line way tells all; a line that lacks cells is one fault for each of them.
_MOST = 50_000
_WIDTHS = ("MISSING COLUMNS", "TOO MANY COLUMNS")
_ENDS = "\r\n"
_serial = count()


@dataclass(frozen=True, slots=True)
class FaultyLine:
    """A line of the file by its number, without its end."""

    number: int
    text: str


class Faults:
    """Where one reading of a file puts the lines that it leaves out."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        serial = next(_serial)
        self._table, self._scan = f"csv_fault_{serial}", f"csv_fault_scan_{serial}"

    @property
    def options(self) -> str:
        """What is added to read_csv()."""
        return (
            f", store_rejects = TRUE, rejects_table = {sql_text(self._table)}, rejects_scan = {sql_text(self._scan)}, "
            f"rejects_limit = {_MOST}"
        )

    def forget(self) -> None:
        """Drop what was noted."""
        self._con.execute(f"DROP TABLE IF EXISTS {self._table}")
        self._con.execute(f"DROP TABLE IF EXISTS {self._scan}")

    def records(self) -> list[tuple[int, str]] | None:
        """What was left out, in order: which record of the file, and its text.

        None where that is too much, or something was left out for more than its number of cells.
        """
        if not self._con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [self._table]).fetchone():
            return []
        found = self._con.execute(
            f"SELECT line, any_value(csv_line), bool_and(CAST(error_type AS VARCHAR) IN {_WIDTHS}), count(*) "
            f"FROM {self._table} GROUP BY line ORDER BY line"
        ).fetchall()
        if sum(noted for *_, noted in found) >= _MOST or not all(is_width for *_, is_width, _ in found):
            return None
        return [(record, text) for record, text, *_ in found]


def found_again(path: Path, lines: Mapping[int, str]) -> list[FaultyLine] | None:
    """The lines of a file by their numbers; None where one of them has another text, or is not whole in itself."""
    found = []
    with opened(path) as stream:
        last = max(lines)
        for number, line in enumerate(islice(stream, last), start=1):
            if number not in lines:
                continue
            text = line.decode("utf-8", errors="replace")
            if text.strip(_ENDS) != lines[number].strip(_ENDS) or text.count('"') % 2 or "\r" in text.rstrip(_ENDS):
                return None
            found.append(FaultyLine(number, text))
    return found if len(found) == len(lines) else None


def judge(table: RawTable, lines: Sequence[FaultyLine], dialect: Dialect, scratch: Path) -> bool:
    """Add the lines to the table's broken rows, or to those that are no claims; False where one is a row after all."""
    looks, structure = dialect.looks, dialect.structure
    with CleanCopy(scratch, dialect.delimiter) as copy:
        for line in lines:
            fate, what = fate_of_line(line.text, looks, structure)
            if fate is Fate.KEPT:
                return False
            if fate is Fate.APART:
                copy.set_apart(what)
            elif fate is Fate.BROKEN:
                copy.refuse(BrokenRow(line.number, line.text.rstrip(_ENDS), what))
    told = copy.table(dialect.headers)
    table.broken, table.apart = told.broken, told.apart
    return True
