"""Delimited text as tables: the fast way through DuckDB, and the careful way through a clean copy."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from audit.intake.formats.clean import CleanCopy, writable
from audit.intake.formats.text.dialect import Dialect, opened
from audit.intake.formats.text.lines import blocks_of_lines, settled_encoding
from audit.intake.formats.text.records import read_records
from audit.intake.raw import Field, RawTable, sql_path, sql_text


def fast_table(path: Path, dialect: Dialect, options: str = "") -> RawTable:
    """The file as DuckDB's strict reader sees it. It may refuse while it reads; the caller then takes the careful way.

    `options` are added to read_csv(): ", ignore_errors = TRUE".
    """
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(dialect.headers)))
    relation = (
        f"read_csv({sql_path(path)}, auto_detect = FALSE, strict_mode = TRUE, header = FALSE, "
        f"skip = {dialect.ahead}, delim = {sql_text(dialect.delimiter)}, "
        f"quote = '\"', escape = '\"', columns = {{{columns}}}{options})"
    )
    return RawTable(relation, _fields(dialect), ahead=dialect.ahead, titles=dialect.titles)


def careful_table(path: Path, dialect: Dialect, scratch: Path, on_bytes: Callable[[int], None] | None = None) -> RawTable:
    """The file read line by line into a clean copy in the folder `scratch`, with the rows that are broken.

    `on_bytes` hears the bytes read so far.
    """
    with opened(path) as stream, CleanCopy(scratch, dialect.delimiter) as copy:
        blocks = blocks_of_lines(stream, settled_encoding(stream, dialect.encoding), on_bytes)
        read_records(blocks, dialect, copy)
    return replace(copy.table(dialect.headers), titles=dialect.titles)


def utf8_copy(path: Path, encoding: str, copy: Path) -> bool:
    """Write the lines of a text to `copy` in UTF-8; False, and no copy, where the file is UTF-8 as it stands."""
    with opened(path) as stream:
        settled = settled_encoding(stream, encoding)
        if settled == "utf-8":
            return False
        with writable(copy) as target:
            for lines in blocks_of_lines(stream, settled):
                target.writelines(lines)
    return True


def _fields(dialect: Dialect) -> tuple[Field, ...]:
    return tuple(Field(header, f"c{index}") for index, header in enumerate(dialect.headers))
