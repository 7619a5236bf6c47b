"""The header names of the field as data: header_names.csv, one row a name, read and merged here and nowhere else.

`column` is the contract's, `header` what an export writes over it; `{n}`, `{nth}` and `{letter}` stand for 1, 2, 3, for 1ST,
2ND, 3RD and for A, B, C. `strength`: a strong name means the column, a weak one means it where no other of the column's names
stands in the file, and never takes a name back that a pattern or another row would give. `meaning` says what its cells are,
where they are not simply the column's: see MEANINGS. A header that no row names is that of the one column of which a name has
the same words, written shorter or longer.
"""

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from audit.contract import BY_NAME
from audit.errors import ConfigError
from audit.intake.columns.spelling import written_out

FILE = Path(__file__).with_name("header_names.csv")
FIELDS = ("column", "header", "strength", "meaning", "system", "note")
STRENGTHS = ("strong", "weak", "never")
MEANINGS = {
    "": "the column's cells, as docs/claim-line.md says",
    "hours": "hours and no minutes: each is 60 of them",
    "claim_date": "the claim's date, for those of its lines on which the line's own date is blank",
    "active": "the opposite: 0 marks a row that is dead",
    "reversal": "a mark of the row that takes another back, as the status Reversal is",
    "stand_in": "the column's where no other header names it",
    "told_by_value": "the column's only where its cells look like it, because others have such a header too",
}
# The tiers of a name, the best first.
GIVEN_NAME, OWN_NAME, ALIAS, WEAK_ALIAS, SPELLED = range(5)
_PUNCTUATION = re.compile(r"[\W_]+")
# What a template says of a column, and no part of its name: "Date of Service (required)".
_DEMAND = re.compile(r"[(\[<{*] ?(required|optional|mandatory|req|opt)\.? ?[)\]>}*]?$", re.IGNORECASE)
_MOST_NUMBERED = 12
_ORDINALS = {1: "ST", 2: "ND", 3: "RD"}


# Meanings of headers that are no names of the column.
_NO_NAMES = frozenset({"hours", "stand_in"})


@dataclass(frozen=True, slots=True)
class HeaderName:
    """One row of the table, with its number filled in where it has one."""

    column: str
    header: str
    strength: str = "strong"
    meaning: str = ""
    system: str = ""
    note: str = ""


@lru_cache(maxsize=1 << 12)
def normalized(header: str) -> str:
    """A header without case, blanks, punctuation, byte-order mark or "(required)": "Date of Service " -> dateofservice."""
    return _PUNCTUATION.sub("", _DEMAND.sub("", header.replace("\ufeff", "").strip()).casefold())


