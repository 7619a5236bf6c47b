"""Whether a file writes its dates month first or day first, told from values and never from one row.

A file none of whose dates tells (none has a day over 12) is settled by the dates of its other columns, by the user, by a file
with the same headers, or by the one reading that makes sense; where none of these tells, it is refused. Read in the wrong
order, a month's services would stand on the wrong days, and every rule about time, edits and deadlines would be wrong without
a sign of it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import duckdb

from audit.contract import BY_NAME, Kind
from audit.errors import InputError
from audit.intake.columns.mapping import Assignment, FileMapping
from audit.intake.columns.names import normalized
from audit.intake.columns.private import is_private
from audit.intake.raw import Field, RawTable
from audit.intake.rows.likely_dates import DAY_FIRST, MONTH_FIRST, READERS, Reading, likelier, read_as
from audit.intake.rows.values import cell_of, text_of

# Under this share, dates against the file's order are slips, to be rejected one by one; above it the file has no order.
_SLIPS = 0.01
_SAMPLE = 20_000
_ENOUGH = 0.9
_SLASHED = re.compile(r"\s*\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(\D.*)?")
_TALLY = (
    "count(*) FILTER (second > 12 AND first <= 12), count(*) FILTER (first > 12 AND second <= 12), "
    "count(*) FILTER (first <= 12 AND second <= 12 AND first <> second)"
)
_WRITTEN = {MONTH_FIRST: "month/day/year", DAY_FIRST: "day/month/year"}


@dataclass(frozen=True, slots=True)
class DateOrder:
    """MONTH_FIRST or DAY_FIRST, and how it is known where the file's own dates do not tell: "as audit.toml says"."""

    order: str
    why: str


@dataclass(frozen=True, slots=True)
class DateCounts:
    """How many dates can only be month first, can only be day first, and can be both."""

    month_first: int
    day_first: int
    either: int

    @property
    def contradicts_itself(self) -> bool:
        """Whether the file holds both orders."""
        return min(self.month_first, self.day_first) > _SLIPS * (self.month_first + self.day_first)

    @property
    def order(self) -> str | None:
        """The order that the dates tell, None where they tell none."""
        if self.month_first == self.day_first:
            return None
        return DAY_FIRST if self.day_first > self.month_first else MONTH_FIRST


class Headed(Protocol):
    """An export whose headers and first rows are read."""

    @property
    def name(self) -> str:
        """What the user knows the file by."""

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers, in the order of the file."""

    @property
    def sample(self) -> Sequence[Sequence[str]]:
        """First rows as text."""


@dataclass(slots=True)
class Told:
    """The orders that files of each layout have told by their own values."""

    _orders: dict[tuple[str, ...], dict[str, str]] = field(default_factory=dict)

    def note(self, export: Headed, order: str) -> None:
        """Remember what a file told."""
        self._orders.setdefault(layout(export.headers), {}).setdefault(order, export.name)

    def of(self, headers: tuple[str, ...]) -> DateOrder | None:
        """What files of a layout told, None where none did or they disagree."""
        told = self._orders.get(headers, {})
        if len(told) != 1:
            return None
        ((order, name),) = told.items()
        return DateOrder(order, f"as {name} is, which has the same headers")


class UntoldDatesError(InputError):
    """A file's dates can be read in both orders; `headers` is its layout, for which another file may tell.

    `likely` is the order in which alone they make sense, None where both do.
    """

    def __init__(self, message: str, hint: str, headers: tuple[str, ...], likely: DateOrder | None) -> None:
        super().__init__(message, hint)
        self.headers = headers
        self.likely = likely


def layout(headers: Sequence[str]) -> tuple[str, ...]:
    """Headers as they tell two files of one export apart from others."""
    return tuple(normalized(header) for header in headers)


def settle_dates(
    con: duckdb.DuckDBPyConnection,
    export: Headed,
    table: RawTable,
    mapping: FileMapping,
    given: DateOrder | None,
    told: Told,
) -> FileMapping:
    """The mapping with day-first dates read as such; `told` remembers what the file's own values tell.

    InputError where the file holds both orders, UntoldDatesError where it can be read in both and `given` is None.
    """
    dates = written_dates(table, mapping)
    if not dates:
        return mapping
    counts = _count(con, table, [slashed(table, one) for one in dates])
    settled = settle_by_counts(export, dates, mapping, counts)
    if settled is not None:
        if settled.order is not None:
            told.note(export, settled.order)
        return settled.mapping
    order = _beside(con, export, table, mapping) or given
    if order is None:
        raise _untold(con, export, table, mapping)
    return read_in_order(export, dates, mapping, order)


@dataclass(frozen=True, slots=True)
class Settled:
    """A mapping that reads the file's dates, and the order that its own values tell; None where they are of one reading."""

    mapping: FileMapping
    order: str | None = None


def settle_by_counts(export: Headed, dates: Sequence[Assignment], mapping: FileMapping, counts: DateCounts) -> Settled | None:
    """What the file's own values tell; None where they can be read in both orders. InputError where they hold both."""
    if counts.contradicts_itself:
        raise InputError(
            f"{export.name}: {counts.month_first} dates can only be month/day and {counts.day_first} only day/month.",
            "Export the dates in one order, best as YYYY-MM-DD.",
        )
    if counts.order is not None:
        warning = f"{export.name}: dates are day/month/year: {counts.day_first} of them can be nothing else."
        said = warning if counts.order == DAY_FIRST else ""
        return Settled(_read_in(mapping, dates, counts.order, "by its own values", said), counts.order)
    return None if counts.either else Settled(mapping)


