"""The time rules once more, in plain Python and by trying everything: what TIM001 to TIM004 must say of a visit.

Nothing here is shared with the SQL. Acceptable allocations of units are found by enumeration, splits of a visit's minutes
by trying all of them, dollars in whole cents with exact fractions. Sources: CMS Pub. 100-04, ch. 5, sec. 20.2 for the
total-time rule and its examples; the CPT midpoint for payers that count code by code.
"""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

FLAG, OK, NOT_EVALUATED, NOT_EXAMINED = "flag", "ok", "not evaluated", "-"


@dataclass(frozen=True)
class Line:
    """A claim line of a 15-minute code. `cents` is its amount in the run's money basis; None: unknown."""

    line_id: int
    claim_id: str
    number: int
    code: str
    units: int
    minutes: int | None = None
    cents: int | None = None

    @property
    def price(self) -> Fraction | None:
        """Cents of one unit; None where the amount is unknown or no unit was billed."""
        return None if self.cents is None or self.units == 0 else Fraction(self.cents, self.units)


@dataclass(frozen=True)
class Visit:
    """The timed lines of one visit; `recorded` are the visit totals that its lines carry; `rule` is cms, ama, either or none."""

    rule: str
    lines: tuple[Line, ...]
    recorded: tuple[int, ...] = ()

    @property
    def codes(self) -> list[str]:
        """The timed codes, each once."""
        return sorted({line.code for line in self.lines})

    @property
    def units(self) -> int:
        """Timed units billed."""
        return sum(line.units for line in self.lines)

    def of(self, code: str) -> list[Line]:
        """The lines of a code."""
        return [line for line in self.lines if line.code == code]

    def minutes_of(self, code: str) -> int | None:
        """Minutes of a code, None if one of its lines lacks them."""
        minutes = [line.minutes for line in self.of(code) if line.minutes is not None]
        return sum(minutes) if len(minutes) == len(self.of(code)) else None

    @property
    def by_code(self) -> dict[str, int] | None:
        """Minutes of every code, None if one lacks them."""
        known = {code: minutes for code in self.codes if (minutes := self.minutes_of(code)) is not None}
        return known if len(known) == len(self.codes) else None

    def times(self) -> list[int]:
        """Every record of the visit's timed minutes: the sum of its codes' and the totals on its lines."""
        return [*self.recorded, *([sum(self.by_code.values())] if self.by_code is not None else [])]

    def most_time(self) -> int:
        """The larger record; where some lines lack minutes, no less than the others have."""
        return max([*self.times(), sum(line.minutes or 0 for line in self.lines)])


@dataclass(frozen=True)
class Verdict:
    """What a rule says: `cents` is the amount at risk by line, None for a line whose amount is unknown."""

    verdict: str
    supported: int | None = None
    cents: Mapping[int, int | None] = field(default_factory=dict)


def supported(minutes: int) -> int:
    """Units that minutes support: the first at 8 minutes, another for every 15 more."""
    return 0 if minutes < 8 else 1 + (minutes - 8) // 15