class Names:
    """The names that headers are known by: the contract's own, the shipped table's, and those that audit.toml adds.

    A name that audit.toml gives to a column is no other column's.
    """

    def __init__(self, table: Sequence[HeaderName], given: Mapping[str, Sequence[str]] = {}) -> None:
        self._tiers: dict[str, dict[str, int]] = {}
        self._meant: dict[str, dict[str, frozenset[str]]] = {}
        never = {(name.column, normalized(name.header)) for name in table if name.strength == "never"}
        self._never = frozenset(header for _, header in never)
        for column, headers in given.items():
            for header in headers:
                self._tiers.setdefault(normalized(header), {})[column] = GIVEN_NAME
        taken = frozenset(self._tiers)
        for column in BY_NAME:
            self._add(normalized(column), column, OWN_NAME, taken)
        for name in table:
            key = normalized(name.header)
            if (name.column, key) in never:
                continue
            if name.meaning and key not in taken:
                meant = self._meant.setdefault(name.meaning, {})
                meant[name.column] = meant.get(name.column, frozenset()) | {key}
            if name.meaning not in _NO_NAMES:
                self._add(key, name.column, WEAK_ALIAS if name.strength == "weak" else ALIAS, taken)
        self._written = _written(table, never)
        order = {column: place for place, column in enumerate(BY_NAME)}
        self._columns = {
            key: tuple(sorted(columns.items(), key=lambda item: (item[1], order[item[0]])))
            for key, columns in self._tiers.items()
        }

    def _add(self, key: str, column: str, tier: int, taken: frozenset[str]) -> None:
        if key not in taken:
            self._tiers.setdefault(key, {}).setdefault(column, tier)

    def of(self, header: str) -> Sequence[tuple[str, int]]:
        """The contract columns that go by this header, each with its tier, the best first."""
        found = self._columns.get(normalized(header))
        return found if found is not None else self._spelled(header)

    def _spelled(self, header: str) -> Sequence[tuple[str, int]]:
        """The column of which a name says the same in longer or shorter words, where the header itself is nobody's."""
        if normalized(header) in self._never:
            return ()
        column = self._written.get(written_out(header))
        return ((column, SPELLED),) if column else ()

    def is_known(self, header: str) -> bool:
        """Whether some contract column goes by this header."""
        return bool(self.of(header))

    def means(self, header: str, column: str, meaning: str) -> bool:
        """Whether the header is one of the column's that have this meaning."""
        return normalized(header) in self._meant.get(meaning, {}).get(column, frozenset())

    def meant(self, meaning: str) -> Sequence[str]:
        """The columns with names of a meaning."""
        return tuple(self._meant.get(meaning, {}))


def with_given(given: Mapping[str, Sequence[str]]) -> Names:
    """The shipped names and those of audit.toml's [header_names]: contract column -> headers.

    ConfigError where one is given to two columns, or has neither letter nor digit.
    """
    seen: dict[str, str] = {}
    for column, headers in given.items():
        for header in headers:
            other = seen.setdefault(normalized(header), column)
            if other != column:
                raise ConfigError(f"[header_names] gives {header!r} to {other} and to {column}.", "A header means one column.")
            if not normalized(header):
                raise ConfigError(f"[header_names] gives {column} the name {header!r}, which has no letter.", "Write the header.")
    return Names(shipped(), given) if given else known()


def _written(table: Sequence[HeaderName], never: Collection[tuple[str, str]]) -> dict[tuple[str, ...], str]:
    """Words of the shipped names, written out -> the one column that they mean; those of hours or of a claim's date are not."""
    columns = {written_out(column): {column} for column in BY_NAME}
    for name in table:
        unsure = name.meaning or (name.column, normalized(name.header)) in never
        columns.setdefault(written_out(name.header), set()).add("" if unsure else name.column)
    return {words: column for words, found in columns.items() if words and len(found) == 1 for column in found if column}


@cache
def known() -> Names:
    """The shipped names alone."""
    return Names(shipped())


@cache
def shipped() -> tuple[HeaderName, ...]:
    """Every row of the shipped table, numbered ones once for each number that the contract has."""
    return tuple(name for row in rows() for name in _numbered(row))


def rows() -> tuple[HeaderName, ...]:
    """The shipped table as it stands in its file."""
    with FILE.open(encoding="utf-8", newline="") as stream:
        return tuple(HeaderName(**row) for row in csv.DictReader(stream))


def of_column(column: str) -> tuple[HeaderName, ...]:
    """A contract column's rows, in the order of the table."""
    return tuple(name for name in shipped() if name.column == column)


def _numbered(row: HeaderName) -> Iterator[HeaderName]:
    if "{n}" not in row.column:
        yield row
        return
    for number in range(1, _MOST_NUMBERED + 1):
        column = row.column.format(n=number)
        if column in BY_NAME:
            header = row.header.format(n=number, nth=_ordinal(number), letter=chr(ord("A") + number - 1))
            yield HeaderName(column, header, *_rest(row))


def _rest(row: HeaderName) -> tuple[str, str, str, str]:
    return row.strength, row.meaning, row.system, row.note


def _ordinal(number: int) -> str:
    return f"{number}{_ORDINALS.get(number, 'TH')}"
