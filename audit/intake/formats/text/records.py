"""The careful way through a text export: every line becomes a record or a broken row with its reason, and none is lost.

DuckDB's reader is faster and is tried first; this one is for files in which some line does not keep the rules.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from audit.intake.formats.text.quoted import swallows_a_row
from audit.intake.raw import BrokenRow

# A quoted note may run over lines; beyond these bounds an open quote is a fault and not a note.
_MOST_LINES = 200
_MOST_CHARACTERS = 200_000
_LONGEST_LINE = 2_000_000
_CHUNK = 1 << 20
# Letters of Western and Central Europe, punctuation, currency, arrows, full-width signs and pictures.
_WESTERN = re.compile(r"[\x00-\u017f\u2000-\u2bff\ufe00-\uffff\U00010000-\U0010ffff]*")


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one data row, as many as the header has. Rows are counted from 1; blank lines are not rows."""

    source_row: int
    cells: Sequence[str]


def _is_utf8(stream: IO[bytes]) -> bool:
    """Whether the rest of the stream is UTF-8 throughout."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def settled_encoding(stream: IO[bytes], encoding: str) -> str:
    """The encoding, "utf-8" or "mixed" in place of "bytes"; the stream is at its start again."""
    if encoding == "bytes":
        encoding = "utf-8" if _is_utf8(stream) else "mixed"
        stream.seek(0)
    return encoding


def text_lines(stream: IO[bytes], encoding: str) -> Iterator[str]:
    """Lines with their ends.

    Encoding "mixed" is UTF-8 in some lines and Windows-1252 in others: in those that are no UTF-8, and in those that would be
    so by chance, because no Western text has such signs.
    """
    if encoding != "mixed":
        yield from _bounded(io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline=""))
        return
    for line in _bounded(io.TextIOWrapper(stream, encoding="utf-8", errors="surrogateescape", newline="")):
        # A byte that is no UTF-8 has become a sign that no text has, so this finds those lines too.
        yield line if _WESTERN.fullmatch(line) else _from_windows(line)


def _bounded(stream: io.TextIOWrapper) -> Iterator[str]:
    try:
        while line := stream.readline(_LONGEST_LINE):
            yield line
    finally:
        # The file itself belongs to the caller, who closes it.
        stream.detach()


def _from_windows(line: str) -> str:
    return line.encode("utf-8", errors="surrogateescape").decode("cp1252", errors="replace")


def read_records(lines: Iterator[str], delimiter: str, width: int) -> Iterator[Record | BrokenRow]:
    """Records of `width` cells and broken rows, in the order of the file. `lines` begins after the header."""
    csv.field_size_limit(_LONGEST_LINE * 2)
    queue: list[str] = []
    row = before = 0
    while True:
        if not queue:
            line = next(lines, None)
            if line is None:
                return
            queue.append(line)
        if not queue[0].strip("\r\n\t \ufeff\x00\x1a") and not _is_blank_row(queue[0], delimiter, width):
            queue.pop(0)
            before += 1
            continue
        row += 1
        cells, taken, reason = _next_record(queue, lines, delimiter, width)
        text = "".join(queue[:taken])
        del queue[:taken]
        yield Record(row, cells) if cells is not None else BrokenRow(row, text.rstrip("\r\n"), reason, before + 1)
        before += taken


def _is_blank_row(line: str, delimiter: str, width: int) -> bool:
    """Whether a line of nothing but tabs is a row of blank cells, as a line of nothing but commas is."""
    return delimiter == "\t" and width > 1 and line.count(delimiter) == width - 1


def _next_record(queue: list[str], lines: Iterator[str], delimiter: str, width: int) -> tuple[list[str] | None, int, str]:
    """(cells, physical lines taken, reason): cells None with a reason where the first line is broken."""
    cells = _cells(queue[0], delimiter)
    if cells is not None:
        return _of_width(cells, width, 1)
    taken, size = 1, len(queue[0])
    while taken < _MOST_LINES and size < _MOST_CHARACTERS:
        if taken == len(queue):
            line = next(lines, None)
            if line is None:
                break
            queue.append(line)
        size += len(queue[taken])
        taken += 1
        if '"' not in queue[taken - 1]:
            continue  # nothing has closed: parsing it all again would take the square of the note's length
        cells = _cells("".join(queue[:taken]), delimiter)
        if cells is not None:
            break
        if _closes_wrongly("".join(queue[:taken]), delimiter):
            break
    if cells is not None and len(cells) == width and not _has_swallowed(queue[:taken], delimiter, width):
        return cells, taken, ""
    return None, 1, "a quote is opened and not closed, so its cells cannot be told apart"


def _cells(text: str, delimiter: str) -> list[str] | None:
    """The cells of a text that is one whole record, None where a quote is left open or is misplaced."""
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _closes_wrongly(text: str, delimiter: str) -> bool:
    """Whether no further line can mend the text: a quote closed and something other than a delimiter follows it."""
    try:
        list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "expected after" in str(error)
    return False


def _has_swallowed(lines: Sequence[str], delimiter: str, width: int) -> bool:
    return any(swallows_a_row(lines[0], line, delimiter, width) for line in lines[1:])


def _of_width(cells: list[str], width: int, taken: int) -> tuple[list[str] | None, int, str]:
    if len(cells) == width:
        return cells, taken, ""
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        return cells[:width], taken, ""
    return None, taken, f"the row has {len(cells)} cells and the header {width}"
