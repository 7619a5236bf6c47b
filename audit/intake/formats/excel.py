"""Excel workbooks, through python-calamine: the sheet that holds claim lines is read row by row."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from audit.errors import InputError
from audit.intake.columns.headers import candidates, is_known
from audit.intake.formats.formulas import refuse_unvalued
from audit.intake.formats.grid import open_grid
from audit.intake.formats.kinds import HEAD, HTML, NEW_WORKBOOK, OLD_WORKBOOK, TEXT, XML, another_kind, kind_of
from audit.intake.formats.merged import Fills, filled, fills_of
from audit.intake.formats.reader import OneWay, Opened
from audit.intake.formats.text.opened import Text
from audit.intake.formats.web_table import rows_of_page
from audit.intake.formats.workbook import check_workbook

_LOOK = 40
# What the header of claim lines names, and that of a sheet about them does not.
_OF_A_LINE = frozenset({"procedure_code", "service_date", "patient_id"})
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# Signs that no text has, but UTF-16's noughts and what ends a page or a file.
_NO_TEXT = re.compile(r"[\x01-\x08\x0e-\x19\x1b-\x1f]")
_MOST_DIGITS = 1e15


class Excel:
    """Workbooks of every kind that Excel has written, and pages and text that web systems save under such a name."""

    title = "Excel"
    suffixes = (".xlsx", ".xlsm", ".xls", ".xlsb")

    def open(self, con: duckdb.DuckDBPyConnection, path: Path, name: str, scratch: Path) -> Opened:
        """Read the sheet that holds claim lines. InputError where none does, or two."""
        with path.open("rb") as stream:
            head = stream.read(HEAD)
        kind = kind_of(head)
        if kind in (HTML, XML):
            return open_grid("web table, named as a workbook", name, rows_of_page(path), scratch)
        if kind == TEXT and not _NO_TEXT.search(head.decode("latin-1")):
            return Text().open(con, path, name, scratch)
        if kind not in (TEXT, OLD_WORKBOOK, NEW_WORKBOOK):
            raise another_kind(name, kind)
        return _open_workbook(path, name, scratch)


def _open_workbook(path: Path, name: str, scratch: Path) -> OneWay:
    load = _loader(name)
    try:
        check_workbook(path, name)
        with path.open("rb") as stream:
            # Told by what it holds: a workbook of today may be named .xls, and one of old .xlsx.
            workbook = load(stream)
            sheet, beside = _choose(workbook, name)
            refuse_unvalued(path, name, sheet)
            rows, fills = _table_of(workbook, sheet)
            return replace(open_grid(f"excel, {_sheet_said(workbook, sheet)}", name, rows, scratch, fills), beside=beside)
    except (InputError, KeyboardInterrupt):
        raise
    # calamine raises its own errors and, on damaged files, whatever its parser meets; a panic of it is no Exception.
    except BaseException as error:
        raise _locked(name) if _is_locked(path, error) else _damaged(name) from error


def _loader(name: str) -> Any:
    try:
        from python_calamine import load_workbook
    except ImportError as error:
        raise InputError(
            f"{name} is an Excel workbook, and the package that reads these, python-calamine, cannot be loaded.",
            "Install claims-audit again, or save the sheet as CSV.",
        ) from error
    return load_workbook


def _is_locked(path: Path, error: BaseException) -> bool:
    """Whether a password guards the workbook: the reader says so, or the file holds nothing but an encrypted package."""
    return type(error).__name__ == "PasswordError" or _ENCRYPTED in path.read_bytes()


def _locked(name: str) -> InputError:
    return InputError(
        f"{name} is guarded by a password, so nothing of it can be read.",
        "Open it in Excel, take the password off under File, Info, Protect Workbook, and save it; or save the sheet as CSV.",
    )


def _damaged(name: str) -> InputError:
    return InputError(f"{name} cannot be read as an Excel workbook.", "It may be damaged; save it again, or as CSV.")


def _choose(workbook: Any, name: str) -> tuple[str, int]:
    """The one sheet that may hold claim lines, by its header, else the only one with cells; and how many others have cells."""
    known: list[str] = []
    filled: list[str] = []
    whole: list[str] = []
    for sheet in workbook.sheet_names:
        head = [row for row, _ in zip(_rows(workbook, sheet), range(_LOOK), strict=False)]
        if any(any(cell for cell in row) for row in head):
            filled.append(sheet)
        if any(sum(is_known(cell) for cell in row) >= 3 for row in head):
            known.append(sheet)
        if any({*candidates(row)} >= _OF_A_LINE for row in head):
            whole.append(sheet)
    # A summary by payer or code has names of claims' columns too, and no line.
    options = [sheet for sheet in known if sheet in whole] or known or filled
    if not options:
        raise InputError(f"{name} has no sheet with rows.", "Save the sheet of claim lines, and check that it is not empty.")
    if len(options) > 1:
        hidden = _hidden(workbook)
        listed = ", ".join(f"{sheet} (hidden)" if sheet in hidden else sheet for sheet in options)
        raise InputError(
            f"{name} has {len(options)} sheets that may hold claim lines: {listed}.",
            "Save each sheet that is meant as a file of its own, and name these files together: several files make one audit.",
        )
    return options[0], len(filled) - 1


def _hidden(workbook: Any) -> frozenset[str]:
    """The sheets that Excel does not show."""
    return frozenset(sheet.name for sheet in workbook.sheets_metadata if "Hidden" in str(sheet.visible))


def _sheet_said(workbook: Any, sheet: str) -> str:
    return f"hidden sheet {sheet}" if sheet in _hidden(workbook) else f"sheet {sheet}"


def _table_of(workbook: Any, sheet: str) -> tuple[Iterator[list[str]], Fills]:
    """All rows of a sheet, each merged cell in every row that it covers, and which cells these are."""
    opened = workbook.get_sheet_by_name(sheet)
    cells = opened.to_python(skip_empty_area=False)
    # Of a binary workbook (.xlsb) the reader does not tell which cells are merged.
    fills = fills_of(opened.merged_cell_ranges or (), cells)
    return filled(([_text(cell) for cell in row] for row in cells), fills), fills


def _rows(workbook: Any, sheet: str) -> Iterator[list[str]]:
    for row in workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False):
        yield [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    """A cell as an export would write it: whole numbers without .0, dates as ISO, clock times as HH:MM:SS."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        # A workbook keeps fifteen digits of a number: one that is longer says so.
        if abs(cell) >= _MOST_DIGITS:
            return f"{cell:.14E}"
        return str(int(cell)) if cell.is_integer() else f"{cell:.10f}".rstrip("0")
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, dt.timedelta):
        seconds = int(cell.total_seconds())
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return str(cell).replace("\x00", "")
