"""A review in, what it says of the whole frame out: how many units are in error, and how much was overpaid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from audit.errors import InputError
from audit.runs import estimates
from audit.sampling import amounts, attributes, cautions, review, sizes
from audit.sampling.amounts import Combined
from audit.sampling.attributes import Counted, Errors
from audit.sampling.confidence import SIZE_LEVELS, rounded
from audit.sampling.review import Review
from audit.sampling.sizes import PRECISIONS, Part, Spread

STATED_LEVEL = 90


@dataclass(frozen=True, slots=True)
class Estimate:
    """The figures of a reviewed sample. `difference` is examined less audited, the overpayment.

    `sizes` are the units to draw for a precision at a confidence, None where the sample shows no overpayment; `cautions` are what
    a reader must know beside the figures.
    """

    review: Review
    errors: Errors
    examined: Combined
    audited: Combined
    difference: Combined
    sizes: Mapping[int, Mapping[int, int]] | None
    cautions: tuple[str, ...]

    @property
    def lower(self) -> Decimal:
        """The amount to state: the lower limit of the two-sided 90 % interval, in whole dollars; never below nothing."""
        return max(rounded(self.difference.intervals[STATED_LEVEL].lower), Decimal(0))

    @property
    def found(self) -> Decimal:
        """What the reviewed units alone were overpaid."""
        return sum((one.difference for one in self.review.reviewed), Decimal("0.00"))

    @property
    def statement(self) -> str:
        """The amount to state, in words."""
        interval, point = self.difference.intervals[STATED_LEVEL], rounded(self.difference.point)
        if self.lower <= 0:
            return (
                f"State no extrapolated amount: the lower limit of the two-sided 90 % interval, {dollars(interval.lower)}, is "
                "not above zero, so that this sample shows no overpayment of the frame. What was found in the reviewed units, "
                f"${self.found:,.2f}, stands as it is."
            )
        return (
            f"State {dollars(self.lower)}: the lower limit of the two-sided 90 % interval. It is meant to be above what was "
            f"truly overpaid in no more than 5 of 100 samples drawn so. The point estimate, {dollars(point)}, is so in about "
            "half of them, and is not the amount to state."
        )


def estimate(path: Path) -> Estimate:
    """The figures of a filled worksheet. Raises InputError where it is not reviewed to the end, or was changed."""
    found = review.read(path)
    _enough(found)
    counted = [
        Counted(one.universe, len(units), sum(unit.is_error for unit in units))
        for one, units in zip(found.sample.strata, found.strata, strict=True)
    ]
    difference = _combined(found, [[unit.difference for unit in units] for units in found.strata])
    return Estimate(
        review=found,
        errors=attributes.unrestricted(counted[0]) if len(counted) == 1 else attributes.stratified(counted),
        examined=_combined(found, [[unit.row.amount for unit in units] for units in found.strata]),
        audited=_combined(found, [[unit.audited for unit in units] for units in found.strata]),
        difference=difference,
        sizes=_sizes(difference),
        cautions=tuple(cautions.of_result(found, difference, path.parent)),
    )


def keep(found: Estimate, folder: Path) -> Path:
    """Keep what the run's report tells of the estimate beside the worksheet; gives its path."""
    sample, interval, limits = found.review.sample, found.difference.intervals[STATED_LEVEL], found.errors.limits[STATED_LEVEL]
    kept = estimates.Estimated(
        format=estimates.FORMAT,
        lines_sha256=sample.run.lines_sha256,
        frame=sample.frame.words,
        frame_sha256=sample.frame.sha256,
        seed=sample.seed,
        strata=sample.strata_by or "none",
        reviewed=len(found.review.reviewed),
        in_error=sum(one.is_error for one in found.review.reviewed),
        errors=(max(limits[0], 0), int(rounded(found.errors.projected)), limits[1]),
        overpayment=(rounded(interval.lower), rounded(found.difference.point), rounded(interval.upper)),
        stated=found.lower,
        statement=found.statement,
        cautions=found.cautions,
    )
    return estimates.write(kept, folder)


def dollars(amount: float | Fraction | Decimal) -> str:
    """Whole dollars, rounded half up, as RAT-STATS prints them."""
    whole = rounded(amount)
    return f"-${-whole:,}" if whole < 0 else f"${whole:,}"


def _enough(found: Review) -> None:
    """A deviation needs two units, but where one is all there is."""
    for one, units in zip(found.sample.strata, found.strata, strict=True):
        if len(units) < min(2, one.universe):
            raise InputError(
                f"Stratum {one.name} has one reviewed unit: nothing can be estimated from it.", "Draw a larger sample."
            )


def _combined(found: Review, values: Sequence[Sequence[Decimal]]) -> Combined:
    """The total of one sample by Student's t, of several strata by the normal curve."""
    parts = [(one.universe, amounts_of) for one, amounts_of in zip(found.sample.strata, values, strict=True)]
    if len(parts) > 1:
        return amounts.stratified(parts)
    one = amounts.total(*parts[0])
    return Combined((one,), one.se_total, one.point, one.intervals)


def _sizes(difference: Combined) -> Mapping[int, Mapping[int, int]] | None:
    """The sizes that this sample, taken for a probe, asks for."""
    if difference.point <= 0:
        return None
    strata = difference.strata
    if len(strata) == 1:
        of = strata[0].moments
        return sizes.table(strata[0].universe, Spread(float(of.mean), of.deviation))
    parts = [Part(one.universe, float(one.moments.mean), one.moments.deviation) for one in strata]
    return {
        precision: {level: sum(sizes.stratified(parts, precision, level)) for level in SIZE_LEVELS} for precision in PRECISIONS
    }
