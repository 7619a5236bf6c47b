"""estimate.html: the design as it stood before the draw, the sample, the result, and how to check it in RAT-STATS."""

from dataclasses import dataclass
from pathlib import Path

from audit.files.door import write_text
from audit.report.outputs.page import render_other
from audit.report.text import clean, count, money, plural
from audit.report.view import Fact, Table
from audit.sampling import page_tables
from audit.sampling.confidence import rounded
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
        strata=page_tables.strata(found) if len(sample.strata) > 1 else None,
        amounts=page_tables.amounts(found),
        intervals=page_tables.intervals(found),
        errors=page_tables.errors(found),
        sizes=page_tables.sizes(found),
        checks=tuple(checks(sample)),
        field=FIELD,
        replaced=page_tables.replaced(found),
        units=page_tables.units(found),
    )


def _result(found: Estimate) -> tuple[Fact, ...]:
    interval, errors = found.difference.intervals[STATED_LEVEL], found.errors
    reviewed = found.review.reviewed
    wrong = sum(one.is_error for one in reviewed)
    low, high = max(errors.limits[STATED_LEVEL][0], 0), errors.limits[STATED_LEVEL][1]
    return (
        Fact("Amount to state", dollars(found.lower), "lower limit of the two-sided 90 % interval", "over"),
        Fact("Point estimate", dollars(found.difference.point), "potential overpayment of the frame"),
        Fact("90 % interval", f"{dollars(interval.lower)} to {dollars(interval.upper)}", _precision(interval.percent)),
        Fact("Overpaid in the sample", money(found.found), plural(len(reviewed), "unit") + " reviewed"),
        Fact(
            "Units in error, projected",
            f"{count(int(rounded(errors.projected)))} of {count(found.review.sample.frame.units)}",
            f"{count(low)} to {count(high)} at 90 %; in the sample {count(wrong)} of {count(len(reviewed))}",
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
        Fact("Drawn", sample.drawn_at.replace("T", " ").replace("Z", " UTC"), sample.program),
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


def _precision(percent: float | None) -> str:
    return "" if percent is None else f"precision {page_tables.figure(percent)} %"
