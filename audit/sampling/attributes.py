"""How many units are in error: from a sample of the whole, or of each stratum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from audit.sampling import exact_limits
from audit.sampling.confidence import LEVELS, rounded, tail, z


@dataclass(frozen=True, slots=True)
class Counted:
    """A universe, or a stratum of one: how many units, how many of them in the sample, how many of these in error."""

    universe: int
    sample: int
    errors: int

    @property
    def rate(self) -> Fraction:
        """The share of the sample that is in error."""
        return Fraction(self.errors, self.sample)

    @property
    def variance(self) -> float:
        """Of the rate: p (1 - p) / (n - 1) (1 - n / N); none of a stratum that was reviewed whole."""
        if self.sample == self.universe:
            return 0.0
        return float(self.rate * (1 - self.rate) / (self.sample - 1) * (1 - Fraction(self.sample, self.universe)))


@dataclass(frozen=True, slots=True)
class Errors:
    """Units in error: rate, projection, standard errors of both, and by level lower and upper limit in units.

    `precision` is by level half the width of the interval of the rate, for each stratum and then for all together; empty
    where the limits are exact.
    """

    rate: Fraction
    projected: Fraction
    se_rate: float
    se_total: float
    limits: Mapping[int, tuple[int, int]]
    precision: Mapping[int, tuple[float, ...]]


def unrestricted(one: Counted, levels: Sequence[int] = LEVELS) -> Errors:
    """From one sample of the whole: exact hypergeometric limits. The standard error is that of the rate's own formula."""
    se = sqrt(one.variance) if one.sample > 1 else 0.0
    exact = {level: exact_limits.limits(one.universe, one.sample, one.errors, tail(level)) for level in levels}
    return Errors(one.rate, one.rate * one.universe, se, se * one.universe, exact, {})


def stratified(strata: Sequence[Counted], levels: Sequence[int] = LEVELS) -> Errors:
    """From a sample of each stratum: limits by the normal curve. Every stratum has two reviewed units, or is reviewed whole."""
    universe = sum(one.universe for one in strata)
    projected = sum((one.rate * one.universe for one in strata), Fraction(0))
    se_total = sqrt(sum(one.universe**2 * one.variance for one in strata))
    widths = (*(sqrt(one.variance) for one in strata), se_total / universe)
    limits, precision = {}, {}
    for level in levels:
        half = z(level) * se_total
        limits[level] = (int(rounded(float(projected) - half)), int(rounded(float(projected) + half)))
        precision[level] = tuple(z(level) * width for width in widths)
    return Errors(projected / universe, projected, se_total / universe, se_total, limits, precision)
