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
# So many months on one day of the month are rather so many days of one month, read in the wrong order.
_MONTHS_ON_ONE_DAY = 3
_PARTS = r"^\s*([0-9]{1,2})[-/.]([0-9]{1,2})[-/.][0-9]"


@dataclass(frozen=True, slots=True)
class DateOrder:
    """How many dates can only be month first, can only be day first, and can be both."""

    month_first: int
    day_first: int
    either: int


def settle_dates(
    con: duckdb.DuckDBPyConnection, name: str, table: RawTable, mapping: FileMapping, given: str | None = None
) -> FileMapping:
    """The mapping with day-first dates read as such. InputError where the file holds both orders.

    A file none of whose dates tells (none has a day over 12) is read in the order `given`; where none is given, month
    first, as exports with CPT codes are, and a warning says so. It is refused if, so read, all its services stand on one
    day of three months or more: that is what one month looks like in the other order.
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
        warning = f"{name}: dates are day/month/year: {order.day_first} of them can be nothing else."
        return _day_first(mapping, dates, "by its own values", warning)
    if order.either and not order.month_first:
        return _untold(con, name, table, mapping, dates, given)
    return mapping


def _untold(
    con: duckdb.DuckDBPyConnection,
    name: str,
    table: RawTable,
    mapping: FileMapping,
    dates: Sequence[Assignment],
    given: str | None,
) -> FileMapping:
    """The mapping of a file whose dates do not tell their order."""
    untold = f"{name}: none of its dates tells month from day (none has a day over 12)"
    if given == "day_first":
        return _day_first(mapping, dates, "by audit.toml", f"{untold}; they were read day/month/year, as audit.toml says.")
    if given == "month_first":
        return mapping
    months = _months_on_one_day(con, table, mapping)
    if months >= _MONTHS_ON_ONE_DAY:
        raise InputError(
            f"{untold}. Read month/day/year, every service stands on one day of {months} months; "
            f"read day/month/year, on {months} days of one month.",
            'Say which it is, under [audit] in audit.toml: dates = "month_first" or dates = "day_first".',
        )
    warning = f'{untold}; they were read month/day/year. If that is wrong, set dates = "day_first" under [audit] in audit.toml.'
    return replace(mapping, warnings=(*mapping.warnings, warning))


def _day_first(mapping: FileMapping, dates: Sequence[Assignment], why: str, warning: str) -> FileMapping:
    chosen = {a.name: replace(a, reader="parse_date_day_first", how=f"{a.how}; day first, {why}") for a in dates}
    assignments = tuple(chosen.get(a.name, a) for a in mapping.assignments)
    return replace(mapping, assignments=assignments, warnings=(*mapping.warnings, warning))


def _months_on_one_day(con: duckdb.DuckDBPyConnection, table: RawTable, mapping: FileMapping) -> int:
    """In how many months the services stand, read month first, if all stand on one day of the month; else 0."""
    service = mapping.named("service_date")
    if service is None or service.index < 0 or _is_typed(table, service):
        return 0
    row = con.execute(
        f"""
        SELECT count(DISTINCT regexp_extract(cell, $parts, 1)::INTEGER), count(DISTINCT regexp_extract(cell, $parts, 2)::INTEGER)
        FROM (SELECT {text_of(table, service)} AS cell FROM {table.relation})
        WHERE regexp_matches(cell, $parts)
        """,
        {"parts": _PARTS},
    ).fetchone()
    months, days = row or (0, 0)
    return int(months) if days == 1 else 0


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
