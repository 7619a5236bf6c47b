"""What people have written into a workbook of findings, read back so that it is not lost when the workbook is made anew."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

FIELDS = ("disposition", "note", "reviewer", "reviewed_on")
CHOICES = ("confirm", "dismiss", "ask for record", "refer")  # what a reviewer may say of a finding, in page and workbook
SHEETS = ("Findings", "Worklist")
# By sheet and finding id: what stands in the fields that are filled in.
Written = Mapping[tuple[str, str], Mapping[str, str | date]]
NOTHING: Written = {}


def written_into(path: Path) -> Written:
    """What the sheets of findings hold in the fields that are for people, wherever its columns and rows stand now.

    Nothing where the file is no workbook any more, or its heads are gone.
    """
    if find_spec("python_calamine") is None:
        return NOTHING
    calamine: Any = import_module("python_calamine")
    with suppress(calamine.CalamineError, OSError, ValueError):
        book = calamine.load_workbook(str(path))
        return {key: fields for sheet in SHEETS if sheet in book.sheet_names for key, fields in _of_sheet(book, sheet)}
    return NOTHING


def _of_sheet(book: Any, sheet: str) -> Iterator[tuple[tuple[str, str], dict[str, str | date]]]:
    rows: Sequence[Sequence[Any]] = book.get_sheet_by_name(sheet).to_python()
    heads = [str(cell).strip().replace(" ", "_") for cell in rows[0]] if rows else []
    if "finding_id" not in heads:
        return
    places = {field: heads.index(field) for field in FIELDS if field in heads}
    for row in rows[1:]:
        finding = str(row[heads.index("finding_id")]).strip()
        filled = {field: _plain(row[at]) for field, at in places.items() if row[at] not in ("", None)}
        if finding and filled:
            yield (sheet, finding), filled


def _plain(value: Any) -> str | date:
    """A cell as it can be written again: a date without its time, a number as people write it."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
