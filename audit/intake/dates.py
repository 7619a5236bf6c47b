"""Whether a file writes its dates month first or day first, told from the file's own values and never from one row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from audit.contract import BY_NAME, Kind
from audit.errors import InputError
from audit.intake.casting import text_of
from audit.intake.mapping import Assignment, FileMapping
from audit.intake.raw import RawTable

# Under this share, dates against the file's order are slips, to be rejected one by one; above it the file has no order.
_SLIPS = 0.01
_SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class DateOrder:
    """How many dates can only be month first, can only be day first, and can be both."""

    month_first: int
    day_first: int
    either: int


def settle_dates(con: duckdb.DuckDBPyConnection, name: str, table: RawTable, mapping: FileMapping) -> FileMapping:
    """The mapping with day-first dates read as such. InputError where the file holds both orders.

    A file none of whose dates tells is read month first, as exports with CPT codes are, and a warning says so.
    """
    dates = [a for a in mapping.assignments if BY_NAME[a.name].kind is Kind.DATE and a.index >= 0 and not _is_typed(table, a)]
    if not dates:
        return mapping
    order = _count(con, table, dates, _SAMPLE)
    if order.day_first or (order.either and not order.month_first):
        order = _count(con, table, dates, None)
    if min(order.month_first, order.day_first) > _SLIPS * (order.month_first + order.day_first):
        raise InputError(
            f"{name}: {order.month_first} dates can only be month/day and {order.day_first} only day/month.",
            "Export the dates in one order, best as YYYY-MM-DD.",
        )
    if order.day_first > order.month_first:
        chosen = {a.name: replace(a, reader="parse_date_day_first", how=f"{a.how}; day first, by its own values") for a in dates}
        return replace(
            mapping,
            assignments=tuple(chosen.get(a.name, a) for a in mapping.assignments),
            warnings=(*mapping.warnings, f"{name}: dates are day/month/year: {order.day_first} of them can be nothing else."),
        )
    if order.either and not order.month_first:
        warning = f"{name}: none of its dates tells month from day (none has a day over 12); they were read month/day/year."
        return replace(mapping, warnings=(*mapping.warnings, warning))
    return mapping


def _is_typed(table: RawTable, assignment: Assignment) -> bool:
    return table.fields[assignment.index].native_type != "VARCHAR"


def _count(con: duckdb.DuckDBPyConnection, table: RawTable, dates: Sequence[Assignment], limit: int | None) -> DateOrder:
    texts = ", ".join(text_of(table, assignment) for assignment in dates)
    bound = f" LIMIT {limit}" if limit else ""
    row = con.execute(
        f"""
        SELECT count(*) FILTER (second > 12 AND first <= 12), count(*) FILTER (first > 12 AND second <= 12),
            count(*) FILTER (first <= 12 AND second <= 12 AND first <> second)
        FROM (
            SELECT TRY_CAST(regexp_extract(cell, '^\\s*([0-9]{{1,2}})[-/.]', 1) AS INTEGER) AS first,
                TRY_CAST(regexp_extract(cell, '^\\s*[0-9]{{1,2}}[-/.]([0-9]{{1,2}})[-/.][0-9]', 1) AS INTEGER) AS second
            FROM (SELECT unnest([{texts}]) AS cell FROM {table.relation}{bound})
        )
        """
    ).fetchone()
    return DateOrder(*(row or (0, 0, 0)))
