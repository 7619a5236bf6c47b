"""Columns told by their values where headers are useless or doubled. A guess, and said to be one, with what it rests on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from audit.contract import BY_NAME, Kind
from audit.intake.columns.shapes import SHAPES, are_mostly_of_medicine, cells_of, minute_of_day, share_of_shape

_SHARE = 0.9
_ENOUGH = 5
_MOST_CONFIDENCE = 0.7
# The hours in which patients are treated: what lies outside is rather a length of time ("0:45") than a time of day.
_OPENS, _CLOSES = 5 * 60, 23 * 60
# Columns that are guessed where no header names them.
GUESSED = ("procedure_code", "service_date", "rendering_npi", "member_id")
# Headers that say what else such values are, so that a guess would be wrong.
_SAYS_OTHER = {
    "procedure_code": re.compile(
        r"(?i)zip|acc(oun)?t|chart|mrn|invoice|claim|patient|client|rev(enue)?|phone|auth|ext|batch|id\b"
    ),
    "service_date": re.compile(
        r"(?i)post|paid|pay|check|submit|bill|birth|dob|creat|updat|modif|print|receiv|deposit|invoice|onset|injur|accident|sign"
        r"|final|admi|discharg|enter|remit|statement|auth|expir|effective|due|follow|export|report|denial|denied|referr"
    ),
    "rendering_npi": re.compile(r"(?i)refer|order|superv|facil|bill|group|pract|org|pcp|attend|purchas|clinic|pharm|location"),
    "member_id": re.compile(r"(?i)other|secondary|prior|old"),
    "start_time": re.compile(r"(?i)dur|length|hour|hrs|total|min|spent|creat|updat|modif|post|sign|log|print|drive|travel"),
}
# A pair of such columns may be settled by value: their values cannot be those of another column.
_TELLING = frozenset({"procedure_code", "rendering_npi", "billing_npi"})


@dataclass(frozen=True, slots=True)
class Fit:
    """A field nearly all of whose sampled cells have the shape of a contract column: `fits` of `cells` do."""

    index: int
    fits: int
    cells: int

    @property
    def confidence(self) -> float:
        """From 0 to 0.7: a value never tells what a header would."""
        return round(_MOST_CONFIDENCE * self.fits / self.cells, 2)


def fitting(name: str, headers: Sequence[str], sample: Sequence[Sequence[str]], free: Sequence[int]) -> list[Fit]:
    """The fields among `free` that hold what the contract column `name` holds, and whose headers do not say otherwise."""
    says_other = _SAYS_OTHER[name]
    places = [index for index in free if not says_other.search(headers[index])]
    return [fit for index in places if (fit := _fit(name, sample, index)) is not None]


def only_one_that_fits(name: str, sample: Sequence[Sequence[str]], twins: Sequence[int]) -> Fit | None:
    """Of columns of one name, the one with values of the right shape, if none of the others holds a single such value."""
    shape = _shape_for(name)
    if shape is None:
        return None
    fits = [fit for index in twins if (fit := _fit(shape, sample, index)) is not None]
    if len(fits) != 1:
        return None
    others = [index for index in twins if index != fits[0].index]
    return None if any(share_of_shape(shape, cells_of(sample, index))[0] for index in others) else fits[0]


def shape_in_words(name: str) -> str:
    """What the cells of a column look like: "dates", "clock times"."""
    return SHAPES[_shape_for(name) or name][1]


def clock_columns(headers: Sequence[str], sample: Sequence[Sequence[str]], free: Sequence[int]) -> list[Fit]:
    """The fields that hold times of day within a clinic's hours."""
    found = fitting("start_time", headers, sample, free)
    return [fit for fit in found if _in_hours(cells_of(sample, fit.index))]


def earlier_first(sample: Sequence[Sequence[str]], pair: Sequence[int]) -> tuple[int, int] | None:
    """Two columns of clock times as (start, end), if one is the earlier in every row that has both; else None."""
    first, second = pair
    rows = [row for row in sample if max(first, second) < len(row)]
    times = [(minute_of_day(row[first]), minute_of_day(row[second])) for row in rows]
    both = [(one, other) for one, other in times if one is not None and other is not None]
    if len(both) < _ENOUGH:
        return None
    if all(one <= other for one, other in both) and any(one < other for one, other in both):
        return first, second
    if all(one >= other for one, other in both) and any(one > other for one, other in both):
        return second, first
    return None


def _shape_for(name: str) -> str | None:
    kind = BY_NAME[name].kind
    if kind is Kind.DATE:
        return "service_date"
    if kind is Kind.TIME:
        return "start_time"
    return ("rendering_npi" if name.endswith("_npi") else name) if name in _TELLING else None


def _fit(shape: str, sample: Sequence[Sequence[str]], index: int) -> Fit | None:
    cells = cells_of(sample, index)
    fits, share = share_of_shape(shape, cells)
    if len(cells) < _ENOUGH or share < _SHARE or (shape == "procedure_code" and not are_mostly_of_medicine(cells)):
        return None
    return Fit(index, fits, len(cells))


def _in_hours(cells: Sequence[str]) -> bool:
    times = [minute for cell in cells if (minute := minute_of_day(cell)) is not None]
    return sum(_OPENS <= minute < _CLOSES for minute in times) >= _SHARE * len(times)