def allocations(minutes: Mapping[str, int]) -> list[dict[str, int]]:
    """Every acceptable allocation under the total-time rule, found by trying all.

    Each code has its whole quarter hours or one unit more, the total is what all minutes support, and no code goes
    without a unit left over while another with a smaller remainder has one.
    """
    total = supported(sum(minutes.values()))
    found = []
    for extras in itertools.product((0, 1), repeat=len(minutes)):
        served = [m % 15 for m, extra in zip(minutes.values(), extras, strict=True) if extra]
        waiting = [m % 15 for m, extra in zip(minutes.values(), extras, strict=True) if not extra]
        units = {code: m // 15 + extra for (code, m), extra in zip(minutes.items(), extras, strict=True)}
        if sum(units.values()) == total and min(served, default=15) >= max(waiting, default=0):
            found.append(units)
    return found


@cache
def units_of_splits(minutes: int, codes: int) -> frozenset[int]:
    """The units under the CPT midpoint that a visit's minutes can earn, over every split among so many codes."""
    if codes == 1:
        return frozenset({supported(minutes)})
    return frozenset(
        supported(first) + rest for first in range(minutes + 1) for rest in units_of_splits(minutes - first, codes - 1)
    )


def tim001(visit: Visit, min_excess: int = 1) -> Verdict:
    """More timed units than the visit's minutes support, by the larger record of its time."""
    if visit.rule == "ama":
        return Verdict(NOT_EXAMINED)
    if visit.rule == "none" or not visit.times():
        return Verdict(NOT_EVALUATED)
    cms = supported(visit.most_time())
    most = cms if visit.rule == "cms" else max(cms, *_midpoint_units(visit, visit.most_time()))
    if visit.units - most < min_excess:
        return Verdict(OK, most)
    any_unit = {code: sum(line.units for line in visit.of(code)) for code in visit.codes}
    return Verdict(FLAG, most, _cheapest(visit, any_unit, visit.units - most))


def tim002(visit: Visit, min_excess: int = 1) -> Verdict:
    """Under the CPT midpoint, a code with more units than its own minutes support."""
    if visit.rule not in ("ama", "none"):
        return Verdict(NOT_EXAMINED)
    if visit.rule == "none":
        return Verdict(NOT_EVALUATED)
    # Minutes that only the visit's total has may be any one code's.
    unplaced = visit.most_time() - sum(line.minutes or 0 for line in visit.lines) if visit.times() else 0
    earned = {code: supported(m + unplaced) for code in visit.codes if (m := visit.minutes_of(code)) is not None}
    surplus = {code: sum(line.units for line in visit.of(code)) - units for code, units in earned.items()}
    over = {code: units for code, units in surplus.items() if units >= min_excess}
    if over:
        return Verdict(FLAG, sum(earned[code] for code in over), _cheapest(visit, over, sum(over.values())))
    return Verdict(OK if visit.by_code is not None else NOT_EVALUATED)


def tim003(visit: Visit) -> Verdict:
    """Under the total-time rule, a supported total with more units on a code than its largest acceptable share."""
    if visit.rule not in ("cms", "none"):
        return Verdict(NOT_EXAMINED)
    if visit.rule == "cms" and visit.times() and visit.units > supported(visit.most_time()):
        return Verdict(NOT_EXAMINED)
    if visit.rule == "none" or visit.by_code is None:
        return Verdict(NOT_EVALUATED)
    total = supported(visit.most_time())
    # Minutes that only the visit's total has may be any one code's.
    unplaced = visit.most_time() - sum(visit.by_code.values())
    most = {
        code: max(_most({**visit.by_code, owner: visit.by_code[owner] + unplaced})[code] for owner in visit.codes)
        for code in visit.codes
    }
    surplus = {code: sum(line.units for line in visit.of(code)) - most[code] for code in visit.codes}
    over = {code: units for code, units in surplus.items() if units > 0}
    if not over:
        return Verdict(OK, total)
    taken = _cheapest(visit, over, sum(over.values()))
    return Verdict(FLAG, total, _less(taken, _earned_elsewhere(visit, surplus)))


def tim004(visit: Visit, min_shortfall: int = 1) -> Verdict:
    """Fewer timed units than the minutes support, by the smaller record of the visit's time."""
    if visit.rule == "none":
        return Verdict(NOT_EVALUATED)
    if visit.rule == "ama":
        if visit.by_code is None:
            return Verdict(NOT_EVALUATED)
        # A code is surely short where it is however the minutes that a smaller total lacks were its own or another's.
        lacking = sum(visit.by_code.values()) - min(visit.times())
        earned = {code: min(supported(max(0, m - off)) for off in range(lacking + 1)) for code, m in visit.by_code.items()}
        fewest = sum(earned.values())
        missing = sum(max(0, earned[code] - sum(line.units for line in visit.of(code))) for code in visit.codes)
    else:
        if not visit.times():
            return Verdict(NOT_EVALUATED)
        fewest = supported(min(visit.times()))
        if visit.rule == "either":
            fewest = min(fewest, *_midpoint_units(visit, min(visit.times())))
        missing = fewest - visit.units
    if missing < min_shortfall:
        return Verdict(OK, fewest)
    # A price is above nought.
    line = min(visit.lines, key=lambda one: (not one.price, one.price is None, one.price or 0, one.claim_id, one.number))
    return Verdict(FLAG, fewest, {line.line_id: _share(line, missing) if line.price is not None else None})


def _midpoint_units(visit: Visit, minutes: int) -> Iterable[int]:
    """What the CPT midpoint gives: one number where every code's minutes are known and add up to `minutes`.

    Else the minutes are those of a visit total of which no more is known: one number for every split of it.
    """
    if visit.by_code is not None and sum(visit.by_code.values()) == minutes:
        return [sum(supported(m) for m in visit.by_code.values())]
    return units_of_splits(minutes, len(visit.codes))


def _least(minutes: Mapping[str, int]) -> dict[str, int]:
    return {code: min(one[code] for one in allocations(minutes)) for code in minutes}


def _most(minutes: Mapping[str, int]) -> dict[str, int]:
    return {code: max(one[code] for one in allocations(minutes)) for code in minutes}


def _cheapest(visit: Visit, surplus: Mapping[str, int], excess: int) -> dict[int, int | None]:
    """Cents at risk by line: units one by one, the cheapest first, of each code no more than its surplus, in all the excess."""
    left = {code: max(0, units) for code, units in surplus.items()}
    open_units: list[Line] = []
    later_first = sorted(visit.lines, key=lambda one: (one.claim_id, one.number), reverse=True)
    for line in sorted(later_first, key=lambda one: (one.price is None, one.price or 0)):
        taken = min(left.get(line.code, 0), line.units)
        left[line.code] = left.get(line.code, 0) - taken
        open_units += [line] * taken
    chosen = open_units[:excess]
    return {line.line_id: _share(line, chosen.count(line)) for line in chosen}


def _share(line: Line, units: int) -> int | None:
    """Cents of some of a line's units, rounded half up; an amount below zero puts nothing at risk."""
    if line.cents is None or line.units == 0:
        return None
    return (2 * max(0, line.cents) * units + line.units) // (2 * line.units)


def _earned_elsewhere(visit: Visit, surplus: Mapping[str, int]) -> int | None:
    """Cents that the misplaced units earn on the codes that lack them, dearest first; None if a code among them has no price."""
    wanted = sum(units for units in surplus.values() if units > 0)
    total = 0
    for code in sorted((code for code in surplus if surplus[code] < 0), key=lambda one: _dearest_first(visit, one)):
        moved = min(wanted, -surplus[code])
        amount = _code_line(visit, code)
        wanted -= moved
        if moved and not amount.price:
            return None
        total += (_share(amount, moved) or 0) if moved else 0
    return total


def _dearest_first(visit: Visit, code: str) -> tuple[bool, Fraction, str]:
    price = _code_line(visit, code).price
    return bool(price), -(price or Fraction(0)), code


def _code_line(visit: Visit, code: str) -> Line:
    """All lines of a code as one."""
    lines = visit.of(code)
    cents = None if any(line.cents is None for line in lines) else sum(line.cents or 0 for line in lines)
    return Line(0, "", 0, code, sum(line.units for line in lines), cents=cents)


def _less(taken: Mapping[int, int | None], amount_off: int | None) -> dict[int, int | None]:
    """An amount taken off, from the first line on, no line below zero."""
    found: dict[int, int | None] = {}
    for line_id, cents in sorted(taken.items()):
        if amount_off is None:
            found[line_id] = 0
            continue
        if cents is None:
            found[line_id] = None
            continue
        found[line_id] = max(0, cents - amount_off)
        amount_off = max(0, amount_off - cents)
    return found
