"""Records of any format as a table: written to a CSV that DuckDB reads without fail, with the broken rows beside it."""

import csv
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from audit.intake.columns.shapes import shape_of
from audit.intake.raw import BrokenRow, BrokenRows, Field, RawTable, sql_path

# Of a broken row its shape is kept: whatever stands in it may be a patient's name, because its cells cannot be told apart.
_MOST_SHOWN = 300
_LAST_BROKEN = 3


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one data row, as many as the header has. Rows are counted from 1; blank lines are not rows."""

    source_row: int
    cells: Sequence[str]


def clean_table(records: Iterable[Record | BrokenRow], headers: Sequence[str], scratch: Path, ahead: int = 0) -> RawTable:
    """Write records to a CSV that DuckDB reads without fail; the first column is the row's number in the export.

    `ahead` is how many lines of the file stand before the records.
    """
    copy, refused_rows = scratch / "clean.csv", scratch / "broken.csv"
    rows = broken = 0
    last: deque[BrokenRow] = deque(maxlen=_LAST_BROKEN)
    with writable(copy) as clean, writable(refused_rows) as refuse:
        keep = csv.writer(clean, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
        set_apart = csv.writer(refuse, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
        for record in records:
            if isinstance(record, BrokenRow):
                set_apart([record.source_row, f"line {ahead + record.line}: {shape_of(record.text, _MOST_SHOWN)}", record.reason])
                last.append(record)
                broken += 1
            else:
                keep([record.source_row, *(cell.replace("\x00", "") for cell in record.cells)])
                rows += 1
    columns = ", ".join(["'row': 'BIGINT'", *(f"'c{index}': 'VARCHAR'" for index in range(len(headers)))])
    relation = (
        f"read_csv({sql_path(copy)}, auto_detect = FALSE, strict_mode = TRUE, header = FALSE, delim = ',', "
        f"quote = '\"', escape = '\"', new_line = '\\n', max_line_size = 16000000, columns = {{{columns}}})"
    )
    fields = tuple(Field(header, f"c{index}") for index, header in enumerate(headers))
    told = BrokenRows(broken, tuple(last), refused_rows if broken else None)
    return RawTable(relation, fields, source_row='"row"', rows=rows, broken=told)


def writable(path: Path) -> TextIO:
    """A text file to write; signs that no UTF-8 can hold are replaced."""
    return path.open("w", encoding="utf-8", errors="replace", newline="")
