"""The cells of the workbook: typed, inert, and laid out for screen and paper alike."""

import re
from collections.abc import Container, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from audit.files.inert import text as guard
from audit.report.text import clean
from audit.report.view import Table
from audit.terms import TOTAL

_AMOUNT = re.compile(r"(\$?)(\d[\d,]*(?:\.\d+)?)")
_RULE_ID = re.compile(r"[A-Z]+[0-9]+")
Sheet = Any
Book = Any
Styles = Mapping[str, Any]


def make_styles(book: Book) -> Styles:
    """The formats of a workbook by name."""
    return {
        "head": book.add_format(
            {"bold": True, "bg_color": "#0d2f43", "font_color": "#ffffff", "text_wrap": True, "valign": "top"}
        ),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "count": book.add_format({"num_format": "#,##0"}),
        "text": book.add_format({"indent": 1}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "input": book.add_format({"bg_color": "#fff9e5", "border": 1, "border_color": "#d9cfa8"}),
    }


def head(sheet: Sheet, columns: Sequence[tuple[str, int]], styles: Styles, to_fill: Container[str] = (), frozen: int = 0) -> None:
    """The repeated head row: columns of (name, width); those `to_fill` are for people to write in; the first `frozen` stay."""
    for at, (name, width) in enumerate(columns):
        sheet.set_column(at, at, width, styles["input"] if name in to_fill else None)
    sheet.freeze_panes(1, frozen)
    sheet.set_row(0, 45 if len(columns) > 15 else 20)
    sheet.repeat_rows(0)
    paper(sheet, 1 + len(columns) // 15)
    for at, (name, _) in enumerate(columns):
        sheet.write_string(0, at, name.replace("_", " "), styles["head"])


def paper(sheet: Sheet, wide: int = 1) -> None:
    """Printed, a sheet is `wide` pages wide and says which page it is."""
    sheet.set_landscape()
    sheet.fit_to_pages(wide, 0)
    sheet.set_footer("&LConfidential&R&A, page &P of &N")


def cell(sheet: Sheet, row: int, at: int, value: object, styles: Styles, plain: bool = False) -> None:
    """One typed cell: amounts, counts and dates keep their type, text is inert; `plain` leaves out the two decimals."""
    if value is None or value == "":
        return
    if isinstance(value, Decimal):
        sheet.write_number(row, at, float(value), None if plain else styles["money"])
    elif isinstance(value, int | float):
        sheet.write_number(row, at, value)
    elif isinstance(value, date):
        sheet.write_datetime(row, at, value, styles["date"])
    else:
        sheet.write_string(row, at, _inert(str(value)), styles["text"])


@lru_cache(maxsize=10_000)
def _inert(text: str) -> str:
    """Text as a cell may hold it. Most columns say few things over many rows: each is made clean once."""
    return guard(clean(text))


def total(sheet: Sheet, row: int, names: Sequence[str], sums: Mapping[str, Decimal], styles: Styles, what: str = TOTAL) -> None:
    """A row of totals below a sheet, apart from its rows so that sorting leaves it where it is."""
    sheet.write_string(row, 0, what, styles["title"])
    for name, amount in sums.items():
        cell(sheet, row, names.index(name), amount, styles)


def to_rule(sheet: Sheet, row: int, at: int, rule_id: object, anchor: str) -> None:
    """The rule's id, leading to its section of the report that lies beside the workbook; an odd id stays plain text."""
    name = clean(rule_id, 40)
    if _RULE_ID.fullmatch(name):
        sheet.write_url(row, at, f"external:report.html#{anchor}-{name}", string=name)
    else:
        sheet.write_string(row, at, guard(name))


def view_table(sheet: Sheet, row: int, table: Table, styles: Styles) -> int:
    """A table of the report as it stands; returns the row after it."""
    sheet.write_string(row, 0, table.caption, styles["title"])
    for at, column in enumerate(table.columns):
        sheet.write_string(row + 1, at, column.heading, styles["head"])
    for at_row, cells in enumerate(table.rows, start=row + 2):
        for at, cell in enumerate(cells):
            amount = _AMOUNT.fullmatch(cell.text) if table.columns[at].kind == "number" else None
            if amount:
                sheet.write_number(at_row, at, float(amount[2].replace(",", "")), styles["money" if amount[1] else "count"])
            else:
                sheet.write_string(at_row, at, guard(cell.text))
    return row + len(table.rows) + 4
