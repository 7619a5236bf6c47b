"""Ways in which exports are damaged: bytes flipped, blocks lost, quotes and delimiters dropped, lines joined, cells swapped.

A damaged text knows of each of its bytes which record it was part of, so that tests.damage can tell the records that came
through whole.
"""

import random
from collections.abc import Callable, Sequence

from tests.damage_specimens import Grid, Specimen

NOBODY = -1
_HEADER = -2
_JUNK = (
    b"\x00",
    b"\x1a",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\xc3",
    b"\x80",
    b"\xed\xa0\x80",
    b"\r\r\n",
    b"\x85",
    b"\xe2\x80\xa8",
    b'""',
    b"\\",
)


class Marked:
    """A text export while it is damaged: its bytes, and of each the number of the record that it was written for."""

    def __init__(self, specimen: Specimen) -> None:
        self.specimen = specimen
        self.data = bytearray(specimen.whole)
        self.owner = [NOBODY] * len(specimen.before) + [_HEADER] * len(specimen.header)
        for number, record in enumerate(specimen.records):
            self.owner += [number] * len(record)
        self.owner += [NOBODY] * len(specimen.after)

    def put(self, at: int, piece: bytes, instead_of: int = 0) -> None:
        """Put bytes of nobody's in the place of so many bytes."""
        self.data[at : at + instead_of] = piece
        self.owner[at : at + instead_of] = [NOBODY] * len(piece)

    def place(self, chance: random.Random, owner: int | None = None) -> int:
        """A place at a character, in the whole text or in one owner's part of it."""
        places = range(len(self.data)) if owner is None else [at for at, one in enumerate(self.owner) if one == owner]
        if not places:
            return 0
        at = chance.choice(places)
        # Now and then a text of two bytes a character is cut within one of them.
        return at if chance.random() < 0.1 else at // self.specimen.unit * self.specimen.unit

    def find(self, chance: random.Random, sign: str) -> int | None:
        """A place at which the sign stands, None where it stands nowhere."""
        piece, unit = self.specimen.encoded(sign), self.specimen.unit
        places = [at for at in range(0, len(self.data), unit) if self.data[at : at + unit] == piece]
        return chance.choice(places) if places else None

    def header_is_whole(self) -> bool:
        """Whether everything up to the first record stands as it was exported."""
        start = len(self.specimen.before) + len(self.specimen.header)
        return self.data[:start] == self.specimen.whole[:start] and all(one in (NOBODY, _HEADER) for one in self.owner[:start])

    def whole_records(self) -> list[int]:
        """Records that came through whole: their text stands as it was, between line ends of whatever kind."""
        spans: dict[int, list[int]] = {}
        for at, one in enumerate(self.owner):
            if one >= 0:
                spans.setdefault(one, []).append(at)
        return [number for number, places in sorted(spans.items()) if self._is_whole(number, places)]

    def _is_whole(self, number: int, places: Sequence[int]) -> bool:
        ends, unit = (self.specimen.encoded("\n"), self.specimen.encoded("\r")), self.specimen.unit
        text = self.specimen.records[number]
        while text[-unit:] in ends:
            text = text[:-unit]
        start, stop = places[0], places[0] + len(text)
        return (
            self.data[start:stop] == text
            and places[: len(text)] == list(range(start, stop))
            and start % unit == 0
            and (start == 0 or bytes(self.data[start - unit : start]) in ends)
            and (stop >= len(self.data) or bytes(self.data[stop : stop + unit]) in ends)
        )


