"""CSV and other delimited text: the fast way through DuckDB, checked by a count of lines, else the careful way."""

import csv
import os
from collections.abc import Iterable
from pathlib import Path

from audit.errors import InputError
from audit.intake.dialect import Dialect, opened
from audit.intake.raw import BrokenRow, Field, RawTable, sql_path, sql_text
from audit.intake.records import Record, read_records, text_lines


def fast_table(path: Path, dialect: Dialect) -> RawTable:
    """The file as DuckDB's strict reader sees it. It may refuse while it reads; the caller then takes the careful way."""
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(dialect.headers)))
    relation = (
        f"read_csv({sql_path(path)}, auto_detect = FALSE, strict_mode = TRUE, header = FALSE, "
        f"skip = {dialect.skip_lines + dialect.header_lines}, delim = {sql_text(dialect.delimiter)}, "
        f"quote = '\"', escape = '\"', columns = {{{columns}}})"
    )
    return RawTable(_format(dialect), relation, _fields(dialect))


def careful_table(path: Path, dialect: Dialect, scratch: Path) -> RawTable:
    """The file read line by line into a clean copy in the folder `scratch`, with the rows that are broken."""
    broken: list[BrokenRow] = []
    with opened(path) as stream:
        lines = text_lines(stream, dialect.encoding)
        for _ in range(dialect.skip_lines + dialect.header_lines):
            next(lines, "")
        records = read_records(lines, dialect.delimiter, len(dialect.headers))
        return clean_table(records, dialect.headers, scratch, _format(dialect), broken)


def clean_table(
    records: Iterable[Record | BrokenRow], headers: tuple[str, ...], scratch: Path, format_name: str, broken: list[BrokenRow]
) -> RawTable:
    """Write records to a CSV that DuckDB reads without fail; the first column is the row's number in the export."""
    copy = scratch / f"clean_{len(os.listdir(scratch))}.csv"
    rows = 0
    with copy.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for record in records:
            if isinstance(record, BrokenRow):
                broken.append(record)
                continue
            writer.writerow([record.source_row, *(cell.replace("\x00", "") for cell in record.cells)])
            rows += 1
    columns = ", ".join(["'row': 'BIGINT'", *(f"'c{index}': 'VARCHAR'" for index in range(len(headers)))])
    relation = (
        f"read_csv({sql_path(copy)}, auto_detect = FALSE, strict_mode = TRUE, header = FALSE, delim = ',', "
        f"quote = '\"', escape = '\"', new_line = '\\n', max_line_size = 16000000, columns = {{{columns}}})"
    )
    fields = tuple(Field(header, f"c{index}") for index, header in enumerate(headers))
    return RawTable(format_name, relation, fields, source_row='"row"', rows=rows, broken=broken)


def _fields(dialect: Dialect) -> tuple[Field, ...]:
    return tuple(Field(header, f"c{index}") for index, header in enumerate(dialect.headers))


def _format(dialect: Dialect) -> str:
    return {",": "csv", "\t": "tab-separated", ";": "semicolon-separated", "|": "pipe-separated"}[dialect.delimiter]


def refused(name: str, error: Exception) -> InputError:
    """What to say of a file that no reader gets through: damaged inside, as only reading it shows."""
    said = (str(error).splitlines() or ["no reason given"])[0]
    return InputError(f"{name} cannot be read; it is likely damaged ({said}).", "Export or copy it again.")