def read_in_order(export: Headed, dates: Sequence[Assignment], mapping: FileMapping, order: DateOrder) -> FileMapping:
    """The mapping that reads dates in an order which not they have told."""
    warning = f"{export.name}: none of its dates tells month from day; they were read {_WRITTEN[order.order]}, {order.why}."
    return _read_in(mapping, dates, order.order, order.why, warning)


def written_dates(table: RawTable, mapping: FileMapping) -> list[Assignment]:
    """The assignments whose dates the file holds as text."""
    return [a for a in mapping.assignments if BY_NAME[a.name].kind is Kind.DATE and a.index >= 0 and not _is_typed(table, a)]


def has_dates_beside(export: Headed, table: RawTable, mapping: FileMapping) -> bool:
    """Whether dates that fill nothing of the contract may tell the order."""
    return next(_columns_beside(export, table, mapping), None) is not None


def _beside(con: duckdb.DuckDBPyConnection, export: Headed, table: RawTable, mapping: FileMapping) -> DateOrder | None:
    """What dates tell that stand in columns which fill nothing of the contract; those of persons are not looked at."""
    for one in _columns_beside(export, table, mapping):
        counts = _count(con, table, [one.text])
        if counts.order is not None and not counts.contradicts_itself:
            return DateOrder(counts.order, f"as its column {one.header!r} is")
    return None


def _columns_beside(export: Headed, table: RawTable, mapping: FileMapping) -> Iterator[Field]:
    used = {assignment.index for assignment in mapping.assignments}
    for index, one in enumerate(table.fields):
        if index in used or is_private(one.header) or one.native_type != "VARCHAR":
            continue
        cells = [row[index] for row in export.sample if index < len(row) and row[index].strip()]
        if cells and sum(_SLASHED.fullmatch(cell) is not None for cell in cells) >= _ENOUGH * len(cells):
            yield one


def _untold(con: duckdb.DuckDBPyConnection, export: Headed, table: RawTable, mapping: FileMapping) -> UntoldDatesError:
    said = f"{export.name}: its dates can be read month first and day first, and none of them tells which (no day is over 12)."
    one, other = (read_as(con, table, mapping, order) for order in (MONTH_FIRST, DAY_FIRST))
    # Dates of service that are never in doubt themselves say nothing.
    if one.first and other.first and (one.first, one.last) != (other.first, other.last):
        said += f" Month first, its services run from {one.first} to {one.last}; day first, from {other.first} to {other.last}."
    order = likelier(one, other)
    return UntoldDatesError(
        said,
        'Say which it is: --dates month_first or --dates day_first, or for good: dates = "month_first" under [audit] in '
        "audit.toml.",
        layout(export.headers),
        DateOrder(order, _likely_because(one, other, order)) if order else None,
    )


def _likely_because(one: Reading, other: Reading, order: str) -> str:
    taken, left = (one, other) if order == MONTH_FIRST else (other, one)
    return f"as its services then run from {taken.first} to {taken.last}, and the other way from {left.first} to {left.last}"


def _read_in(mapping: FileMapping, dates: Sequence[Assignment], order: str, why: str, warning: str) -> FileMapping:
    warnings = (*mapping.warnings, warning) if warning else mapping.warnings
    if order == MONTH_FIRST:
        return replace(mapping, warnings=warnings)
    chosen = {a.name: replace(a, reader=READERS[DAY_FIRST], how=f"{a.how}; day first, {why}") for a in dates}
    return replace(mapping, assignments=tuple(chosen.get(a.name, a) for a in mapping.assignments), warnings=warnings)


def _is_typed(table: RawTable, assignment: Assignment) -> bool:
    return table.fields[assignment.index].native_type != "VARCHAR"


def slashed(table: RawTable, assignment: Assignment) -> str:
    """SQL for the tidy text of a date; NULL for one that begins with its year, as most do, and tells nothing."""
    cell = cell_of(table, assignment)
    return f"CASE WHEN {cell} LIKE '20__-__-__' THEN NULL ELSE {text_of(table, assignment)} END"


def _count(con: duckdb.DuckDBPyConnection, table: RawTable, cells: Sequence[str]) -> DateCounts:
    """Counts over the first rows, and over all of them where these do not settle it month first."""
    counts = _count_rows(con, table, cells, f" LIMIT {_SAMPLE}")
    if counts.day_first or (counts.either and not counts.month_first):
        return _count_rows(con, table, cells, "")
    return counts


def _count_rows(con: duckdb.DuckDBPyConnection, table: RawTable, cells: Sequence[str], bound: str) -> DateCounts:
    found = con.execute(f"SELECT {_TALLY} FROM {_days(cells, f'{table.relation}{bound}')}").fetchone()
    return DateCounts(*(found or (0, 0, 0)))


def count_by_file(con: duckdb.DuckDBPyConnection, relation: str, cells: Sequence[str], file: str) -> dict[int, DateCounts]:
    """Counts for each value of the column `file` of a relation that holds several files."""
    found = con.execute(f"SELECT {file}, {_TALLY} FROM {_days(cells, relation, f'{file}, ')} GROUP BY {file}").fetchall()
    return {number: DateCounts(*counts) for number, *counts in found}


def _days(cells: Sequence[str], relation: str, kept: str = "") -> str:
    """SQL for the first and second number of each date, to stand after FROM."""
    return f"""
        (
            SELECT {kept}TRY_CAST(regexp_extract(cell, '^\\s*([0-9]{{1,2}})[-/.]', 1) AS INTEGER) AS first,
                TRY_CAST(regexp_extract(cell, '^\\s*[0-9]{{1,2}}[-/.]([0-9]{{1,2}})[-/.][0-9]', 1) AS INTEGER) AS second
            FROM (
                SELECT {kept}date_part_of(cell) AS cell
                FROM (SELECT {kept}unnest([{", ".join(cells)}]) AS cell FROM {relation})
            )
        )
        """
