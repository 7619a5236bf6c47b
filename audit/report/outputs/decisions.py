"""What people have written into a workbook of findings, read back so that it is not lost when the workbook is made anew."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, get_args

from audit.runs.format.review_records import Review
from audit.terms import DecisionWord

FIELDS = ("disposition", "amount", "refunded_on", "note", "reviewer", "reviewed_on")
DAYS = ("refunded_on", "reviewed_on")
# What a reviewer may say of a finding: in the workbook any of it; in the page all but a refund, which has a day of its own.
WORDS: tuple[DecisionWord, ...] = get_args(DecisionWord)
CHOICES = tuple(word for word in WORDS if word != "refunded")
SHEETS = ("Findings", "Worklist")
# By sheet and finding id: what stands in the fields that are filled in.
Written = Mapping[tuple[str, str], Mapping[str, str | date | Decimal]]
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


def on_record(review: Review | None) -> dict[str, dict[str, str | date | Decimal | None]]:
    """What reviewers decided of the run's findings before it was made, by finding id and field."""
    return {
        one.finding_id: {
            "disposition": one.decision,
            "amount": one.amount,
            "refunded_on": one.refunded_on,
            "reviewer": one.reviewer,
            "reviewed_on": one.decided_on,
        }
        for one in (review.decided if review else ())
        if one.rests
    }


def _of_sheet(book: Any, sheet: str) -> Iterator[tuple[tuple[str, str], dict[str, str | date | Decimal]]]:
    rows: Sequence[Sequence[Any]] = book.get_sheet_by_name(sheet).to_python()
    heads = [str(cell).strip().replace(" ", "_") for cell in rows[0]] if rows else []
    if "finding_id" not in heads:
        return
    places = {field: heads.index(field) for field in FIELDS if field in heads}
    for row in rows[1:]:
        finding = str(row[heads.index("finding_id")]).strip()
        filled = {field: _plain(field, row[at]) for field, at in places.items() if row[at] not in ("", None)}
        if finding and filled:
            yield (sheet, finding), filled


def _plain(field: str, value: Any) -> str | date | Decimal:
    """A cell as it can be written again: a date without its time, an amount in dollars, a number as people write it."""
    if field == "amount" and isinstance(value, int | float):
        return Decimal(str(value)).quantize(Decimal("0.01"))
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