def flip(text: Marked, chance: random.Random) -> None:
    """Change one to three bytes."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(text.data))
        text.put(at, bytes([chance.randrange(256)]), 1)


def cut(text: Marked, chance: random.Random) -> None:
    """Lose the end."""
    at = text.place(chance)
    text.put(at, b"", len(text.data) - at)


def lose_block(text: Marked, chance: random.Random) -> None:
    """Lose a piece from the middle."""
    text.put(text.place(chance), b"", chance.choice([1, 2, 16, 200, 512]) * text.specimen.unit)


def repeat_block(text: Marked, chance: random.Random) -> None:
    """Write a piece twice, somewhere."""
    start = text.place(chance)
    piece = bytes(text.data[start : start + chance.choice([8, 120, 600]) * text.specimen.unit])
    text.put(text.place(chance), piece)


def zero_block(text: Marked, chance: random.Random) -> None:
    """Overwrite a piece with noughts, as a disk that failed does."""
    at = text.place(chance)
    length = min(chance.choice([1, 4, 60, 512]), len(text.data) - at)
    text.put(at, bytes(length), length)


def add_junk(text: Marked, chance: random.Random) -> None:
    """Put in bytes that no export should have."""
    text.put(text.place(chance), chance.choice(_JUNK))


def swap_cells(text: Marked, chance: random.Random) -> None:
    """Swap two cells in some records, as a shifted column does."""
    for number in chance.sample(range(len(text.specimen.records)), 2):
        places = [at for at, one in enumerate(text.owner) if one == number]
        if not places or places != list(range(places[0], places[-1] + 1)):
            continue
        cells = bytes(text.data[places[0] : places[-1] + 1]).split(text.specimen.delimiter)
        if len(cells) > 2:
            one, other = chance.sample(range(len(cells) - 1), 2)
            cells[one], cells[other] = cells[other], cells[one]
            text.put(places[0], text.specimen.delimiter.join(cells), len(places))


def drop_sign(sign: str) -> Callable[[Marked, random.Random], None]:
    """Lose the sign once or twice."""

    def drop(text: Marked, chance: random.Random) -> None:
        for _ in range(chance.randint(1, 2)):
            at = text.find(chance, sign)
            if at is not None:
                text.put(at, b"", text.specimen.unit)

    return drop


def add_sign(sign: str) -> Callable[[Marked, random.Random], None]:
    """Put the sign in once or twice: anywhere, or beside a delimiter, where it does most harm."""

    def add(text: Marked, chance: random.Random) -> None:
        for _ in range(chance.randint(1, 2)):
            beside = text.find(chance, text.specimen.delimiter.decode(text.specimen.encoding)) if chance.random() < 0.6 else None
            at = text.place(chance) if beside is None else beside + chance.choice([0, text.specimen.unit])
            text.put(at, text.specimen.encoded(sign))

    return add


def delimiter(way: Callable[[str], Callable[[Marked, random.Random], None]]) -> Callable[[Marked, random.Random], None]:
    """A way with a sign, for the file's own delimiter."""
    return lambda text, chance: way(text.specimen.delimiter.decode(text.specimen.encoding))(text, chance)


def mix_ends(text: Marked, chance: random.Random) -> None:
    """Write some lines with another line end."""
    for _ in range(chance.randint(1, 6)):
        at = text.find(chance, "\n")
        if at is not None:
            text.put(at, text.specimen.encoded(chance.choice(["\r", "\r\n", "\n\n", "\n\r", "\r\r\n"])), text.specimen.unit)


def join_lines(text: Marked, chance: random.Random) -> None:
    """Lose a line end, whichever it is."""
    at = text.find(chance, "\n")
    if at is None:
        return
    unit = text.specimen.unit
    before = 1 if bytes(text.data[at - unit : at]) == text.specimen.encoded("\r") else 0
    text.put(at - before * unit, b"", (1 + before) * unit)


def spoil_header(text: Marked, chance: random.Random) -> None:
    """Change, lose or add a sign in the header."""
    at = text.place(chance, _HEADER)
    signs = [text.specimen.encoded(sign) for sign in ('"', "\n", "x", " ", "\u00e9", "")]
    text.put(at, chance.choice([*signs, text.specimen.delimiter]), chance.choice([0, 1, 1, 5]) * text.specimen.unit)


WAYS: dict[str, Callable[[Marked, random.Random], None]] = {
    "bytes flipped": flip,
    "cut": cut,
    "block lost": lose_block,
    "block repeated": repeat_block,
    "block zeroed": zero_block,
    "junk added": add_junk,
    "cells swapped": swap_cells,
    "quote dropped": drop_sign('"'),
    "quote added": add_sign('"'),
    "delimiter dropped": delimiter(drop_sign),
    "delimiter added": delimiter(add_sign),
    "line broken": add_sign("\n"),
    "lines joined": join_lines,
    "line ends mixed": mix_ends,
    "header spoiled": spoil_header,
}


def spoil_cells(grid: Grid, chance: random.Random) -> tuple[list[list[str]], set[int]]:
    """Rows of a workbook or table with cells swapped, blanked or overwritten and rows lost or doubled; which were spared."""
    rows = [list(row) for row in grid.rows]
    spared = set(range(len(rows)))
    for number in chance.sample(range(len(rows)), chance.randint(1, 4)):
        row, spare = rows[number], chance.random() < 0.2
        one, other = chance.sample(range(1, len(row)), 2)
        if spare:
            rows[number] = []
        elif chance.random() < 0.5:
            row[one], row[other] = row[other], row[one]
        else:
            row[one] = chance.choice(
                ["", "x" * 5000, "\ud7ff\n\n", "#REF!", "1E+400", "-", "\u00a0", "=A1", "9" * 40, "NaN", "\x07"]
            )
        spared.discard(number)
    return [row for row in rows if row], spared


def spoil_bytes(data: bytes, chance: random.Random) -> bytes:
    """A packed file with bytes flipped, cut, lost, repeated or zeroed from outside."""
    for _ in range(chance.randint(1, 3)):
        at, length = chance.randrange(len(data)), chance.choice([1, 1, 2, 16, 200])
        data = chance.choice([
            data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :],
            data[:at],
            data[:at] + data[at + length :],
            data[:at] + data[at : at + length] + data[at:],
            data[:at] + bytes(len(data[at : at + length])) + data[at + length :],
        ]) or b"x"  # fmt: skip
    return data
