"""Formats that come as rows of cells, a sheet or a table on a page: the header is found among the first of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from audit.errors import InputError
from audit.intake.formats.clean import Record, clean_table
from audit.intake.formats.header import table_head
from audit.intake.formats.merged import Fills, columns_below
from audit.intake.formats.reader import OneWay

_HEAD = 2000


def open_grid(kind: str, name: str, rows: Iterable[Sequence[str]], scratch: Path, fills: Fills | None = None) -> OneWay:
    """The rows below the header as an opened file, with as many cells as the header has names.

    `rows` are all of the sheet, so that a row's number is its place there; `fills` tells which of their cells are merged.

    InputError where no header can be told, or there is nothing.
    """
    numbered = enumerate(rows, start=1)
    head = list(islice(numbered, _HEAD))
    if not any(cell.strip() for _, cells in head for cell in cells):
        raise InputError(f"{name} is empty.", "Export it again, and check the date range and filters.")
    found = table_head(name, [cells for _, cells in head])
    below = chain(head[found.place + 1 :], numbered)
    table = clean_table(_records(below, len(found.headers)), found.headers, scratch)
    return OneWay(kind, replace(table, titles=found.titles), found.sample, columns_below(fills or {}, found.place))


def _records(rows: Iterable[tuple[int, Sequence[str]]], width: int) -> Iterator[Record]:
    for number, cells in rows:
        yield Record(number, [*cells, *[""] * (width - len(cells))][:width])
