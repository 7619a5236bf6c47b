"""Minutes to units: the total-time rule, the midpoint rule, and what payers of no stated method cannot deny."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tests.oracle_rules import codes
from tests.oracle_rules.lines import Line
from tests.oracle_rules.visits import stated_total, union


def supported(minutes: int) -> int:
    """Units of so many minutes: 8-22 one, 23-37 two, and so on."""
    return 0 if minutes < 8 else (minutes + 7) // 15


def most_of_any_split(total: int, count: int) -> int:
    """The most units that the midpoint rule gives so many codes, however they divide the minutes."""
    first = min(count, total // 8)
    return first + (total - 8 * first) // 15


def cms_bounds(minutes: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Smallest and largest acceptable units of each code under the total-time rule.

    Whole quarter hours first; the units left go one each to the largest remainders, among tied ones to any.
    """
    left = supported(sum(minutes.values())) - sum(m // 15 for m in minutes.values())
    bounds = {}
    for code, own in minutes.items():
        rest = own % 15
        larger = sum(1 for m in minutes.values() if m % 15 > rest)
        as_large = sum(1 for m in minutes.values() if m % 15 >= rest)
        bounds[code] = (own // 15 + (rest > 0 and as_large <= left), own // 15 + (rest > 0 and larger < left))
    return bounds


@dataclass
class VisitTime:
    """What is known of a visit's timed minutes, by code of which families are one."""

    stated: dict[str, int]
    clock_of: dict[str, int]
    clock: int
    complete: bool
    all_minutes: bool
    totals: list[int]

    @property
    def lines_sum(self) -> int:
        """Minutes that the lines state."""
        return sum(self.stated.values())

    @property
    def from_clock(self) -> bool:
        """No total stands, and some timed line has clock times only."""
        return not self.totals and not self.all_minutes

    @property
    def most(self) -> int:
        """The most timed minutes that lines, total or clock show."""
        return max([self.lines_sum + (self.clock if self.from_clock else 0), *self.totals])

    @property
    def least(self) -> int:
        """The fewest minutes that a shortfall may stand against."""
        return min([*([self.lines_sum] if self.all_minutes else []), *self.totals])

    @property
    def extra(self) -> int:
        """Minutes that only the total has: they may be any one code's."""
        return max(0, max(self.totals, default=0) - self.lines_sum)

    def most_ama(self) -> int:
        """The most units that the midpoint rule gives: by the lines, by the clock, or under any split of a larger total."""
        by_lines = sum(supported(own) for own in self.stated.values())
        if self.from_clock:
            return by_lines + self._further_ama()
        if self.all_minutes and not self.extra:
            return by_lines
        return most_of_any_split(max(self.lines_sum, *self.totals), len(self.stated))

    def _further_ama(self) -> int:
        """Units that the minutes on the clock of lines without minutes may add."""
        spare, count = self.clock, 0
        for step in sorted(step for code, own in self.stated.items() for step in _steps(own, self.clock_of.get(code, 0))):
            if step > spare:
                break
            spare -= step
            count += 1
        return count

    def least_ama(self) -> int:
        """The fewest units that the midpoint rule gives: by the lines, or under any split of a total."""
        by_total = [max(0, -(-(total - 7 * len(self.stated)) // 15)) for total in self.totals]
        if self.all_minutes:
            by_lines = sum(supported(own) for own in self.stated.values())
            return min([by_lines, *(by for by, total in zip(by_total, self.totals, strict=True) if total < self.lines_sum)])
        return min(by_total)


def _steps(own: int, room: int) -> list[int]:
    """Minutes that a code needs for each further unit, as far as its room goes."""
    steps = []
    need = 8 - own if own < 8 else 15 * supported(own) + 8 - own
    while need <= room:
        steps.append(need)
        room -= need
        need = 15
    return steps


def visit_time(visit: Iterable[Line], timed: list[Line]) -> VisitTime:
    """The minutes of a visit's timed lines: stated, from the clock, and in total."""
    stated: dict[str, int] = defaultdict(int)
    bare = [line for line in timed if line.minutes is None]
    for line in timed:
        stated[codes.one_code(line.code)] += line.minutes or 0
    clock_of = {code: union(line.clock for line in bare if line.clock and codes.one_code(line.code) == code) for code in stated}
    return VisitTime(
        stated=dict(stated),
        clock_of=clock_of,
        clock=union(line.clock for line in bare if line.clock),
        complete=all(line.clock for line in bare),
        all_minutes=not bare,
        totals=stated_total(visit),
    )
