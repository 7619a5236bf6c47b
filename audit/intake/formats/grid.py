"""Formats that come as rows of cells, a sheet or a table on a page: the header is found among the first of them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from audit.errors import InputError
from audit.intake.formats.clean import Record, clean_table
from audit.intake.formats.header import header_place, settled_headers
from audit.intake.formats.reader import OneWay

_HEAD = 2000


def open_grid(kind: str, name: str, rows: Iterable[Sequence[str]], scratch: Path) -> OneWay:
    """The rows below the header as an opened file, with as many cells as the header has names; the first row is number 1.

    InputError where no header can be told, or there is nothing.
    """
    numbered = enumerate(rows, start=1)
    head = list(islice(numbered, _HEAD))
    if not any(cell.strip() for _, cells in head for cell in cells):
        raise InputError(f"{name} is empty.", "Export it again, and check the date range and filters.")
    place = header_place([cells for _, cells in head], name)
    below = head[place + 1 :]
    sample = tuple(tuple(cells) for _, cells in below if any(cell.strip() for cell in cells))
    headers = settled_headers(name, head[place][1], sample)
    return OneWay(kind, clean_table(_records(chain(below, numbered), len(headers), place + 1), headers, scratch), sample)


def _records(rows: Iterable[tuple[int, Sequence[str]]], width: int, ahead: int) -> Iterator[Record]:
    for number, cells in rows:
        yield Record(number - ahead, [*cells, *[""] * (width - len(cells))][:width])
