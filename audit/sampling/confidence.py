"""Levels of confidence, the factors of Student's t and of the normal curve that belong to them, and rounding half up."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache

LEVELS = (80, 90, 95)
SIZE_LEVELS = (80, 90, 95, 99)


def tail(level: int) -> Fraction:
    """What a two-sided level leaves on one side: 90 -> 1/20."""
    return Fraction(100 - level, 200)


@cache
def z(level: int) -> float:
    """The factor of the normal curve for a two-sided level in per cent."""
    from scipy.special import ndtri

    return float(-ndtri(float(tail(level))))


@cache
def t(level: int, freedom: int) -> float:
    """The factor of Student's t for a two-sided level in per cent, with so many degrees of freedom."""
    from scipy.special import stdtrit

    return float(-stdtrit(freedom, float(tail(level))))


def rounded(value: float | Fraction | Decimal, places: int = 0) -> Decimal:
    """A figure as it is printed, rounded half up (away from zero), to so many places."""
    if isinstance(value, Fraction):
        shift = 10**places
        # Whole halves decide, without a float between.
        doubled = abs(value) * shift * 2
        whole = (doubled.numerator // doubled.denominator + 1) // 2
        return Decimal(whole if value >= 0 else -whole).scaleb(-places)
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
