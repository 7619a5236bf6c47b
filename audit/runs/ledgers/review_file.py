"""Decisions out of a file of findings: checked as a whole, every fault listed with its row and column, or none taken."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from importlib import import_module
from pathlib import Path
from typing import Any

from audit.errors import InputError
from audit.runs.ledgers.decisions import WORDS, Decision, Known
from audit.terms import TOTAL, WHOLE_RUN

_SHEETS = ("Findings", "Worklist")
_TOTALS = {TOTAL.lower(), WHOLE_RUN.lower()}  # the first cells of the rows of totals below a sheet
_OTHER_NAMES = {"decision": "disposition", "decided_on": "reviewed_on"}
# Fields in which a reviewer may have written something that, without a disposition, decides nothing.
_WRITTEN = ("amount", "refunded_on", "note")
_SERIAL = re.compile(r"([34567]\d{4})(?:\.0)?")
_DAY_0 = date(1899, 12, 30)
_ONE_DAY = timedelta(days=1)  # east of here it may be tomorrow already, west of here still yesterday
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row with a disposition: where it stands ("row 7") and its cells by column."""

    place: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """What a file of findings holds for a review: rows that decide, and how many have words but no disposition."""

    name: str
    rows: tuple[FilledRow, ...]
    undecided: int

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the findings that are decided."""
        return frozenset(row.cells["finding_id"] for row in self.rows)


def read(path: Path) -> ReviewFile:
    """findings.xlsx, findings.csv or decisions.csv. Raises InputError where it is none of them."""
    rows = list(_rows(path))
    decided = tuple(FilledRow(place, cells) for place, cells in rows if cells.get("disposition"))
    undecided = sum(1 for _, cells in rows if not cells.get("disposition") and any(cells.get(name) for name in _WRITTEN))
    return ReviewFile(path.name, decided, undecided)


def decisions_of(file: ReviewFile, known: Mapping[str, Known], reviewer: str, today: date) -> list[Decision]:
    """Its decisions, each finding's once. Raises InputError that lists all that is wrong."""
    made: dict[str, Decision] = {}
    faults: list[str] = []
    for row in file.rows:
        own: list[str] = []
        one = _decision(row.cells, known, reviewer, today, own)
        if one and made.setdefault(one.finding_id, one) != one:
            own.append("column disposition: the finding has another answer above; leave one")
        faults.extend(f"{file.name}, {row.place}, {fault}." for fault in own)
    if faults:
        raise InputError(f"{file.name} was not imported; {len(faults)} to mend.", "\n".join(faults))
    return list(made.values())


def _decision(
    row: Mapping[str, str], known: Mapping[str, Known], reviewer: str, today: date, faults: list[str]
) -> Decision | None:
    finding, word = row["finding_id"], row["disposition"].lower()
    if finding not in known:
        faults.append("column finding_id: no run of the folder has it; give --out the folder of its run")
    decided = next((one for one in WORDS if one == word), None)
    if decided is None:
        faults.append(f"column disposition: not one of {', '.join(WORDS)}")
    by = row.get("reviewer") or reviewer
    if not by:
        faults.append("column reviewer: empty; fill it in or give --reviewer")
    amount = _amount(row.get("amount", ""), faults)
    if amount is not None and finding in known and amount > known[finding].amount_at_risk:
        faults.append(f"column amount: more than the finding's {known[finding].amount_at_risk}")
    refunded_on = _day(row, "refunded_on", today, faults)
    if word == "refunded" and (refunded_on is None or amount is None):
        faults.append("columns refunded_on, amount: a refund needs its day and its amount")
    decided_on = _day(row, "reviewed_on", today, faults) or today
    if finding in known and decided_on < known[finding].seen_from - _ONE_DAY:
        faults.append(
            f"column reviewed_on: {decided_on} is before the finding was first seen, {known[finding].seen_from}; "
            "correct the day, or give --out the folder of the earlier run"
        )
    if faults or decided is None:
        return None
    return Decision(
        finding_id=finding,
        decision=decided,
        amount=amount,
        refunded_on=refunded_on,
        reviewer=by,
        decided_on=decided_on,
        note=row.get("note", ""),
    )


def _amount(text: str, faults: list[str]) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text.replace("$", "").replace(",", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or amount != round(amount, 2):
        faults.append("column amount: no amount of dollars; write it like 12.50")
        return None
    return round(amount, 2)


def _day(row: Mapping[str, str], field: str, today: date, faults: list[str]) -> date | None:
    if not row.get(field):
        return None
    try:
        day = _date_of(row[field])
    except ValueError:
        faults.append(f"column {field}: no date; write it like {today}")
        return None
    if day > today + _ONE_DAY:
        faults.append(f"column {field}: a day to come")
    return day


def _date_of(text: str) -> date:
    """A day as people and spreadsheets write it; a bare number is a spreadsheet's date that has lost its look."""
    if american := _AMERICAN.fullmatch(text):
        return date(int(american[3]), int(american[1]), int(american[2]))
    if serial := _SERIAL.fullmatch(text):
        return _DAY_0 + timedelta(days=int(serial[1]))
    return date.fromisoformat(text)


def _rows(path: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    found = False
    for sheet, table in _tables(path):
        heads = [_head(cell) for cell in table[0]] if table else []
        if "finding_id" not in heads or "disposition" not in heads:
            continue
        found = True
        for number, cells in enumerate(table[1:], start=2):
            row = dict(zip(heads, map(_plain, cells), strict=False))
            if row.get("finding_id") or row.get("disposition", "").lower() not in _TOTALS:
                yield f"{sheet}row {number}", row
    if not found:
        raise InputError(f"{path.name} has no columns finding_id and disposition.", "Decide in findings.xlsx or findings.csv.")


def _tables(path: Path) -> Iterator[tuple[str, list[list[Any]]]]:
    if path.suffix.lower() == ".xlsx":
        calamine: Any = import_module("python_calamine")
        try:
            book = calamine.load_workbook(str(path))
            for sheet in (name for name in _SHEETS if name in book.sheet_names):
                yield f"sheet {sheet}, ", book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        except calamine.CalamineError as error:
            raise InputError(f"{path.name} cannot be read as a workbook.", "Save it again as .xlsx.") from error
        return
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not in UTF-8.", "Save it as CSV UTF-8.") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    yield "", list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _head(cell: object) -> str:
    name = str(cell).strip().lower().replace(" ", "_")
    return _OTHER_NAMES.get(name, name)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value).strip()
