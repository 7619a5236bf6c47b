"""The days that a run audits: a month or a quarter of service, named or counted back from today."""

import calendar
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audit.errors import ConfigError

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"([0-9]{4})-[Qq]([1-4])")
LAST_MONTH, LAST_QUARTER = "last-month", "last-quarter"
# What may stand in the name of a source, and what comes in its place: for a quarter, each of its months.
_PLACES = ("period", "year", "month")
_PLACE = re.compile(r"\{(period|year|month)\}")


@dataclass(frozen=True)
class Period:
    """A calendar month or quarter; both days belong to it. `label` is "2025-11" or "2025-Q4"."""

    label: str
    first_day: date
    last_day: date

    @property
    def months(self) -> tuple[tuple[int, int], ...]:
        """Year and month of each month of the period."""
        last = self.last_day.month
        return tuple((self.first_day.year, month) for month in range(self.first_day.month, last + 1))


def period(text: str, today: date | None = None) -> Period:
    """A period as a user writes it: 2025-11, 2025-Q4, or counted back from `today`. Raises ConfigError for anything else."""
    if text in (LAST_MONTH, LAST_QUARTER) and today is not None:
        return _last(1 if text == LAST_MONTH else 3, today)
    month, quarter = _MONTH.fullmatch(text), _QUARTER.fullmatch(text)
    if month and int(month[1]):
        return _months(f"{month[1]}-{month[2]}", int(month[1]), int(month[2]), 1)
    if quarter and int(quarter[1]):
        return _months(f"{quarter[1]}-Q{quarter[2]}", int(quarter[1]), 3 * int(quarter[2]) - 2, 3)
    raise ConfigError(
        f"--period {text!r} is neither a month nor a quarter.",
        f"Write it as YYYY-MM, for example 2025-11, as YYYY-Q1 to YYYY-Q4, or as {LAST_MONTH} or {LAST_QUARTER}.",
    )


def filled(sources: Sequence[str], chosen: Period | None) -> tuple[str, ...]:
    """The sources with the period in their places: exports/{period}/*.csv, {year}/{month}.csv. Raises ConfigError without one."""
    found: dict[str, None] = {}
    for source in sources:
        _check_places(source)
        if not _PLACE.search(source):
            found[source] = None
            continue
        if chosen is None:
            raise ConfigError(f"The source {source} wants a period, and none is given.", f"Give it: --period {LAST_MONTH}.")
        for year, month in chosen.months:
            parts = {"period": f"{year:04}-{month:02}", "year": f"{year:04}", "month": f"{month:02}"}
            found[_PLACE.sub(lambda place, parts=parts: parts[place[1]], source)] = None  # type: ignore[misc]
    return tuple(found)


def _check_places(source: str) -> None:
    """Raise ConfigError for a word in braces that is likely meant for a place of the period; other braces are a file's own."""
    for word in re.findall(r"\{(\w+)\}", source):
        near = difflib.get_close_matches(word.lower(), _PLACES, n=1)
        if word not in _PLACES and near:
            raise ConfigError(f"The source {source} has {{{word}}}, which means nothing.", f"The nearest is {{{near[0]}}}.")


def _last(months: int, today: date) -> Period:
    """The whole month or quarter before the one that today lies in."""
    begun = 12 * today.year + (today.month - 1) // months * months - months
    year, month = begun // 12, begun % 12 + 1
    return period(f"{year:04}-{month:02}" if months == 1 else f"{year:04}-Q{(month + 2) // 3}")


def _months(label: str, year: int, month: int, count: int) -> Period:
    last = month + count - 1
    return Period(label, date(year, month, 1), date(year, last, calendar.monthrange(year, last)[1]))
