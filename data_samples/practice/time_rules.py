"""Units that minutes earn, worked out by plain enumeration, so that clean visits are clean under their payer's method."""

import random
from itertools import product


def supported(minutes: int) -> int:
    """Units of a number of minutes: 1 from 8, 2 from 23, 3 from 38, and so on."""
    return 0 if minutes < 8 else (minutes + 7) // 15


def cms_choices(minutes: list[int]) -> list[tuple[int, ...]]:
    """Every acceptable allocation under the CMS total-time rule: whole quarter hours, then the largest remainders."""
    whole = [value // 15 for value in minutes]
    left = supported(sum(minutes)) - sum(whole)
    rest = [value % 15 for value in minutes]
    best = sum(sorted(rest, reverse=True)[:left])
    choices = []
    for extra in product((0, 1), repeat=len(minutes)):
        served = sum(value for value, taken in zip(rest, extra, strict=True) if taken)
        if sum(extra) == left and served == best:
            choices += [tuple(units + taken for units, taken in zip(whole, extra, strict=True))]
    return choices


def clean_units(unit_rule: str, minutes: list[int], rng: random.Random) -> tuple[int, ...] | None:
    """Units that no time rule can fault under the payer's method, or None where these minutes leave a code without a unit.

    A payer without a stated method gets only visits for which both methods agree.
    """
    midpoint = tuple(supported(value) for value in minutes)
    if 0 in midpoint:
        return None
    if unit_rule in {"ama", "none"}:
        return midpoint
    choices = cms_choices(minutes)
    if unit_rule == "either":
        return midpoint if midpoint in choices else None
    units = rng.choice(choices)
    return None if 0 in units else units
