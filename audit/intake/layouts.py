"""How claim lines stand in a file's rows: one a row, or several side by side, as a wide export of visits has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import duckdb

from audit.intake.columns.given import Given
from audit.intake.columns.group_cells import unpivoted_sample
from audit.intake.columns.groups import Groups, find_groups
from audit.intake.columns.mapping import FileMapping
from audit.intake.formats.reader import Sample
from audit.intake.proof.wide import prove
from audit.intake.raw import RawTable
from audit.intake.rows.numbering import table_of
from audit.intake.rows.unpivot import unpivoted
from audit.terms import plural


class Layout(Protocol):
    """`kind` is what the run says of the layout, "" of the usual one; `order` says by what lines without numbers are numbered."""

    @property
    def kind(self) -> str:
        """The layout in the words of the manifest."""

    @property
    def order(self) -> str:
        """The order of lines within a claim, in words."""

    @property
    def groups(self) -> Groups | None:
        """The groups across that the mapping reads its columns from."""

    def sample(self, sample: Sample) -> Sample:
        """Sampled rows, one claim line a row."""

    def lines(self, table: RawTable) -> RawTable:
        """The file's rows as a table of one claim line a row."""

    def rows(self, con: duckdb.DuckDBPyConnection, file_no: int, lines: int) -> int:
        """How many rows of the file so many stored lines are of."""

    def prove(self, con: duckdb.DuckDBPyConnection, name: str, table: RawTable, mapping: FileMapping, file_no: int) -> None:
        """ReconciliationError where the stored lines are not all of the table's rows."""

    def said(self, name: str, rows: int, lines: int) -> list[str]:
        """What to say of the layout in the run's warnings."""


@dataclass(frozen=True, slots=True)
class RowPerLine:
    """The usual layout: every row is one claim line."""

    kind: str = ""
    order: str = "in the order of the file"
    groups: None = None

    def sample(self, sample: Sample) -> Sample:
        """As it is."""
        return sample

    def lines(self, table: RawTable) -> RawTable:
        """As it is."""
        return table

    def rows(self, con: duckdb.DuckDBPyConnection, file_no: int, lines: int) -> int:  # noqa: ARG002
        """As many."""
        return lines

    def prove(self, con: duckdb.DuckDBPyConnection, name: str, table: RawTable, mapping: FileMapping, file_no: int) -> None:
        """The count of rows has proved it."""

    def said(self, name: str, rows: int, lines: int) -> list[str]:  # noqa: ARG002
        """Nothing."""
        return []


@dataclass(frozen=True, slots=True)
class GroupsAcross:
    """A wide file: each group across that holds anything is a claim line."""

    groups: Groups
    order: str = "by their group across, or in the order of the file"

    @property
    def kind(self) -> str:
        """How many groups there are."""
        return f"{self.groups.count} groups across"

    def sample(self, sample: Sample) -> Sample:
        """One group a row."""
        return unpivoted_sample(sample, self.groups)

    def lines(self, table: RawTable) -> RawTable:
        """One group a row."""
        return unpivoted(table, self.groups)

    def rows(self, con: duckdb.DuckDBPyConnection, file_no: int, lines: int) -> int:  # noqa: ARG002
        """The different rows among the lines: every row of the file has one at least."""
        found = con.execute(f"SELECT count(DISTINCT source_row) FROM {table_of(file_no)}").fetchone()
        return int(found[0]) if found else 0

    def prove(self, con: duckdb.DuckDBPyConnection, name: str, table: RawTable, mapping: FileMapping, file_no: int) -> None:
        """Hold the lines' amounts against those of all groups."""
        prove(con, name, table, self.groups, mapping, file_no)

    def said(self, name: str, rows: int, lines: int) -> list[str]:
        """How many lines the rows hold."""
        held = f"{plural(rows, 'row')} {'holds' if rows == 1 else 'hold'} {plural(lines, 'claim line')}"
        return [f"{name} is wide: {held}; each group across is one line, and counts as a row."]


def layout_of(name: str, headers: Sequence[str], given: Given) -> Layout:
    """The layout that the headers tell. InputError where it cannot be told what their groups hold."""
    groups = find_groups(name, headers, given)
    return RowPerLine() if groups is None else GroupsAcross(groups)
