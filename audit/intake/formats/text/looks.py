"""What a row of claims looks like in one file, told from its first rows: columns of dates, numbers, clock times.

A row that a lost quote has drawn into a note is known by that, and a list in a note is not taken for one, however many
delimiters it has.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from audit.intake.columns.shapes import is_blank, is_date, minute_of_day

_NUMBER = re.compile(r"[-(]?\s*+(?:\$\s*+)?-?\d[\d,]*(\.\d*)?\s*[-)]?|[-(]?\$?\.\d+\)?")
_ENOUGH = 0.9
# What of a line belongs to a quote that was opened before it.
_QUOTED = re.compile('(?:[^"]|"")*')


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell.strip()) is not None


def _is_clock(cell: str) -> bool:
    return minute_of_day(cell) is not None


_SHAPES: tuple[Callable[[str], bool], ...] = (is_date, _is_clock, _is_number)


@dataclass(frozen=True, slots=True)
class Looks:
    """The columns that hold nothing but one kind of value, by their place."""

    delimiter: str
    width: int
    columns: tuple[tuple[int, Callable[[str], bool]], ...]

    @classmethod
    def of(cls, sample: Sequence[Sequence[str]], delimiter: str, width: int) -> "Looks":
        """Told from sampled rows, those of another width left out."""
        rows = [row for row in sample if len(row) >= width]
        found = []
        for place in range(width):
            cells = Counter(row[place] for row in rows if not is_blank(row[place]))
            enough = _ENOUGH * cells.total()
            shape = next(
                (shape for shape in _SHAPES if cells and sum(n for cell, n in cells.items() if shape(cell)) >= enough), None
            )
            if shape is not None:
                found.append((place, shape))
        return cls(delimiter, width, tuple(found))

    def fit(self, line: str) -> bool:
        """Whether a line, quotes apart, is a row by its values: a date where dates stand, and little against it."""
        if line.count(self.delimiter) < self.width - 1 or self.width < 3:
            return False
        cells = self._cells(line)
        if self._fits(cells):
            return True
        if '"' not in line:
            return False
        bare = self._cells(line.replace('"', ""))
        return self._fits(bare) or any(map(self._fits, self._with_text_together(bare)))

    def joined(self, first: str, line: str) -> bool:
        """Whether `line`, which begins inside a quote that `first` has opened, is rather a row of its own.

        The line on which the quote closes may look like one by right, behind the end of a note in one of the first columns:
        there `first` must look like a row too, or the line's date stand before the quote closes, within what would be the note.
        """
        return self.fit(line) and ('"' not in line or self.fit(first) or self._is_dated_within(line))

    def _is_dated_within(self, line: str) -> bool:
        """Whether a date stands where dates stand, in that part of the line which is still quoted."""
        quoted = _QUOTED.match(line)
        cells = quoted[0].split(self.delimiter)[:-1] if quoted else []
        return any(shape is is_date and place < len(cells) and is_date(cells[place]) for place, shape in self.columns)

    def _with_text_together(self, cells: list[str]) -> Iterator[list[str]]:
        """The row with the cells too many put together in a column of text: a note without its quotes parts at each delimiter."""
        more = len(cells) - self.width
        typed = {place for place, _ in self.columns}
        for place in range(self.width) if more > 0 else ():
            if place not in typed:
                yield [*cells[:place], self.delimiter.join(cells[place : place + more + 1]), *cells[place + more + 1 :]]

    def _cells(self, line: str) -> list[str]:
        try:
            return next(csv.reader([line], delimiter=self.delimiter), [])
        except csv.Error:
            return line.split(self.delimiter)

    def _fits(self, cells: Sequence[str]) -> bool:
        if len(cells) < self.width or any(cell.strip() for cell in cells[self.width :]):
            return False
        filled = [(shape, shape(cells[place])) for place, shape in self.columns if not is_blank(cells[place])]
        fitting = sum(fits for _, fits in filled)
        dates = [fits for shape, fits in filled if shape is is_date]
        has_dates = any(shape is is_date for _, shape in self.columns)
        return (any(dates) or not has_dates) and 4 * (len(filled) - fitting) <= fitting
