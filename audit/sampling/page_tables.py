"""The tables of estimate.html, from the figures of a reviewed sample."""

from collections.abc import Sequence
from fractions import Fraction

from audit.report.text import clean, count, money
from audit.report.view import Cell, Column, Table
from audit.sampling.amounts import Combined, Moments
from audit.sampling.confidence import LEVELS, SIZE_LEVELS, rounded
from audit.sampling.estimate import STATED_LEVEL, Estimate, dollars


def strata(found: Estimate) -> Table:
    """Each stratum: its frame, its draw, what was found in it."""
    numbers = ("Units", "Dollars", "Seed", "Drawn", "In error", "Error rate, 90 %", "Overpaid, mean", "Point estimate")
    rows, sample, rates = [], found.review.sample, found.errors.precision[STATED_LEVEL]
    for at, (units, total) in enumerate(zip(found.review.strata, found.difference.strata, strict=True)):
        one, in_error = sample.strata[at], sum(unit.is_error for unit in units)
        interval = total.intervals[STATED_LEVEL]
        texts = (
            count(one.universe),
            money(one.amount),
            clean(one.seed),
            count(len(units)),
            count(in_error),
            f"{figure(Fraction(100 * in_error, len(units)))} ± {figure(100 * rates[at])} %",
            figure(total.moments.mean),
            dollars(total.point),
            dollars(interval.lower),
            dollars(interval.upper),
        )
        rows.append((clean(one.name), *texts))
    note = "Dollars of a stratum go by Student's t; error rates, and all together, by the normal curve."
    return _table("strata", "Strata", ("Stratum", *numbers, "90 % lower", "90 % upper"), rows, note)


def amounts(found: Estimate) -> Table:
    """Moments and standard errors of the reviewed amounts, by stratum."""
    heads = (
        "Of each unit",
        "Stratum",
        "Mean",
        "Deviation",
        "Skewness",
        "Kurtosis",
        "Standard error of the mean",
        "Standard error of the total",
    )
    rows = []
    for name, of in _measures(found):
        for stratum, total in zip(found.review.sample.strata, of.strata, strict=True):
            errors = (figure(total.se_mean), dollars(total.se_total))
            rows.append((name, clean(stratum.name), *moments(total.moments), *errors))
    return _table("amounts", "Amounts of the reviewed units", heads, rows, text=(0, 1))


def intervals(found: Estimate) -> Table:
    """Totals of the frame with their limits at each level."""
    heads = ("Of each unit", "Confidence", "Lower limit", "Point estimate", "Upper limit", "Precision", "Precision in %")
    rows = []
    for name, of in _measures(found):
        for level in LEVELS:
            one = of.intervals[level]
            limits = (dollars(one.lower), dollars(of.point), dollars(one.upper), dollars(one.precision))
            rows.append((name, f"{level} %", *limits, "" if one.percent is None else figure(one.percent)))
    note = "Two-sided. Overpayment is examined less audited, unit by unit; its lower limit at 90 % is the amount to state."
    return _table("intervals", "Totals of the frame", heads, rows, note)


def errors(found: Estimate) -> Table:
    """Units in error with their limits at each level."""
    of = found.errors
    rows = [
        (
            f"{level} %",
            count(max(of.limits[level][0], 0)),
            count(int(rounded(of.projected))),
            count(of.limits[level][1]),
        )
        for level in LEVELS
    ]
    exact = len(found.review.strata) == 1
    note = "Exact limits (hypergeometric)." if exact else "By the normal curve, from the strata."
    note += f" Rate {rounded(100 * of.rate, 3)} %, standard error {rounded(100 * of.se_rate, 3)} percentage points."
    return _table("errors", "Units in error", ("Confidence", "Lower limit", "Projected", "Upper limit"), rows, note)


def sizes(found: Estimate) -> Table | None:
    """The units that a precision needs; None where the sample shows no overpayment."""
    if found.sizes is None:
        return None
    heads = ("Precision", *(f"{level} % confidence" for level in SIZE_LEVELS))
    rows = [(f"{precision} %", *(count(row[level]) for level in SIZE_LEVELS)) for precision, row in found.sizes.items()]
    note = "Never fewer than 30, whatever the table says; of strata, 30 each."
    return _table("sizes", "Units to draw, were this sample the probe", heads, rows, note)


def replaced(found: Estimate) -> Table | None:
    """Units that spares stand for; None where there are none."""
    if not found.review.replaced:
        return None
    rows = [
        (_key(one.row.key), count(one.row.drawn), _key(one.spare.key), count(one.spare.drawn), clean(one.reason))
        for one in found.review.replaced
    ]
    heads = ("Unit", "Drawn", "Spare", "Drawn ", "Why it was not of the frame")
    return _table("replaced", "Units that were not of the frame", heads, rows, text=(0, 2, 4))


def units(found: Estimate) -> Table:
    """Every reviewed unit."""
    rows = []
    names = [clean(one.name) for one in found.review.sample.strata]
    for one in found.review.reviewed:
        row, state = one.row, "not found" if one.is_missing else "yes" if one.is_error else "no"
        dollars_of = (money(row.amount), money(one.audited), money(one.difference))
        rows.append(
            (count(row.drawn), names[row.stratum - 1], count(row.place), _key(row.key), *dollars_of, state, clean(one.reason))
        )
    heads = ("Drawn", "Stratum", "Number", "Unit", "Examined", "Audited", "Difference", "Error", "Reason")
    return _table("units", "Every reviewed unit, in the order drawn", heads, rows, text=(1, 3, 7, 8))


def moments(of: Moments) -> tuple[str, str, str, str]:
    """Mean, deviation, skewness and kurtosis, to two places."""
    skewness, kurtosis = ("" if value is None else figure(value) for value in (of.skewness, of.kurtosis))
    return figure(of.mean), figure(of.deviation), skewness, kurtosis


def figure(value: float | Fraction) -> str:
    """A figure to two places."""
    return f"{rounded(value, 2):,}"


def _measures(found: Estimate) -> tuple[tuple[str, Combined], ...]:
    return (("Overpayment", found.difference), ("Examined", found.examined), ("Audited", found.audited))


def _key(key: Sequence[str]) -> str:
    """A unit as a reader names it: claim/line, and which of equal ones."""
    if len(key) < 3:
        return clean(key[0])
    claim, line, occurrence = key
    return clean(f"{claim}/{line}" + (f" ({occurrence})" if occurrence != "1" else ""))


def _table(
    name: str, caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], note: str = "", text: Sequence[int] = (0,)
) -> Table:
    columns = tuple(Column(head, "text" if at in text else "number") for at, head in enumerate(heads))
    return Table(name, caption, columns, tuple(tuple(Cell(value) for value in row) for row in rows), note=note, style="stack")
