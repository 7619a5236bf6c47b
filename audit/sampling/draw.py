"""A frame and a size in, the rows drawn out: design first, then the numbers, never the other way round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from audit.errors import ConfigError
from audit.sampling import generator, sizes
from audit.sampling.design import DrawnStratum, Row, Size
from audit.sampling.frame import KEYS, Frame, Stratum
from audit.sampling.sizes import Part
from audit.sampling.strata import LEAST


def seed_of(text: str) -> float:
    """A seed as it is typed. Raises ConfigError where it is no number."""
    try:
        seed = float(text)
    except ValueError:
        seed = float("nan")
    if not isfinite(seed):
        raise ConfigError(
            f"--seed {text!r} is no number.", "RAT-STATS's own are seconds since midnight with two decimals, as 48863.78."
        )
    return seed


@dataclass(frozen=True, slots=True)
class Plan:
    """What is settled before the draw: units and spares of each stratum, the seed as typed, and how the size came about."""

    wanted: tuple[int, ...]
    spares: int
    seed: str
    size: Size


def shared(size: int, strata: Sequence[Stratum]) -> tuple[int, ...]:
    """A stated size shared among strata by their units times their deviation.

    Each has at least 30 where the size is enough for that, else 2, or is reviewed whole. Raises ConfigError where there are not
    so many units.
    """
    units = sum(one.universe for one in strata)
    if not 0 < size <= units:
        raise ConfigError(f"--size {size:,}: the frame has {units:,} units to draw from.", "Draw fewer, or review all of them.")
    if len(strata) == 1:
        return (size,)
    return _with_floor(size, LEAST if size >= LEAST * len(strata) else 2, strata)


def _with_floor(size: int, least: int, strata: Sequence[Stratum]) -> tuple[int, ...]:
    """The size shared out, no stratum below `least` or its own units: what these are given the others go without."""
    floors = {at: min(least, one.universe) for at, one in enumerate(strata)}
    fixed = dict[int, int]()
    while True:
        free = {at: one for at, one in enumerate(strata) if at not in fixed}
        left = max(size - sum(fixed.values()), 0)
        shares = sizes.shared_out(left, [Part(one.universe, one.mean, one.deviation) for one in free.values()])
        found = dict(zip(free, shares, strict=True))
        low = {at: floors[at] for at, share in found.items() if share < floors[at]}
        if not low:
            return tuple((fixed | found)[at] for at in range(len(strata)))
        fixed |= low


def at_least(least: int, wanted: Sequence[int], strata: Sequence[Stratum]) -> tuple[int, ...]:
    """Sizes by stratum, none below `least` but where the stratum has no more."""
    return tuple(max(number, min(least, one.universe)) for number, one in zip(wanted, strata, strict=True))


def strata_of(plan: Plan, strata: Sequence[Stratum]) -> tuple[DrawnStratum, ...]:
    """The numbers of each stratum. Raises ConfigError where the frame does not hold so many.

    A stratum of several gives as many of its spares as it has.
    """
    value, is_cut = seed_of(plan.seed), len(strata) > 1
    seeds = [str(one) for one in generator.strata_seeds(value, len(strata))] if is_cut else [plan.seed]
    drawn = []
    for one, number, seed in zip(strata, plan.wanted, seeds, strict=True):
        spares = min(plan.spares, one.universe - number) if is_cut else plan.spares
        numbers, spare = generator.single_stage(seed_of(seed), 1, one.universe, number, spares)
        drawn.append(DrawnStratum(one.name, seed, one.universe, one.amount, one.mean, one.deviation, numbers, spare))
    return tuple(drawn)


def rows_of(frame: Frame, strata: Sequence[DrawnStratum]) -> tuple[tuple[Row, ...], dict[int, Mapping[str, Any]]]:
    """The units that were drawn, stratum by stratum, each with its spares last; and the frame's rows of them by number."""
    keys, rows, units = KEYS[frame.choice.unit], list[Row](), dict[int, Mapping[str, Any]]()
    for stratum, one in enumerate(strata, start=1):
        for at, unit in enumerate(frame.rows(stratum, (*one.numbers, *one.spares))):
            rows.append(_row(unit, keys, len(rows) + 1, at >= len(one.numbers)))
            units[unit["number"]] = unit
    return tuple(rows), units


def _row(unit: Mapping[str, Any], keys: Sequence[str], drawn: int, is_spare: bool) -> Row:
    key = tuple("" if unit[name] is None else str(unit[name]) for name in keys)
    return Row(drawn, unit["stratum"], unit["place"], unit["number"], key, unit["amount"], is_spare)
