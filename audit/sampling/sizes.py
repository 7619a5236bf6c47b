"""How large a sample must be for a precision: from a probe sample, from an error rate, or by strata."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from audit.sampling.confidence import SIZE_LEVELS, rounded, z

PRECISIONS = (1, 2, 5, 10, 15, 25)
# What a float leaves of a whole number is not another unit.
_A_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and deviation of the amounts that are to be estimated, per unit."""

    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Part:
    """A stratum: its units, and the mean and deviation of its amounts."""

    universe: int
    mean: float
    deviation: float


def of_error_rate(rate: float, reported: Spread) -> Spread:
    """What differences to expect where a share of the units is in error in full; `reported` is of the reported amounts."""
    return Spread(rate * reported.mean, sqrt(rate * (reported.deviation**2 + (1 - rate) * reported.mean**2)))


def size(universe: int, spread: Spread, precision: float, confidence: int) -> int:
    """The size for a precision in per cent of the total at a two-sided confidence in per cent, rounded to the nearest.

    It may be nothing, where the probe's amounts are nearly alike: at least 30 units are reviewed whatever it says.
    """
    spreads = universe * spread.deviation
    if not spreads:
        return 0
    return int(rounded(spreads**2 / (_allowance(universe * spread.mean, precision, confidence) + spreads * spread.deviation)))


def table(universe: int, spread: Spread) -> Mapping[int, Mapping[int, int]]:
    """The sizes by precision, then by confidence."""
    return {
        precision: {confidence: size(universe, spread, precision, confidence) for confidence in SIZE_LEVELS}
        for precision in PRECISIONS
    }


def stratified(parts: Sequence[Part], precision: float, confidence: int) -> tuple[int, ...]:
    """The size of each stratum, for a precision of the total of all."""
    whole = sum(part.universe * part.mean for part in parts)
    spreads = [part.universe * part.deviation for part in parts]
    within = sum(spread * part.deviation for spread, part in zip(spreads, parts, strict=True))
    if not within:
        return (0,) * len(parts)
    return shared_out(sum(spreads) ** 2 / (_allowance(whole, precision, confidence) + within), parts)


def shared_out(number: float, parts: Sequence[Part]) -> tuple[int, ...]:
    """A number of units shared among strata by their units times their deviation, each share rounded up.

    No stratum gives more than it has; what it cannot give is shared out among the others again.
    """
    sizes = dict.fromkeys(range(len(parts)), 0)
    open_parts = dict(enumerate(parts))
    left = number
    while open_parts:
        weights = {at: part.universe * part.deviation for at, part in open_parts.items()}
        if not any(weights.values()):
            weights = {at: part.universe for at, part in open_parts.items()}
        whole = sum(weights.values())
        shares = {at: left * weight / whole if whole else 0.0 for at, weight in weights.items()}
        full = [at for at, share in shares.items() if share >= open_parts[at].universe]
        if not full:
            sizes.update({at: ceil(share - _A_HAIR) for at, share in shares.items()})
            break
        for at in full:
            sizes[at] = open_parts.pop(at).universe
            left -= sizes[at]
    return tuple(sizes.values())


def _allowance(whole: float, precision: float, confidence: int) -> float:
    """(E / z)^2, E being the precision in dollars."""
    return float((precision / 100 * whole / z(confidence)) ** 2)
