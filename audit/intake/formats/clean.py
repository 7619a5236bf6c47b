"""Records of any format as a table: written to a CSV that DuckDB reads without fail, with the broken rows beside it."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from audit.intake.columns.shapes import shape_of
from audit.intake.raw import BrokenRow, BrokenRows, Field, RawTable, sql_path, sql_text

# Of a broken row its shape is kept: whatever stands in it may be a patient's name, because its cells cannot be told apart.
_MOST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one data row, as many as the header has, and its number in the file."""

    source_row: int
    cells: Sequence[str]


class CleanCopy:
    """A copy of a file's rows in the folder `scratch`, each behind its number in the file, and of those that are broken."""

    def __init__(self, scratch: Path, delimiter: str = ",") -> None:
        self._path, self._broken_path = scratch / "clean.csv", scratch / "broken.csv"
        self._delimiter = delimiter
        self._files = ExitStack()
        self._rows = self._broken = 0
        self._apart: Counter[str] = Counter()

    def __enter__(self) -> Self:
        self._clean = self._files.enter_context(writable(self._path))
        broken = self._files.enter_context(writable(self._broken_path))
        self._write = csv.writer(self._clean, delimiter=self._delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
        self._refuse = csv.writer(broken, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._files.close()

    def keep(self, number: int, cells: Sequence[str]) -> None:
        """A row with as many cells as the header has names."""
        text = [cell.replace("\x00", "") for cell in cells] if any("\x00" in cell for cell in cells) else cells
        self._write([number, *text])
        self._rows += 1

    def keep_lines(self, lines: Sequence[str]) -> None:
        """Rows as the copy has them: number, delimiter, a row without any quote, LF."""
        self._clean.write("".join(lines).replace("\x00", ""))
        self._rows += len(lines)

    def refuse(self, row: BrokenRow) -> None:
        """A row that has no readable cells."""
        self._refuse([row.source_row, shape_of(row.text, _MOST_SHOWN), row.reason])
        self._broken += 1

    def set_apart(self, what: str) -> None:
        """A row that is no claim; `what` says what it is."""
        self._apart[what] += 1

    def table(self, headers: Sequence[str]) -> RawTable:
        """What is written, once it is closed."""
        columns = ", ".join(["'row': 'BIGINT'", *(f"'c{index}': 'VARCHAR'" for index in range(len(headers)))])
        relation = (
            f"read_csv({sql_path(self._path)}, auto_detect = FALSE, strict_mode = TRUE, header = FALSE, "
            f"delim = {sql_text(self._delimiter)}, quote = '\"', escape = '\"', new_line = '\\n', max_line_size = 16000000, "
            f"columns = {{{columns}}})"
        )
        fields = tuple(Field(header, f"c{index}") for index, header in enumerate(headers))
        broken = BrokenRows(self._broken, self._broken_path if self._broken else None)
        return RawTable(relation, fields, source_row='"row"', rows=self._rows, broken=broken, apart=self._apart)


def clean_table(records: Iterable[Record], headers: Sequence[str], scratch: Path) -> RawTable:
    """Records as a table."""
    with CleanCopy(scratch) as copy:
        for record in records:
            copy.keep(record.source_row, record.cells)
    return copy.table(headers)


def writable(path: Path) -> TextIO:
    """A text file to write; signs that no UTF-8 can hold are replaced."""
    return path.open("w", encoding="utf-8", errors="replace", newline="")
