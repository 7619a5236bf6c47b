"""Which of the two readings of a file's dates makes sense, where each of them can be read both ways.

An export is a month's services, or two's, sent and paid after they were given. Read in the wrong order the same dates lie on a
few days of every month, or after their own payment. One reading must do the first and the other the second: less tells nothing.
"""

import datetime as dt
from dataclasses import dataclass

import duckdb

from audit.intake.columns.mapping import FileMapping
from audit.intake.raw import RawTable
from audit.intake.rows.casting import stepwise
from audit.intake.rows.values import cell_of, tidied

MONTH_FIRST, DAY_FIRST = "month_first", "day_first"
# The macro that reads dates in each order.
READERS = {MONTH_FIRST: "parse_date", DAY_FIRST: "parse_date_day_first"}
# Services of two months lie within so many days; those that are scattered lie in so many months at least.
_MOST_DAYS = 62
_MOST_MONTHS = 2
_SCATTERED_MONTHS = 4
# Under this share, services after their own submission or payment are slips.
_SLIPS = 0.01


@dataclass(frozen=True, slots=True)
class Reading:
    """Dates of service read in one order: first and last, months they lie in, and which share lies after its own next step."""

    first: dt.date | None
    last: dt.date | None
    months: int
    too_late: float

    @property
    def makes_sense(self) -> bool:
        """Whether all services lie in a month or two, before they were sent and paid."""
        if self.first is None or self.last is None or self.too_late > _SLIPS:
            return False
        return self.months <= _MOST_MONTHS and (self.last - self.first).days <= _MOST_DAYS

    @property
    def makes_none(self) -> bool:
        """Whether services are scattered over the year, or lie after they were sent or paid."""
        return self.months >= _SCATTERED_MONTHS or self.too_late > _SLIPS


def likelier(month_first: Reading, day_first: Reading) -> str | None:
    """The order of the one reading that makes sense while the other makes none; None where that cannot be said."""
    if month_first.makes_sense and day_first.makes_none:
        return MONTH_FIRST
    if day_first.makes_sense and month_first.makes_none:
        return DAY_FIRST
    return None


def read_as(con: duckdb.DuckDBPyConnection, table: RawTable, mapping: FileMapping, order: str) -> Reading:
    """The file's dates of service in one order, held against its dates of submission and payment in the same order."""
    service = mapping.named("service_date")
    if service is None or service.index < 0:
        return Reading(None, None, 0, 0.0)
    steps = [one for name in ("submitted_date", "paid_date") if (one := mapping.named(name)) is not None and one.index >= 0]
    dates = {"day": service} | {f"step_{place}": one for place, one in enumerate(steps)}
    # Cell, text and date in a SELECT each, as in casting.typed_from(): one macro within another takes seconds to plan.
    cells = ", ".join(f"{cell_of(table, one)} AS cell_{name}" for name, one in dates.items())
    texts = [f"{tidied(one, f'cell_{name}')} AS text_{name}" for name, one in dates.items()]
    values = [f"{READERS[order]}(text_{name}) AS {name}" for name in dates]
    next_step = ", ".join(["NULL", *(name for name in dates if name != "day")])
    row = con.execute(
        f"""
        SELECT min(day), max(day), count(DISTINCT date_trunc('month', day)),
            coalesce(count(*) FILTER (day > next_step) / nullif(count(*) FILTER (day IS NOT NULL), 0), 0)
        FROM (
            SELECT day, CAST(least({next_step}) AS DATE) AS next_step
            FROM {stepwise(f"SELECT {cells} FROM {table.relation}", [texts, values])}
        )
        """
    ).fetchone()
    return Reading(*row) if row else Reading(None, None, 0, 0.0)
