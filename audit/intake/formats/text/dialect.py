"""How a text export is written: its encoding, its delimiter, and the line on which its header stands.

All of it is told from the first part of the file; nothing is assumed of the rest, which the readers check themselves.
"""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from audit.errors import InputError
from audit.intake.columns.headers import is_known
from audit.intake.columns.shapes import is_date, is_npi
from audit.intake.formats.text.widths import aligned_headers

_HEAD_BYTES = 1 << 18
_DELIMITERS = (",", "\t", ";", "|")
_TITLE_LINES = 40
_NEARLY_ALL = 0.9
_AMOUNT = re.compile(r"[-(]?\$?[\d,]+\.\d\d[-)]?")


@dataclass(frozen=True, slots=True)
class Dialect:
    """`encoding` "bytes" means UTF-8 with the odd Windows-1252 line; `skip_lines` are physical lines before the header.

    `header_lines` is how many physical lines the header takes; `sample` holds the first data records.
    """

    encoding: str
    delimiter: str
    skip_lines: int
    header_lines: int
    headers: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    plain_utf8: bool


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
    place = _header_place(records, name)
    start, taken, headers = records[place]
    sample = tuple(tuple(cells) for _, _, cells in records[place + 1 :] if any(cell.strip() for cell in cells))
    _refuse_run_on(name, headers, sample, delimiter)
    plain = encoding == "bytes" and _is_utf8(head)
    return Dialect(encoding, delimiter, start, taken, aligned_headers(name, _clean_headers(headers), sample), sample, plain)


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
        known = max((sum(is_known(cell) for cell in cells) for cells in records[:_TITLE_LINES]), default=0)
        widths = [len(cells) for cells in records if len(cells) > 1]
        common = max((widths.count(width) for width in set(widths)), default=0)
        return (known if known > 1 else 0, common, max(widths, default=0))

    return max(_DELIMITERS, key=score)


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


def _header_place(records: Sequence[tuple[int, int, list[str]]], name: str) -> int:
    """Index of the record that is the header: the one with the most known names, else the first with enough cells."""
    early = records[:_TITLE_LINES]
    known = [sum(is_known(cell) for cell in cells) for _, _, cells in early]
    if known and max(known) >= 2:
        return known.index(max(known))
    width = max((len(cells) for _, _, cells in records[:200]), default=0)
    for place, (_, _, cells) in enumerate(early):
        filled = [cell.strip() for cell in cells if cell.strip()]
        if len(cells) * 2 > width and len(filled) * 2 > len(cells) and not any(map(_is_value, filled)):
            return place
    raise InputError(f"{name} has no header line that can be told from its rows.", "Export it with its column names.")


def _is_value(cell: str) -> bool:
    """Whether a cell is a date, an amount or an NPI: then it stands in a row of claims, and no error may call it a header."""
    return is_date(cell) or is_npi(cell) or _AMOUNT.fullmatch(cell) is not None


def _refuse_run_on(name: str, headers: Sequence[str], sample: Sequence[Sequence[str]], delimiter: str) -> None:
    """Where a quote or a line end is lost, the header line runs on into rows of claims: these must not be shown as names."""
    if any(_is_several_cells(header, delimiter) for header in headers):
        raise InputError(
            f"{name}: a quote is opened in its header line and not closed behind the name, so its columns cannot be told apart.",
            "Mend the quotes of the header line, or export it again.",
        )
    values = [index for index, header in enumerate(headers) if _is_value(header)]
    # A single date may be the day of the export; over a column of dates it is a cell of it.
    if len(values) > 1 or any(_mostly_values(sample, index) for index in values):
        raise InputError(
            f"{name}: its header line holds dates or amounts beside names, as if a row of claims had run into it.",
            "A line end may be lost: mend the header line, or export it again.",
        )
    narrower = sum(len(cells) < len(headers) for cells in sample)
    if sample and narrower >= _NEARLY_ALL * len(sample):
        raise InputError(
            f"{name}: its header line has {len(headers)} names, and nearly every row has fewer cells.",
            "A delimiter too many may stand in the header line, or a line end be lost: mend it, or export it again.",
        )


def _is_several_cells(header: str, delimiter: str) -> bool:
    """Whether quotes, or a delimiter misjudged, have made one name of several cells: lines run on in it, or one is a value."""
    if header.count(delimiter) > 1 and ("\n" in header or "\r" in header):
        return True
    pieces = [header.split(sign) for sign in _DELIMITERS]
    return any(len(cells) > 2 and any(_is_value(cell.strip()) for cell in cells) for cells in pieces)


def _mostly_values(sample: Sequence[Sequence[str]], index: int) -> bool:
    return 2 * sum(_is_value(cells[index]) for cells in sample if index < len(cells)) > len(sample)


def _clean_headers(headers: Sequence[str]) -> tuple[str, ...]:
    cells = [header.replace("\ufeff", "").replace("\n", " ").replace("\r", " ").strip() for header in headers]
    return tuple(cells)
