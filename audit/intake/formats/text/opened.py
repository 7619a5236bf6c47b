"""CSV and other delimited text as a format: opened, and the ways to read it, quick ones first."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from audit.intake.formats.kinds import HEAD, TEXT, another_kind, kind_of
from audit.intake.formats.reader import Attempt, Progress, Sample
from audit.intake.formats.text.delimited import careful_table, fast_table, utf8_copy
from audit.intake.formats.text.dialect import Dialect, opened, read_dialect
from audit.intake.formats.text.faults import Faults, found_again, judge
from audit.intake.formats.text.lines import blocks_of_lines
from audit.intake.formats.text.quoted import row_starts
from audit.intake.raw import RawTable

_KINDS = {",": "csv", "\t": "tab-separated", ";": "semicolon-separated", "|": "pipe-separated"}


class Text:
    """Delimited text of every dialect: see read_dialect."""

    title = "CSV or text"
    suffixes = (".csv", ".txt", ".tsv", ".tab", ".psv")

    def open(self, con: duckdb.DuckDBPyConnection, path: Path, name: str, scratch: Path) -> "OpenedText":
        """Look at the head of the file."""
        with opened(path) as stream:
            kind = kind_of(stream.read(HEAD))
            if kind != TEXT:
                raise another_kind(name, kind)
            stream.seek(0)
            return OpenedText(con, path, read_dialect(stream, name), scratch)


@dataclass(frozen=True, slots=True)
class OpenedText:
    """A text whose dialect is known."""

    con: duckdb.DuckDBPyConnection
    path: Path
    dialect: Dialect
    scratch: Path

    @property
    def kind(self) -> str:
        """The delimiter in a word."""
        return _KINDS[self.dialect.delimiter]

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers, in the order of the file."""
        return self.dialect.headers

    @property
    def sample(self) -> Sample:
        """The records of the file's head."""
        return self.dialect.sample

    @property
    def merged(self) -> frozenset[int]:
        """A text has no merged cells."""
        return frozenset()

    @property
    def beside(self) -> int:
        """A text has no sheets."""
        return 0

    def passes(self, progress: Progress) -> Iterator[Attempt]:
        """DuckDB's strict reader over the file, then over a copy in UTF-8, then line by line."""
        if self.dialect.is_nearly_even:
            if self.dialect.plain_utf8:
                yield from self._quick(self.path, progress)
            copy = self.scratch / "utf8.csv"
            if utf8_copy(self.path, self.dialect.encoding, copy):
                yield from self._quick(copy, progress)
        table = careful_table(self.path, self.dialect, self.scratch, progress.heard_by(self.path))
        yield Attempt(table, lambda rows: range(rows) if rows == table.rows else None)

    def _quick(self, path: Path, progress: Progress) -> Iterator[Attempt]:
        """DuckDB's reader, and what becomes of the lines that it leaves out for their number of cells."""
        faults = Faults(self.con)
        table = fast_table(path, self.dialect, faults.options)

        def numbers(rows: int) -> Sequence[int] | None:
            left_out = faults.records()
            return None if left_out is None else self._numbers(path, rows, left_out, table, progress)

        try:
            yield Attempt(table, numbers)
        finally:
            faults.forget()

    def _numbers(
        self, path: Path, rows: int, left_out: Sequence[tuple[int, str]], table: RawTable, progress: Progress
    ) -> Sequence[int] | None:
        """The line of each row: one for every line but those left out, or as many as there are where notes run over lines."""
        ahead, every = self.dialect.ahead, rows + len(left_out)
        starts: Sequence[int] | None = range(ahead + 1, ahead + 1 + every)
        if every != progress.lines_of(path) - ahead:
            with opened(path) as stream:
                starts = row_starts(blocks_of_lines(stream, "utf-8"), ahead, self.dialect.looks)
        if starts is None or len(starts) != every or not left_out:
            return starts if starts is not None and len(starts) == every else None
        by_line = {starts[record - ahead - 1]: text for record, text in left_out if 0 < record - ahead <= every}
        lines = found_again(path, by_line) if by_line else None
        if lines is None or len(lines) < len(left_out) or not judge(table, lines, self.dialect, self.scratch):
            return None
        faulty = {line.number for line in lines}
        return array("Q", (start for start in starts if start not in faulty))
