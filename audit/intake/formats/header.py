"""Which of a table's first rows is its header, and whether it can be trusted; the same for text, sheets and whatever has rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from audit.errors import InputError
from audit.intake.columns.headers import is_known
from audit.intake.columns.shapes import is_date, is_npi
from audit.intake.formats.reader import Sample
from audit.intake.formats.structure import Structure, line_of
from audit.intake.formats.widths import aligned_headers

# A header stands among so many first rows; titles stand above it.
TITLE_ROWS = 40
DELIMITERS = (",", "\t", ";", "|")
_NEARLY_ALL = 0.9
_AMOUNT = re.compile(r"[-(]?\$?[\d,]+\.\d\d[-)]?")


@dataclass(frozen=True, slots=True)
class TableHead:
    """Where the header stands among the first records, its names, the titles above it, and the rows of claims below it."""

    place: int
    headers: tuple[str, ...]
    titles: frozenset[str]
    sample: Sample


def table_head(name: str, records: Sequence[Sequence[str]], delimiter: str = ",") -> TableHead:
    """Find the header. InputError where there is none, or it cannot be trusted."""
    place = _header_place(records, name)
    titles = frozenset(line_of(cells) for cells in records[:place] if any(map(str.strip, cells)))
    headers = _without_empty_end(records[place], records[place + 1 :])
    structure = Structure(_clean_headers(headers), titles, has_prose=True)
    below = (cells for cells in records[place + 1 :] if any(cell.strip() for cell in cells))
    sample = tuple(tuple(cells) for cells in below if structure.what_is(cells) is None)
    _refuse_run_on(name, headers, sample, delimiter)
    return TableHead(place, aligned_headers(name, _clean_headers(headers), sample), titles, sample)


def _without_empty_end(headers: Sequence[str], below: Sequence[Sequence[str]]) -> Sequence[str]:
    """The headers, without blank ones at their end over which no row has a cell: a delimiter stands behind the last name."""
    last = max((place for place, header in enumerate(headers, start=1) if header.strip()), default=0)
    return headers if any(cell.strip() for cells in below for cell in cells[last:]) else headers[:last]


def _header_place(records: Sequence[Sequence[str]], name: str) -> int:
    """Index of the record that is the header: the one with the most known names, else the first with enough cells."""
    early = records[:TITLE_ROWS]
    known = [sum(is_known(cell) for cell in cells) for cells in early]
    if known and max(known) >= 2:
        return known.index(max(known))
    width = max((len(cells) for cells in records[:200]), default=0)
    for place, cells in enumerate(early):
        filled = [cell.strip() for cell in cells if cell.strip()]
        if len(cells) * 2 > width and len(filled) * 2 > len(cells) and not any(map(_is_value, filled)):
            if _is_like_rows(cells, records[place + 1 :]):
                break
            return place
    raise InputError(f"{name} has no header line that can be told from its rows.", "Export it with its column names.")


def _is_like_rows(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a line of unknown names is written as the rows below it are: then it is one of them, and they have no header."""
    if any(cell.strip().isdigit() for cell in cells):
        return True
    alike = 0
    for place, cell in enumerate(cells):
        others = [_outline(row[place]) for row in below if place < len(row) and row[place].strip()]
        alike += bool(cell.strip()) and 2 * others.count(_outline(cell)) > len(others)
    return 2 * alike > sum(bool(cell.strip()) for cell in cells)


def _outline(cell: str) -> str:
    """A cell with runs of digits, capitals and small letters as one sign each: "Roe, Ann 12" becomes "Aa, Aa #"."""
    marked = re.sub(r"\d+", "#", cell.strip())
    return re.sub(r"[^\W\d_A-Z]+", "a", re.sub(r"[A-Z]+", "A", marked))


def _is_value(cell: str) -> bool:
    """Whether a cell is a date, an amount or an NPI: then it stands in a row of claims, and no error may call it a header."""
    return is_date(cell) or is_npi(cell) or _AMOUNT.fullmatch(cell) is not None


def _refuse_run_on(name: str, headers: Sequence[str], sample: Sequence[Sequence[str]], delimiter: str) -> None:
    """Where a quote or a line end is lost, the header line runs on into rows of claims: these must not be shown as names."""
    if any(_is_several_cells(header, delimiter) for header in headers):
        raise InputError(
            f"{name}: a quote is opened in its header line and not closed behind the name, so its columns cannot be told apart.",
            "Mend the quotes of the header line, or export it again.",
        )
    values = [index for index, header in enumerate(headers) if _is_value(header)]
    # A single date may be the day of the export; over a column of dates it is a cell of it.
    if len(values) > 1 or any(_mostly_values(sample, index) for index in values):
        raise InputError(
            f"{name}: its header line holds dates or amounts beside names, as if a row of claims had run into it.",
            "A line end may be lost: mend the header line, or export it again.",
        )
    narrower = sum(len(cells) < len(headers) for cells in sample)
    if sample and narrower >= _NEARLY_ALL * len(sample):
        raise InputError(
            f"{name}: its header line has {len(headers)} names, and nearly every row has fewer cells.",
            "A delimiter too many may stand in the header line, or a line end be lost: mend it, or export it again.",
        )


def _is_several_cells(header: str, delimiter: str) -> bool:
    """Whether quotes, or a delimiter misjudged, have made one name of several cells: lines run on in it, or one is a value."""
    if header.count(delimiter) > 1 and ("\n" in header or "\r" in header):
        return True
    pieces = [header.split(sign) for sign in DELIMITERS]
    return any(len(cells) > 2 and any(_is_value(cell.strip()) for cell in cells) for cells in pieces)


def _mostly_values(sample: Sequence[Sequence[str]], index: int) -> bool:
    return 2 * sum(_is_value(cells[index]) for cells in sample if index < len(cells)) > len(sample)


def _clean_headers(headers: Sequence[str]) -> tuple[str, ...]:
    cells = [header.replace("\ufeff", "").replace("\n", " ").replace("\r", " ").strip() for header in headers]
    return tuple(cells)
