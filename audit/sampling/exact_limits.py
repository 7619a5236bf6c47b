"""How many errors a population may hold, given those in a sample drawn from it: exact limits, in whole numbers.

J. P. Buonaccorsi, "A note on confidence intervals for proportions in finite populations", The American Statistician 41 (1987),
as RAT-STATS has it. A number k of errors lies within the limits where P(X >= x | k) > tail and P(X <= x | k) > tail, X being
the errors in a sample of n. Probabilities are counts of samples here, so that a tie with the tail is one.
"""

from collections.abc import Callable
from fractions import Fraction
from math import comb


def limits(universe: int, sample: int, errors: int, tail: Fraction) -> tuple[int, int]:
    """The least and the most errors in a universe that agree with `errors` in a sample; `tail` is that of one side."""
    # Below so many errors, and above so many, the sample could not have been.
    least, most = errors, universe - (sample - errors)
    whole = comb(universe, sample)

    def is_beyond(samples: int) -> bool:
        return samples * tail.denominator > whole * tail.numerator

    lower = _first(least, most, lambda k: is_beyond(_at_least(universe, k, sample, errors)))
    above = _first(least, most + 1, lambda k: k > most or not is_beyond(_at_most(universe, k, sample, errors)))
    return lower, above - 1


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The first of low..high for which it holds, as it does for all that follow."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _at_least(universe: int, k: int, sample: int, errors: int) -> int:
    """How many samples hold at least so many of the k errors: at most so many of the others."""
    return _at_most(universe, universe - k, sample, sample - errors)


def _at_most(universe: int, k: int, sample: int, errors: int) -> int:
    """How many samples hold at most so many of the k errors; the shorter of the two sums."""
    most = min(k, sample)
    if errors >= most:
        return comb(universe, sample)
    least = max(0, sample - (universe - k))
    if errors - least <= most - errors:
        return _sum(universe, k, sample, least, errors)
    return comb(universe, sample) - _sum(universe, k, sample, errors + 1, most)


def _sum(universe: int, k: int, sample: int, first: int, last: int) -> int:
    """How many samples hold first..last of the k errors. Each term is made of the one before, without remainder."""
    if first > last:
        return 0
    term = comb(k, first) * comb(universe - k, sample - first)
    total = term
    for i in range(first, last):
        term = term * (k - i) * (sample - i) // ((i + 1) * (universe - k - sample + i + 1))
        total += term
    return total
