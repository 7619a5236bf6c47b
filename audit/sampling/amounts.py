"""What the units of a universe come to, from amounts in a sample of it: point estimate, standard error and limits.

The difference estimator is the same arithmetic on examined less audited amounts. Sums are exact, roots and
factors floats.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt

from audit.sampling.confidence import LEVELS, t, z


@dataclass(frozen=True, slots=True)
class Moments:
    """Of a sample: its size, mean, deviation (divisor n - 1), and skewness and kurtosis (divisor n; None where all are alike)."""

    sample: int
    mean: Fraction
    deviation: float
    skewness: float | None
    kurtosis: float | None


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided interval of a total; `percent` is the precision in per cent of the point, None where that is 0."""

    lower: float
    upper: float
    precision: float
    percent: float | None


@dataclass(frozen=True, slots=True)
class Total:
    """The estimated total of a universe, or of a stratum of one, with its intervals by level."""

    universe: int
    moments: Moments
    se_mean: float
    se_total: float
    point: Fraction
    intervals: Mapping[int, Interval]


@dataclass(frozen=True, slots=True)
class Combined:
    """The strata, each with limits of its own by Student's t, and the total of all by the normal curve."""

    strata: tuple[Total, ...]
    se_total: float
    point: Fraction
    intervals: Mapping[int, Interval]


def moments(values: Sequence[Decimal]) -> Moments:
    """The moments of amounts, of which there is at least one."""
    exact, n = [Fraction(value) for value in values], len(values)
    mean = sum(exact, Fraction(0)) / n
    apart = [value - mean for value in exact]
    squares = sum((value**2 for value in apart), Fraction(0))
    second = float(squares / n)
    if not squares:
        return Moments(n, mean, 0.0, None, None)
    third, fourth = (float(sum((value**power for value in apart), Fraction(0)) / n) for power in (3, 4))
    return Moments(n, mean, sqrt(squares / (n - 1)), third / second**1.5, fourth / second**2)


def total(universe: int, values: Sequence[Decimal], levels: Sequence[int] = LEVELS) -> Total:
    """The total of a universe from a sample of it; Student's t with n - 1 degrees of freedom.

    The sample has at least two units, or is the universe, which then is known and not estimated.
    """
    found, n = moments(values), len(values)
    point = found.mean * universe
    # Whoever reviewed all of them errs by nothing.
    se_mean = found.deviation * sqrt(Fraction(universe - n, universe) / n) if n < universe else 0.0
    se_total = se_mean * universe
    factors = {level: t(level, n - 1) if n > 1 else 0.0 for level in levels}
    return Total(universe, found, se_mean, se_total, point, _intervals(point, se_total, factors))


def stratified(strata: Sequence[tuple[int, Sequence[Decimal]]], levels: Sequence[int] = LEVELS) -> Combined:
    """The total of strata, each given as its universe and the amounts of its sample."""
    each = tuple(total(universe, values, levels) for universe, values in strata)
    point = sum((one.point for one in each), Fraction(0))
    se_total = sqrt(sum(one.se_total**2 for one in each))
    return Combined(each, se_total, point, _intervals(point, se_total, {level: z(level) for level in levels}))


def _intervals(point: Fraction, se_total: float, factors: Mapping[int, float]) -> dict[int, Interval]:
    middle = float(point)
    return {
        level: Interval(
            middle - factor * se_total,
            middle + factor * se_total,
            factor * se_total,
            100 * factor * se_total / abs(middle) if middle else None,
        )
        for level, factor in factors.items()
    }
