"""A workbook before it is opened: whether its parts are as they were written, and how far its cells reach.

The reader of workbooks lays a sheet out as a rectangle from its first to its last cell, and it trusts what it unpacks. One
stray cell in the last corner would take more memory than there is, and a damaged part could change amounts.
"""

import re
import zipfile
from pathlib import Path
from typing import IO

from audit.errors import InputError

_CHUNK = 1 << 20
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Z]{1,3})([0-9]{1,7})"')
# A reference that two chunks share is looked at with the second one.
_LONGEST_TAG = 400
# A million rows of sixty columns: some two gigabytes while they are read.
_MOST_CELLS = 60_000_000


def check_workbook(path: Path, name: str) -> None:
    """InputError where a part of the workbook is damaged or a sheet reaches too far; old workbooks pass."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            with archive.open(part) as stream:
                reach = _reach(stream, is_sheet=_SHEET.fullmatch(part.filename) is not None)
            if reach is not None and _cells(reach) > _MOST_CELLS:
                last = f"{reach[2].decode()}{reach[1]}"
                raise InputError(
                    f"{name}: a sheet's cells reach to {last}, which is more than a table of claims holds.",
                    "Delete the cells that stand far from the table, or save the table alone, or as CSV.",
                )


def _cells(reach: tuple[int, int, bytes]) -> int:
    return reach[0] * reach[1]


def _reach(stream: IO[bytes], *, is_sheet: bool) -> tuple[int, int, bytes] | None:
    """(columns, rows, letters of the last column) of a sheet; None of another part. Reading to the end proves its checksum."""
    rest, columns, rows = b"", b"", 0
    while chunk := stream.read(_CHUNK):
        if not is_sheet:
            continue
        found = _CELL.findall(rest + chunk)
        if found:
            columns = max(columns, *(column for column, _ in found), key=lambda letters: (len(letters), letters))
            rows = max(rows, *(int(row) for _, row in found))
        rest = chunk[-_LONGEST_TAG:]
    return (_number(columns), rows, columns) if is_sheet else None


def _number(letters: bytes) -> int:
    """The place of a column: A is 1, AA is 27."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place
