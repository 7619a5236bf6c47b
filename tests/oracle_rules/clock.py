"""Sessions on the clock and the demand test: which minutes cannot have been given by, or to, one person."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tests.oracle_rules import codes
from tests.oracle_rules.lines import Line, LineId
from tests.oracle_rules.visits import grouped, looks_like_minutes, visit_key


@dataclass
class Session:
    """One-on-one minutes within start and end, of one line or of the lines of a visit that share an appointment."""

    lines: list[Line]
    start: int
    end: int
    minutes: int
    implied: bool = False

    @property
    def order(self) -> tuple[int, int, LineId]:
        """Sessions are settled in order of end, start, line."""
        return self.end, self.start, self.lines[0].id


def fewest_minutes(units: Decimal) -> int:
    """The fewest whole minutes that so many units need, parts of a unit too."""
    return max(0, math.ceil(15 * units - 7))


def units_given(line: Line) -> Decimal:
    """Units that the line bills; where minutes stand in their place, the quarter hours that those make."""
    return line.units / 15 if looks_like_minutes(line) else max(Decimal(0), line.units)


def one_on_one(line: Line) -> bool:
    """Does the service need the person's whole attention?"""
    return line.code not in codes.NOT_ONE_ON_ONE


def sessions(lines: Iterable[Line], by_therapist: bool = False) -> list[Session]:
    """The sessions of lines with clock times; an untimed code without minutes is none.

    `by_therapist`: an appointment that therapists of one visit share is a session of each.
    """
    found, bare = [], []
    for line in lines:
        if line.clock is None or not one_on_one(line):
            continue
        if line.minutes is not None:
            found.append(Session([line], *line.clock, max(0, min(line.minutes, line.clock[1] - line.clock[0]))))
        elif codes.timed(line.code):
            bare.append(line)
    for group in grouped(bare, lambda line: (*visit_key(line), line.clock, *(_therapist(line) if by_therapist else ()))):
        start, end = group[0].clock or (0, 0)
        needed = fewest_minutes(sum(map(units_given, group), Decimal(0)))
        found.append(Session(group, start, end, min(needed, end - start), implied=True))
    return sorted(found, key=lambda session: session.order)


def _therapist(line: Line) -> tuple[object, ...]:
    return line.rendering, line.by_assistant, line.institutional


def kept(demands: list[Session]) -> list[int]:
    """The most minutes that each session, in order, can keep while no window holds more than its length."""
    keeps: list[int] = []
    for session in demands:
        room = session.minutes
        for start in {other.start for other in demands if other.start <= session.start}:
            within = sum(k for k, other in zip(keeps, demands, strict=False) if other.start >= start)
            room = min(room, session.end - start - within)
        keeps.append(max(0, room))
    return keeps


@dataclass
class Shortage:
    """What a day's sessions claim beyond the clock: minutes missing, and the minutes that each session keeps."""

    missing: int
    sessions: list[Session]
    keeps: list[int]
    charged: list[Session]


def shortage(demands: list[Session]) -> Shortage:
    """The demand test of one person's sessions of a day."""
    demands = sorted(demands, key=lambda session: session.order)
    keeps = kept(demands)
    charged = [session for session, keep in zip(demands, keeps, strict=True) if keep < session.minutes]
    return Shortage(sum(s.minutes for s in demands) - sum(keeps), demands, keeps, charged)


def after_own_shortage(demands: list[Session]) -> list[Session]:
    """The sessions of one provider's day with each patient's own missing minutes taken off."""
    left = []
    for patient in {session.lines[0].patient for session in demands}:
        own = shortage([session for session in demands if session.lines[0].patient == patient])
        left += [Session(s.lines, s.start, s.end, keep, s.implied) for s, keep in zip(own.sessions, own.keeps, strict=True)]
    return left
