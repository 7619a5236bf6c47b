"""The careful way through a text export: every line becomes a record or a broken row with its reason, and none is lost.

DuckDB's reader is faster and is tried first; this one is for files in which some line does not keep the rules.
"""

import csv
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from itertools import islice

from audit.intake.formats.clean import CleanCopy
from audit.intake.formats.structure import Structure
from audit.intake.formats.text.dialect import Dialect
from audit.intake.formats.text.lines import EMPTY, LONGEST_LINE
from audit.intake.formats.text.looks import Looks
from audit.intake.raw import BrokenRow

# A quoted note may run over lines; beyond these bounds an open quote is a fault and not a note.
_MOST_LINES = 2_000
_MOST_CHARACTERS = 1_000_000
_FEW = 50
_ENDS = "\r\n"
_NOTHING = "\r\n\t \ufeff\x00\x1a"
_OPEN_QUOTE = "a quote is opened and not closed, so its cells cannot be told apart"
_TOO_LONG = f"the line has more than {LONGEST_LINE:,} signs"


class Fate(Enum):
    """What becomes of a record: a row, a line of blanks, a line of the report that is no claim, or a broken row."""

    KEPT = auto()
    EMPTY = auto()
    APART = auto()
    BROKEN = auto()


def read_records(blocks: Iterator[list[str]], dialect: Dialect, copy: CleanCopy) -> None:
    """Every line behind the header goes into the copy, as part of a record or broken, under its number."""
    looks, structure = dialect.looks, dialect.structure
    csv.field_size_limit(2 * LONGEST_LINE)
    lines = _Lines(blocks, looks)
    for _ in range(dialect.ahead):
        lines.skip()
    reader = csv.reader(lines, delimiter=looks.delimiter, strict=True)
    while lines.has_more():
        copy.keep_lines(lines.sound())
        if not lines.is_at_end_of_block():
            _read_record(lines, reader, looks, structure, copy)


def _read_record(lines: "_Lines", reader: "Iterator[list[str]]", looks: Looks, structure: Structure, copy: CleanCopy) -> None:
    """Read the record that begins on the next line, or refuse that line."""
    number = lines.number
    lines.begin_record()
    cells = _next(reader)
    taken = lines.taken
    fate, what = _fate(taken, cells, looks, structure)
    if fate is Fate.KEPT:
        copy.keep(number, cells[: looks.width])
    elif fate is Fate.APART:
        copy.set_apart(what)
    elif fate is Fate.BROKEN:
        lines.put_back_all_but_first()
        copy.refuse(BrokenRow(number, taken[0].rstrip(_ENDS), what))


def fate_of_line(line: str, looks: Looks, structure: Structure) -> tuple[Fate, str]:
    """What becomes of a record that is one line, quotes and all; with the reason where it is broken, or what it is instead."""
    return _fate([line], _next(csv.reader([line], delimiter=looks.delimiter, strict=True)), looks, structure)


def _next(reader: "Iterator[list[str]]") -> list[str]:
    try:
        return next(reader)
    except (csv.Error, StopIteration):
        return []


def _fate(taken: Sequence[str], cells: Sequence[str], looks: Looks, structure: Structure) -> tuple[Fate, str]:
    """What becomes of a record of the lines `taken`; no cells are those of a quote that is not closed."""
    if len(cells) != looks.width and not taken[0].strip(_NOTHING):
        return Fate.EMPTY, ""
    if len(taken[0]) > LONGEST_LINE:
        return Fate.BROKEN, _TOO_LONG
    fits = len(cells) == looks.width or (len(cells) > looks.width and not any(cell.strip() for cell in cells[looks.width :]))
    is_joined = len(taken) > 1 and (not fits or any(looks.joined(taken[0], line) for line in taken[1:]))
    if not cells or is_joined:
        return Fate.BROKEN, _OPEN_QUOTE
    if fits:
        return Fate.KEPT, ""
    if (what := structure.what_is(cells)) is not None:
        return Fate.APART, what
    return Fate.BROKEN, f"the row has {len(cells)} cells and the header {looks.width}"


