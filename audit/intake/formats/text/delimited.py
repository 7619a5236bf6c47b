"""Delimited text as tables: the fast way through DuckDB, and the careful way through a clean copy."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from audit.intake.formats.clean import clean_table, writable
from audit.intake.formats.text.dialect import Dialect, opened
from audit.intake.formats.text.records import read_records, settled_encoding, text_lines
from audit.intake.raw import Field, RawTable, sql_path, sql_text

_TELL_EVERY = 10_000


def fast_table(path: Path, dialect: Dialect) -> RawTable:
    """The file as DuckDB's strict reader sees it. It may refuse while it reads; the caller then takes the careful way."""
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(dialect.headers)))
    relation = (
        f"read_csv({sql_path(path)}, auto_detect = FALSE, strict_mode = TRUE, header = FALSE, "
        f"skip = {dialect.skip_lines + dialect.header_lines}, delim = {sql_text(dialect.delimiter)}, "
        f"quote = '\"', escape = '\"', columns = {{{columns}}})"
    )
    return RawTable(relation, _fields(dialect))


def careful_table(path: Path, dialect: Dialect, scratch: Path, on_bytes: Callable[[int], None] | None = None) -> RawTable:
    """The file read line by line into a clean copy in the folder `scratch`, with the rows that are broken.

    `on_bytes` hears the bytes read so far.
    """
    with opened(path) as stream:
        lines = text_lines(stream, settled_encoding(stream, dialect.encoding))
        for _ in range(dialect.skip_lines + dialect.header_lines):
            next(lines, "")
        records = read_records(_told(lines, stream, on_bytes), dialect.delimiter, len(dialect.headers))
        return clean_table(records, dialect.headers, scratch, dialect.skip_lines + dialect.header_lines)


def _told(lines: Iterator[str], stream: IO[bytes], on_bytes: Callable[[int], None] | None) -> Iterator[str]:
    """The lines, telling now and then how far the stream is."""
    for number, line in enumerate(lines):
        if on_bytes is not None and number % _TELL_EVERY == 0:
            on_bytes(stream.tell())
        yield line


def utf8_copy(path: Path, encoding: str, copy: Path) -> bool:
    """Write the lines of a text to `copy` in UTF-8; False, and no copy, where the file is UTF-8 as it stands."""
    with opened(path) as stream:
        settled = settled_encoding(stream, encoding)
        if settled == "utf-8":
            return False
        with writable(copy) as target:
            target.writelines(text_lines(stream, settled))
    return True


def _fields(dialect: Dialect) -> tuple[Field, ...]:
    return tuple(Field(header, f"c{index}") for index, header in enumerate(dialect.headers))
