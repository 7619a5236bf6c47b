"""CSV and other delimited text: the fast way through DuckDB, checked by a count of lines, else the careful way."""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TextIO

from audit.errors import InputError
from audit.intake.columns.shapes import shape_of
from audit.intake.formats.text.dialect import Dialect, opened
from audit.intake.formats.text.records import Record, read_records, settled_encoding, text_lines
from audit.intake.raw import BrokenRow, BrokenRows, Field, RawTable, sql_path, sql_text

# Of a broken row its shape is kept: whatever stands in it may be a patient's name, because its cells cannot be told apart.
_MOST_SHOWN = 300
_LAST_BROKEN = 3
_QUOTED = re.compile(r"\"[^\"]*(\"|$)|'[^']*('|$)")
_TELL_EVERY = 10_000


def fast_table(path: Path, dialect: Dialect) -> RawTable:
    """The file as DuckDB's strict reader sees it. It may refuse while it reads; the caller then takes the careful way."""
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(dialect.headers)))
    relation = (
        f"read_csv({sql_path(path)}, auto_detect = FALSE, strict_mode = TRUE, header = FALSE, "
        f"skip = {dialect.skip_lines + dialect.header_lines}, delim = {sql_text(dialect.delimiter)}, "
        f"quote = '\"', escape = '\"', columns = {{{columns}}})"
    )
    return RawTable(_format(dialect), relation, _fields(dialect))


def careful_table(path: Path, dialect: Dialect, scratch: Path, on_bytes: Callable[[int], None] | None = None) -> RawTable:
    """The file read line by line into a clean copy in the folder `scratch`, with the rows that are broken.

    `on_bytes` hears the bytes read so far.
    """
    with opened(path) as stream:
        lines = text_lines(stream, settled_encoding(stream, dialect.encoding))
        for _ in range(dialect.skip_lines + dialect.header_lines):
            next(lines, "")
        records = read_records(_told(lines, stream, on_bytes), dialect.delimiter, len(dialect.headers))
        return clean_table(records, dialect.headers, scratch, _format(dialect), dialect.skip_lines + dialect.header_lines)


def _told(lines: Iterator[str], stream: IO[bytes], on_bytes: Callable[[int], None] | None) -> Iterator[str]:
    """The lines, telling now and then how far the stream is."""
    for number, line in enumerate(lines):
        if on_bytes is not None and number % _TELL_EVERY == 0:
            on_bytes(stream.tell())
        yield line


def clean_table(
    records: Iterable[Record | BrokenRow], headers: tuple[str, ...], scratch: Path, format_name: str, ahead: int = 0
) -> RawTable:
    """Write records to a CSV that DuckDB reads without fail; the first column is the row's number in the export.

    `ahead` is how many lines of the file stand before the records.
    """
    copy, refused_rows = scratch / "clean.csv", scratch / "broken.csv"
    rows = broken = 0
    last: deque[BrokenRow] = deque(maxlen=_LAST_BROKEN)
    with _writable(copy) as clean, _writable(refused_rows) as refuse:
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
    return RawTable(format_name, relation, fields, source_row='"row"', rows=rows, broken=told)


def utf8_copy(path: Path, encoding: str, copy: Path) -> bool:
    """Write the lines of a text to `copy` in UTF-8; False, and no copy, where the file is UTF-8 as it stands."""
    with opened(path) as stream:
        settled = settled_encoding(stream, encoding)
        if settled == "utf-8":
            return False
        with _writable(copy) as target:
            target.writelines(text_lines(stream, settled))
    return True


def _writable(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", errors="replace", newline="")


def _fields(dialect: Dialect) -> tuple[Field, ...]:
    return tuple(Field(header, f"c{index}") for index, header in enumerate(dialect.headers))


def _format(dialect: Dialect) -> str:
    return {",": "csv", "\t": "tab-separated", ";": "semicolon-separated", "|": "pipe-separated"}[dialect.delimiter]


def refused(name: str, error: Exception) -> InputError:
    """What to say of a file that no reader gets through: damaged inside, as only reading it shows."""
    # What stands in quotes may be a cell of the file.
    said = _QUOTED.sub("...", (str(error).splitlines() or ["no reason given"])[0])
    return InputError(f"{name} cannot be read; it is likely damaged ({said}).", "Export or copy it again.")
