"""Excel workbooks, through python-calamine: the sheet that holds claim lines is written out as CSV and read as such."""

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audit.errors import InputError
from audit.intake.columns.headers import is_known
from audit.intake.formats.workbook import check_workbook

_LOOK = 40
_MOST_DIGITS = 1e15


def sheet_as_csv(path: Path, name: str, scratch: Path) -> tuple[Path, str]:
    """(CSV in `scratch`, name of the sheet). InputError where the workbook cannot be read or two sheets hold claim lines."""
    workbook = _open(path, name)
    try:
        chosen = _choose(workbook, name)
        target = scratch / f"{path.stem}_sheet.csv"
        with target.open("w", encoding="utf-8", errors="replace", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(_rows(workbook, chosen))
    except (InputError, KeyboardInterrupt):
        raise
    # calamine raises its own errors and, on damaged files, whatever its parser meets; a panic of it is no Exception.
    except BaseException as error:
        raise _damaged(name) from error
    return target, chosen


def _open(path: Path, name: str) -> Any:
    try:
        from python_calamine import load_workbook
    except ImportError as error:
        raise InputError(
            f"{name} is an Excel workbook, and the package that reads these, python-calamine, cannot be loaded.",
            "Install claims-audit again, or save the sheet as CSV.",
        ) from error
    try:
        check_workbook(path, name)
        return load_workbook(str(path))
    except (InputError, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise _damaged(name) from error


def _damaged(name: str) -> InputError:
    return InputError(f"{name} cannot be read as an Excel workbook.", "It may be damaged or locked; save it again, or as CSV.")


def _choose(workbook: Any, name: str) -> str:
    """The one sheet with a header that is known; the only sheet with rows where none has."""
    known: list[str] = []
    filled: list[str] = []
    for sheet in workbook.sheet_names:
        head = [row for row, _ in zip(_rows(workbook, sheet), range(_LOOK), strict=False)]
        if any(any(cell for cell in row) for row in head):
            filled.append(sheet)
        if any(sum(is_known(cell) for cell in row) >= 3 for row in head):
            known.append(sheet)
    options = known or filled
    if not options:
        raise InputError(f"{name} has no sheet with rows.", "Save the sheet of claim lines, and check that it is not empty.")
    if len(options) > 1:
        raise InputError(
            f"{name} has {len(options)} sheets that may hold claim lines: {', '.join(options)}.",
            "Save each sheet that is meant as a file of its own, and name these files together: several files make one audit.",
        )
    return options[0]


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