class _Lines:
    """The lines of a text, with their numbers, for csv.reader: it is given no more of them than one record may have."""

    def __init__(self, blocks: Iterator[list[str]], looks: Looks) -> None:
        self._blocks, self._looks = blocks, looks
        self._block: Sequence[str] = ()
        self._at = self._before = self._size = 0
        self._has_quotes = self._one_by_one = False
        self._slow_until = 0
        self.taken: list[str] = []

    @property
    def number(self) -> int:
        """The number of the next line; the first one of the file is 1."""
        return self._before + self._at + 1

    def has_more(self) -> bool:
        """Whether there is a next line; blocks that are done are let go."""
        while self.is_at_end_of_block():
            block = next(self._blocks, None)
            if block is None:
                return False
            self._before += self._at
            self._block, self._at = block, 0
            if block[0] in EMPTY and block.count(block[0]) == len(block):
                self._at = len(block)
                continue
            self._has_quotes = any('"' in line for line in block)
            # Of a line that is too long only the beginning is here, and that may look sound.
            self._one_by_one = max(map(len, block)) > LONGEST_LINE
        return True

    def is_at_end_of_block(self) -> bool:
        """Whether the next line, if there is one, stands in another block."""
        return self._at == len(self._block)

    def skip(self) -> None:
        """Pass over a line."""
        if self.has_more():
            self._at += 1

    def sound(self) -> list[str]:
        """Take the block's records as long as they keep the rules: numbered, as a CleanCopy has them."""
        if not self._has_quotes:
            return self._without_quotes()
        if self._one_by_one or self.number < self._slow_until:
            return []
        before = self._at
        kept = self._with_quotes()
        if self._at - before < _FEW:
            # Where faults are many, looking ahead costs more than it saves.
            self._slow_until = self.number + _FEW
        return kept

    def _without_quotes(self) -> list[str]:
        delimiter, gaps, number, kept = self._looks.delimiter, self._looks.width - 1, self.number, []
        for line in islice(self._block, self._at, None):
            if gaps and line.count(delimiter) == gaps and len(line) <= LONGEST_LINE:
                kept.append(f"{number}{delimiter}{line.rstrip(_ENDS)}\n")
            elif line.strip(_NOTHING):
                break
            number += 1
        self._at = number - self._before - 1
        return kept

    def _with_quotes(self) -> list[str]:
        block, looks, kept = self._block, self._looks, list[str]()
        start = self._at
        reader = csv.reader(map(block.__getitem__, range(start, len(block))), delimiter=looks.delimiter, strict=True)
        try:
            for cells in reader:
                end = start + reader.line_num
                if len(cells) == looks.width > 1 and (end == self._at + 1 or self._is_note(self._at, end)):
                    text = block[self._at] if end == self._at + 1 else "".join(block[self._at : end])
                    kept.append(f"{self.number}{looks.delimiter}{text.rstrip(_ENDS)}\n")
                elif block[self._at].strip(_NOTHING):
                    break
                self._at = end
        except csv.Error:
            pass
        return kept

    def _is_note(self, first: int, end: int) -> bool:
        """Whether a record of several lines holds a note, and no row that a lost quote has joined."""
        lines = self._block[first:end]
        return not any(self._looks.joined(lines[0], line) for line in lines[1:])

    def begin_record(self) -> None:
        """The lines that are taken from here on are one record's."""
        self.taken, self._size = [], 0

    def put_back_all_but_first(self) -> None:
        """The record was none: the lines after its first one are read again."""
        again = self.taken[1:]
        if again:
            self._at -= len(again)
        if self._at < 0:
            self._block = [*again[: -self._at], *self._block]
            self._before += self._at
            self._at = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        """The record's next line; none where it would be too long, or the line is a row that a lost quote has joined."""
        if not self.has_more() or len(self.taken) >= _MOST_LINES or self._size > _MOST_CHARACTERS:
            raise StopIteration
        line = self._block[self._at]
        if self.taken and '"' not in line and self._looks.fit(line):
            raise StopIteration
        self._at += 1
        self._size += len(line)
        self.taken.append(line)
        return line
