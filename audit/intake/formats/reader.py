"""What every input format is to intake: a Reader that opens a file, and the Opened that gives its rows in one pass or more."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import duckdb

from audit.intake.raw import RawTable

Sample = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way of reading a file: the table to read, and what so many rows of it are numbered in the file.

    `numbers` gives None where these are not all rows that the file holds: a quick way may fail, while it is read or by its
    count, and the next attempt is then made. The numbers count where the order of the table's rows tells them; a table
    that has them in a column gives no more than a range of the right length.
    """

    table: RawTable
    numbers: Callable[[int], Sequence[int] | None]


class Progress(Protocol):
    """Who hears how far a file is read, and knows its lines; see audit.intake.files.watch."""

    def lines_of(self, path: Path) -> int:
        """Line ends of a plain file, of every kind, and a last line that has none."""

    def heard_by(self, path: Path) -> Callable[[int], None] | None:
        """Who is told how many bytes of the file a reader has behind it; None where nobody asks."""


class Opened(Protocol):
    """An opened file whose rows are not read yet. `kind` is what the run says of it: "csv", "excel, sheet Claims"."""

    @property
    def kind(self) -> str:
        """The format in the words of the manifest."""

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers, in the order of the file."""

    @property
    def sample(self) -> Sample:
        """First rows as text, for guesses by value."""

    @property
    def merged(self) -> frozenset[int]:
        """The fields, counted from 0, with cells that are merged over several rows: each counts for all of its rows."""

    @property
    def beside(self) -> int:
        """How many other sheets with cells the file holds, which are not read."""

    def passes(self, progress: Progress) -> Iterator[Attempt]:
        """The ways to read the rows, the quickest first. The last one is whole or the file is refused."""


class Reader(Protocol):
    """A format. Help names it by its `title`; `suffixes` are the endings of its files, in lower case with their dot."""

    @property
    def title(self) -> str:
        """What help calls it."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The endings of its files."""

    def open(self, con: duckdb.DuckDBPyConnection, path: Path, name: str, scratch: Path) -> Opened:
        """Open a plain file that `name` names to the user; copies go to `scratch`.

        InputError where it is damaged, empty, or not what its suffix says.
        """


@dataclass(frozen=True, slots=True)
class OneWay:
    """An opened file of which there is one table and one way to read it."""

    kind: str
    table: RawTable
    sample: Sample
    merged: frozenset[int] = frozenset()
    beside: int = 0

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers, in the order of the file."""
        return tuple(field.header for field in self.table.fields)

    def passes(self, progress: Progress) -> Iterator[Attempt]:  # noqa: ARG002 - the protocol's
        """The one way."""
        yield Attempt(self.table, lambda rows: range(rows) if rows == self.table.rows else None)
