"""How a text export is written: its encoding, its delimiter, and the line on which its header stands.

All of it is told from the first part of the file; nothing is assumed of the rest, which the readers check themselves.
"""

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from audit.errors import InputError
from audit.intake.columns.headers import is_known
from audit.intake.formats.header import DELIMITERS, TITLE_ROWS, table_head
from audit.intake.formats.structure import Structure, holds_prose
from audit.intake.formats.text.looks import Looks

_HEAD_BYTES = 1 << 18
# One row in so many may have another number of cells than the header, for a quick reading to be tried.
_FEW_ODD = 10


@dataclass(frozen=True, slots=True)
class Dialect:
    """`encoding` "bytes" means UTF-8 with the odd Windows-1252 line; `skip_lines` are physical lines before the header.

    `header_lines` is how many physical lines the header takes; `sample` holds the first rows, `titles` what stands above the
    header; `is_even` says whether every row of the head has as many cells as the header, `is_nearly_even` whether nearly all
    have.
    """

    encoding: str
    delimiter: str
    skip_lines: int
    header_lines: int
    headers: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    plain_utf8: bool
    titles: frozenset[str] = frozenset()
    is_even: bool = True
    is_nearly_even: bool = True

    @property
    def ahead(self) -> int:
        """Lines of the file that stand before its first row."""
        return self.skip_lines + self.header_lines

    @property
    def looks(self) -> Looks:
        """What a row of the file looks like."""
        return Looks.of(self.sample, self.delimiter, len(self.headers))

    @property
    def structure(self) -> Structure:
        """What tells lines that are no claims."""
        return Structure(self.headers, self.titles, holds_prose(self.sample))


def read_dialect(stream: IO[bytes], name: str) -> Dialect:
    """Look at the head of an opened file. InputError where it is empty, is no text, or has no header and rows."""
    head = stream.read(_HEAD_BYTES)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00\r\n\t ,;|"):
        raise InputError(f"{name} is empty.", "Export it again, and check the date range and filters.")
    encoding = _encoding(head, name)
    text = _decode_head(head, encoding)
    lines = io.StringIO(text, newline="").readlines()
    if len(head) == _HEAD_BYTES and len(lines) > 1:
        lines.pop()
    delimiter = _delimiter(lines)
    records = _records(lines, delimiter)
    head_of_table = table_head(name, [cells for _, _, cells in records], delimiter)
    start, taken, _ = records[head_of_table.place]
    rows = [cells for _, _, cells in records[head_of_table.place + 1 : -1]]
    odd = sum(len(cells) not in (0, len(head_of_table.headers)) for cells in rows)
    return Dialect(
        encoding=encoding,
        delimiter=delimiter,
        skip_lines=start,
        header_lines=taken,
        headers=head_of_table.headers,
        sample=head_of_table.sample,
        plain_utf8=encoding == "bytes" and _is_utf8(head),
        titles=head_of_table.titles,
        is_even=not odd,
        is_nearly_even=_FEW_ODD * odd <= len(rows),
    )


def opened(path: Path) -> IO[bytes]:
    """The file for reading, with a plain sentence where it cannot be."""
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.", "Check its permissions.") from error


def _encoding(head: bytes, name: str) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    zeros_even, zeros_odd = head[0::2].count(0), head[1::2].count(0)
    if max(zeros_even, zeros_odd) > len(head) // 8:
        if zeros_odd > 4 * zeros_even:
            return "utf-16-le"
        if zeros_even > 4 * zeros_odd:
            return "utf-16-be"
        raise InputError(f"{name} is not text, though its name says so.", "Export it as CSV, or correct its suffix.")
    control = sum(head.count(bytes([code])) for code in range(1, 9))
    if control > len(head) // 50 or head.startswith((b"PK\x03\x04", b"\x1f\x8b", b"PAR1", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise InputError(f"{name} is not text, though its name says so.", "Export it as CSV, or correct its suffix.")
    return "bytes"


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _decode_head(head: bytes, encoding: str) -> str:
    if encoding != "bytes":
        return head[: len(head) // 2 * 2].decode(encoding, errors="replace").lstrip("\ufeff")
    if _is_utf8(head):
        return head.decode("utf-8", errors="ignore").lstrip("\ufeff")
    return head.decode("cp1252", errors="replace").removeprefix("ï»¿")


def _delimiter(lines: Sequence[str]) -> str:
    """The sign that cuts most of the first lines into equal numbers of cells; a header that is known settles it sooner."""

    def score(delimiter: str) -> tuple[int, int, int]:
        records = [cells for _, _, cells in _records(lines[:200], delimiter)]
        known = max((sum(is_known(cell) for cell in cells) for cells in records[:TITLE_ROWS]), default=0)
        widths = [len(cells) for cells in records if len(cells) > 1]
        common = max((widths.count(width) for width in set(widths)), default=0)
        return (known if known > 1 else 0, common, max(widths, default=0))

    return max(DELIMITERS, key=score)


def _records(lines: Sequence[str], delimiter: str) -> list[tuple[int, int, list[str]]]:
    """(first physical line, lines taken, cells) of each record in the head; a broken end is left off."""
    reader = csv.reader(lines, delimiter=delimiter)
    records = []
    before = 0
    try:
        for cells in reader:
            records.append((before, reader.line_num - before, cells))
            before = reader.line_num
    except csv.Error:
        pass
    return records
