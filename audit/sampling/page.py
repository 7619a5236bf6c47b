"""estimate.html: the design as it stood before the draw, the sample, the result, and how to check it in RAT-STATS."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from audit.files.door import write_text
from audit.report.outputs.page import render_other
from audit.report.text import clean, count, money, plural, rate
from audit.report.view import Cell, Column, Fact, Table
from audit.sampling.amounts import Combined, Moments
from audit.sampling.confidence import LEVELS, SIZE_LEVELS, rounded
from audit.sampling.design import Sample
from audit.sampling.estimate import STATED_LEVEL, Estimate, dollars

NAME = "estimate.html"
FIELD = (
    "Strata are cut before the draw. Cut after the results are known they make the estimate whatever one likes.",
    "The amount to state is the lower limit, not the point estimate.",
    "A probe comes first: it tells how many units the sample needs. A size out of the air gives any width.",
    "The frame does not change after the draw. frame.csv lists it, and its SHA-256 is above.",
    "Each stratum has 30 reviewed units at least, or is reviewed whole.",
    "A blank is not an answer, and a record that is not found is an error in full.",
    "A spare takes the place of a unit that was not of the frame, and of no other.",
    "One sample, one estimate. A sample that is drawn again because of its result is none.",
)


@dataclass(frozen=True, slots=True)
class EstimateView:
    """What the template sees; text alone."""

    label: str
    run_id: str
    entity: str
    statement: str
    result: tuple[Fact, ...]
    cautions: tuple[str, ...]
    design: tuple[Fact, ...]
    strata: Table | None
    amounts: Table
    intervals: Table
    errors: Table
    sizes: Table | None
    checks: tuple[str, ...]
    field: tuple[str, ...]
    replaced: Table | None
    units: Table


def write(found: Estimate, folder: Path) -> Path:
    """Write the page beside the worksheet; gives its path."""
    sample = found.review.sample
    text = render_other("estimate.html.j2", sample.run.id, sample.run.label, view=view(found))
    return write_text(folder / NAME, text)


def view(found: Estimate) -> EstimateView:
    """The page of an estimate."""
    sample = found.review.sample
    return EstimateView(
        label=clean(sample.run.label),
        run_id=clean(sample.run.id),
        entity=clean(sample.frame.words),
        statement=found.statement,
        result=_result(found),
        cautions=tuple(clean(one, 1000) for one in found.cautions),
        design=_design(sample),
        strata=_strata(found) if len(sample.strata) > 1 else None,
        amounts=_amounts(found),
        intervals=_intervals(found),
        errors=_errors(found),
        sizes=_sizes(found),
        checks=tuple(checks(sample)),
        field=FIELD,
        replaced=_replaced(found),
        units=_units(found),
    )


def _result(found: Estimate) -> tuple[Fact, ...]:
    interval, errors = found.difference.intervals[STATED_LEVEL], found.errors
    reviewed = found.review.reviewed
    low, high = max(errors.limits[STATED_LEVEL][0], 0), errors.limits[STATED_LEVEL][1]
    return (
        Fact("Amount to state", dollars(found.lower), "lower limit of the two-sided 90 % interval", "over"),
        Fact("Point estimate", dollars(found.difference.point), "potential overpayment of the frame"),
        Fact("90 % interval", f"{dollars(interval.lower)} to {dollars(interval.upper)}", _precision(interval.percent)),
        Fact("Overpaid in the sample", money(found.found), plural(len(reviewed), "unit") + " reviewed"),
        Fact(
            "Units in error",
            count(int(rounded(errors.projected))),
            f"{count(low)} to {count(high)} at 90 %; {rate(sum(one.is_error for one in reviewed), len(reviewed))} of the sample",
        ),
    )


def _design(sample: Sample) -> tuple[Fact, ...]:
    frame, size = sample.frame, sample.size
    if size.stated is not None:
        how = f"{count(size.stated)}, stated"
    else:
        source = f"probe {size.probe}" if size.probe else f"an expected share of {size.error_rate} in error"
        how = f"for a precision of {size.precision:g} % at {size.confidence} % confidence, by {source}"
    return (
        Fact("Drawn", sample.drawn_at, sample.program),
        Fact("Run", clean(sample.run.label), clean(sample.run.id)),
        Fact("Unit", frame.unit, "claims and patients are reviewed whole"),
        Fact("Frame", clean(frame.of), " ".join(frame.rules)),
        Fact("Units in the frame", count(frame.units), money(frame.amount)),
        Fact("Not in the frame", count(frame.left_out), "amount not known, or not above zero"),
        Fact("SHA-256 of frame.csv", frame.sha256),
        Fact("Strata", sample.strata_by or "none", "cut before the draw"),
        Fact("Size", clean(how)),
        Fact("Seed", clean(sample.seed)),
        Fact("Other samples of the run", clean(", ".join(sample.earlier)) or "none"),
    )


def _strata(found: Estimate) -> Table:
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


def _amounts(found: Estimate) -> Table:
    heads = (
        "",
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


def _intervals(found: Estimate) -> Table:
    heads = ("", "Confidence", "Lower limit", "Point estimate", "Upper limit", "Precision", "Precision in %")
    rows = []
    for name, of in _measures(found):
        for level in LEVELS:
            one = of.intervals[level]
            limits = (dollars(one.lower), dollars(of.point), dollars(one.upper), dollars(one.precision))
            rows.append((name, f"{level} %", *limits, "" if one.percent is None else figure(one.percent)))
    note = "Two-sided. Overpayment is examined less audited, unit by unit; its lower limit at 90 % is the amount to state."
    return _table("intervals", "Totals of the frame", heads, rows, note)


def _errors(found: Estimate) -> Table:
    errors = found.errors
    rows = [
        (
            f"{level} %",
            count(max(errors.limits[level][0], 0)),
            count(int(rounded(errors.projected))),
            count(errors.limits[level][1]),
        )
        for level in LEVELS
    ]
    exact = len(found.review.strata) == 1
    note = "Exact limits (hypergeometric)." if exact else "By the normal curve, from the strata."
    note += f" Rate {rounded(100 * errors.rate, 3)} %, standard error {rounded(100 * errors.se_rate, 3)} percentage points."
    return _table("errors", "Units in error", ("Confidence", "Lower limit", "Projected", "Upper limit"), rows, note)


def _sizes(found: Estimate) -> Table | None:
    if found.sizes is None:
        return None
    heads = ("Precision", *(f"{level} % confidence" for level in SIZE_LEVELS))
    rows = [(f"{precision} %", *(count(row[level]) for level in SIZE_LEVELS)) for precision, row in found.sizes.items()]
    note = "Never fewer than 30, whatever the table says; of strata, 30 each."
    return _table("sizes", "Units to draw, were this sample the probe", heads, rows, note)


def _replaced(found: Estimate) -> Table | None:
    if not found.review.replaced:
        return None
    rows = [
        (_key(one.row.key), count(one.row.drawn), _key(one.spare.key), count(one.spare.drawn), clean(one.reason))
        for one in found.review.replaced
    ]
    heads = ("Unit", "Drawn", "Spare", "Drawn ", "Why it was not of the frame")
    return _table("replaced", "Units that were not of the frame", heads, rows, text=(0, 2, 4))


def _units(found: Estimate) -> Table:
    rows = []
    names = [clean(one.name) for one in found.review.sample.strata]
    for one in found.review.reviewed:
        row, state = one.row, "not found" if one.is_missing else "yes" if one.is_error else "no"
        amounts = (money(row.amount), money(one.audited), money(one.difference))
        rows.append(
            (count(row.drawn), names[row.stratum - 1], count(row.place), _key(row.key), *amounts, state, clean(one.reason))
        )
    heads = ("Drawn", "Stratum", "Number", "Unit", "Examined", "Audited", "Difference", "Error", "Reason")
    return _table("units", "Every reviewed unit, in the order drawn", heads, rows, text=(1, 3, 7, 8))


def checks(sample: Sample) -> list[str]:
    """How to repeat draw and estimate in RAT-STATS."""
    said = ["Draw: Random Numbers, Single Stage Random Numbers; output in the order of selection."]
    for one in sample.strata:
        where = "" if len(sample.strata) == 1 else f"Stratum {clean(one.name)}: "
        spares = f", {count(len(one.spares))} spares" if one.spares else ""
        said.append(
            f"{where}seed {clean(one.seed)}, {count(len(one.numbers))} numbers{spares}, low 1, high {count(one.universe)}."
        )
    said.append("A number is the place of a unit in its stratum, and stands in the column place of frame.csv.")
    if len(sample.strata) > 1:
        said.append(
            f"The seeds of the strata are what seed {clean(sample.seed)} draws from 1 to 86,399, in the order drawn; one whose "
            "stream of random numbers is in use already is passed over."
        )
        said.append("Dollars: Variable Appraisals, Stratified. Units in error: Attribute Appraisals, Stratified.")
    else:
        said.append("Dollars: Variable Appraisals, Unrestricted. Units in error: Attribute Appraisals, Unrestricted.")
    said.append("Enter examined and audited of every unit below; RAT-STATS gives the difference.")
    return said


def moments(of: Moments) -> tuple[str, str, str, str]:
    """Mean, deviation, skewness and kurtosis, to two places."""
    skewness, kurtosis = ("" if value is None else figure(value) for value in (of.skewness, of.kurtosis))
    return figure(of.mean), figure(of.deviation), skewness, kurtosis


def figure(value: float | Fraction) -> str:
    """A figure to two places."""
    return f"{rounded(value, 2):,}"


def _measures(found: Estimate) -> tuple[tuple[str, Combined], ...]:
    return (("Overpayment", found.difference), ("Examined", found.examined), ("Audited", found.audited))


def _precision(percent: float | None) -> str:
    return "" if percent is None else f"precision {figure(percent)} %"


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
    return Table(name, caption, columns, tuple(tuple(Cell(value) for value in row) for row in rows), note=note)
