"""Turns a text, CSV or Excel table of CMS into numbered rows of trimmed text, and finds out which table it is.

Nothing counts header lines: CMS's notice changes length from year to year. The header is the row whose first cells are
the table's own column titles; what stands above it (the AMA's notice) is passed over and kept nowhere.
"""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import IO

from audit.errors import InputError
from audit.reference.archive import Member, open_member
from audit.reference.cms_names import MUE, PTP

Row = tuple[int, list[str]]  # row number as a spreadsheet or editor shows it, then the cells

_HEADER_WITHIN = 200  # rows; CMS's notices run to some 20
_PLAIN = re.compile(r"[^a-z0-9]+")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Table:
    """A recognised table: `kind` ptp or mue, its header cells, and the rows below the header, read once, in order."""

    kind: str
    header: tuple[str, ...]
    rows: Iterator[Row]


@contextmanager
def open_table(member: Member) -> Iterator[Table]:
    """Opens a member as a table. Raises InputError where it is neither a PTP nor an MUE table."""
    with open_member(member) as stream:
        for rows in _sheets(member, stream):
            found = _find_header(rows)
            if found is not None:
                yield Table(found[0], found[1], rows)
                return
        raise InputError(
            f"{member.label}: neither a CMS PTP nor a CMS MUE table: no row of the first {_HEADER_WITHIN} begins with "
            "'Column 1', 'Column 2' (PTP) or with 'HCPCS/CPT Code' and a column of MUE values (MUE).",
            "Import the quarterly files as downloaded from CMS's NCCI pages.",
        )


def _find_header(rows: Iterator[Row]) -> tuple[str, tuple[str, ...]] | None:
    for _, (_, cells) in zip(range(_HEADER_WITHIN), rows, strict=False):
        titles = [_PLAIN.sub("", cell.lower()) for cell in cells]
        if titles[:2] == ["column1", "column2"]:
            return PTP, tuple(cells)
        if titles and titles[0] in ("hcpcscptcode", "cpthcpcscode", "hcpcscode") and any("muevalue" in t for t in titles):
            return MUE, tuple(cells)
    return None


def _sheets(member: Member, stream: IO[bytes]) -> Iterator[Iterator[Row]]:
    if member.format == "xlsx":
        yield from _excel_sheets(member, stream)
    elif member.format == "csv":
        yield _csv_rows(member, stream)
    else:
        yield _text_rows(stream)


def _text_rows(stream: IO[bytes]) -> Iterator[Row]:
    with io.TextIOWrapper(stream, encoding="latin-1") as text:
        for number, line in enumerate(text, start=1):
            yield number, [cell.strip() for cell in line.split("\t")]


def _csv_rows(member: Member, stream: IO[bytes]) -> Iterator[Row]:
    with io.TextIOWrapper(stream, encoding="latin-1", newline="") as text:
        reader = csv.reader(text)
        try:
            for cells in reader:
                yield reader.line_num, [_one_line(cell) for cell in cells]
        except csv.Error as error:
            raise InputError(f"{member.at(reader.line_num)}: not a readable CSV file ({error}).", "Download it again.") from error


def _excel_sheets(member: Member, stream: IO[bytes]) -> Iterator[Iterator[Row]]:
    try:
        python_calamine = import_module("python_calamine")  # only Excel needs it
    except ImportError as error:
        raise InputError(
            f"{member.label}: reading Excel files needs the package python-calamine, which cannot be loaded.",
            "Install claims-audit again, or import CMS's txt or csv file instead.",
        ) from error
    try:
        book = python_calamine.load_workbook(stream)
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise InputError(f"{member.label}: not a readable Excel workbook ({error}).", "Download it again.") from error
    for sheet in sheets:
        yield ((number, [_cell(value) for value in values]) for number, values in enumerate(sheet.iter_rows(), start=1))


def _cell(value: object) -> str:
    if isinstance(value, str):
        return _one_line(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date):
        return value.strftime("%Y%m%d")
    return "" if value is None else str(value)


def _one_line(cell: str) -> str:
    return _SPACES.sub(" ", cell).strip()
