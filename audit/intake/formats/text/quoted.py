"""Quoted cells that run over lines: which of them are notes, and which are rows that a lost quote has joined.

A lost quote joins rows into one cell without any error. Such a cell betrays itself: a line within it is a whole row.
"""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from audit.intake.formats.text.dialect import Dialect, opened

_LONGEST_LINE = 2_000_000


def swallows_a_row(first: str, line: str, delimiter: str, width: int) -> bool:
    """Whether `line`, which begins inside a quote that `first` has opened, is rather a row of its own.

    It is where it has as many cells as the header. The line on which the quote is closed may have as many by right, behind
    the end of a note in the first column: there `first` must look like a whole row too.
    """
    if line.count(delimiter) < width - 1 or width < 3:
        return False
    try:
        is_row = any(len(cells) == width for cells in csv.reader([line], delimiter=delimiter))
    except csv.Error:
        return True
    return is_row and ('"' not in line or first.count(delimiter) >= width - 1)


def count_rows(path: Path, dialect: Dialect) -> int | None:
    """Rows of a UTF-8 file after its header, counted apart from any CSV reader.

    None where a quote may be lost, so that no count can be trusted.
    """
    with opened(path) as stream:
        lines = islice(_lines(stream), dialect.skip_lines + dialect.header_lines, None)
        return _count(lines, dialect.delimiter, len(dialect.headers))


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    while line := stream.readline(_LONGEST_LINE):
        yield line


def _count(lines: Iterator[bytes], delimiter: str, width: int) -> int | None:
    sign = delimiter.encode()
    rows = 0
    first = b""
    is_open = False
    for line in lines:
        if not is_open:
            rows += 1
            first = line
        elif line.count(sign) >= width - 1 and swallows_a_row(_text(first), _text(line), delimiter, width):
            return None
        if line.count(b'"') % 2:
            is_open = not is_open
    return None if is_open else rows


def _text(line: bytes) -> str:
    return line.decode("utf-8", errors="replace")
