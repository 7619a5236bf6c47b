"""Formulas of a sheet for which the workbook keeps no values: whatever wrote them left that to Excel, and they read as blanks."""

import html
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from audit.errors import InputError
from audit.terms import plural

_CHUNK = 1 << 20
_LONGEST_CELL = 1 << 16
_END_OF_CELL = re.compile(rb"</(?:\w+:)?c>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_VALUE = re.compile(rb"<(?:\w+:)?(v|t)(\s[^>]*)?>[^<]")
_CELL = re.compile(rb'<(?:\w+:)?c\s(?=[^>]*?\br="([A-Z]{1,3})\d)[^>]*>')
# A formula whose result is a text may give an empty one.
_IS_TEXT = re.compile(rb'\st="str"')
_SHEET = re.compile(r'<(?:\w+:)?sheet\s(?=[^>]*?\sname="([^"]*)"|name="([^"]*)")[^>]*?\b\w+:id="([^"]*)"')
_TARGET = re.compile(r'<(?:\w+:)?Relationship\s(?=[^>]*?\bId="([^"]*)")[^>]*?\bTarget="([^"]*)"')
_MOST_SHOWN = 5


def refuse_unvalued(path: Path, name: str, sheet: str) -> None:
    """InputError where cells of the sheet hold formulas without values; workbooks of before 2007 always keep them."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        if part is None:
            return
        with archive.open(part) as stream:
            columns = Counter(_unvalued(stream))
    if not columns:
        return
    letters = sorted(columns, key=lambda one: (len(one), one))
    listed = ", ".join(letters[:_MOST_SHOWN]) + (" and others" if len(letters) > _MOST_SHOWN else "")
    raise InputError(
        f"{name}: {plural(columns.total(), 'cell')} of sheet {sheet} hold formulas without their values "
        f"({plural(len(letters), 'column')}: {listed}), which would read as blanks.",
        "Open the workbook in Excel, which works them out, and save it; or save the sheet as CSV.",
    )


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The part that holds a sheet; None in a workbook that is laid out in another way (.xlsb)."""
    held = set(archive.namelist())
    book, relations = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if not {book, relations} <= held:
        return None
    ids = {html.unescape(a or b): one for a, b, one in _SHEET.findall(archive.read(book).decode("utf-8", "replace"))}
    targets = dict(_TARGET.findall(archive.read(relations).decode("utf-8", "replace")))
    target = targets.get(ids.get(sheet, ""), "")
    part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
    return part if target and part in held else None


def _unvalued(stream: IO[bytes]) -> Iterator[str]:
    """The column of each cell that holds a formula and no value."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        *cells, rest = _END_OF_CELL.split(rest + chunk)
        rest = rest[-_LONGEST_CELL:]
        for cell in cells:
            if b"f" not in cell or not _FORMULA.search(cell) or _VALUE.search(cell, cell.rfind(b"<c")):
                continue
            opened = [*_CELL.finditer(cell)]
            if opened and not _IS_TEXT.search(opened[-1][0]):
                yield opened[-1][1].decode()
