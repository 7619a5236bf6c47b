"""TIM012, TIM016, MOD010 and MAN005: what shows only in the number of visits.

Each pattern has a person of its own whose visits are all planted here, so that the numbers of a finding can be counted.
"""

from collections.abc import Iterator
from datetime import date
from itertools import cycle

from practice.book import working_days
from practice.desk import Desk, svc
from practice.people import new_patient
from practice.records import Claim, Line

_FIRST_SERIAL = 60_000  # beyond the patients of the appointment book
_REGIONS = ("low back", "neck", "shoulder", "knee")


def plant(desk: Desk) -> None:
    """Plant the cases of this family."""
    _heaped_minutes(desk)
    _habitual_modifier(desk)
    _code_by_payer(desk)


def _one_visit(desk: Desk, payer: str, provider: str, day: date, lines: list[Line]) -> Claim:
    serial = _FIRST_SERIAL + len(desk.claims)
    return desk.own_visit(new_patient(serial, payer, _REGIONS[serial % len(_REGIONS)]), provider, day, lines)


def _days(each: int) -> Iterator[date]:
    """Working days from the first on, so many visits on each."""
    for day in working_days():
        yield from [day] * each


def _heaped_minutes(desk: Desk) -> None:
    """35 of 60 visits stand on 23, 38 or 53 minutes, 4 on the minutes around."""
    days, payers = _days(2), cycle(("MCR", "UHC", "BCBS", "MA", "WC"))

    def visits(number: int, *lines: tuple[str, int, int]) -> list[Claim]:
        made = [[svc(code, units, minutes) for code, units, minutes in lines] for _ in range(number)]
        return [_one_visit(desk, next(payers), "PT7", next(days), one) for one in made]

    heaped = visits(14, ("97110", 2, 23), ("97112", 1, 15)) + visits(6, ("97110", 3, 38))
    heaped += visits(8, ("97112", 2, 23)) + visits(7, ("97116", 3, 38), ("97110", 1, 15))
    full = visits(12, ("97110", 1, 15), ("97112", 1, 15)) + visits(9, ("97112", 3, 45))
    slack = visits(2, ("97110", 2, 25))
    visits(2, ("97112", 2, 36))
    why = "35 of 60 visits at exactly 23, 38 or 53 minutes, 4 on the six minutes around each"
    desk.finding("TIM012", {claim.lines[0]: 0 for claim in heaped}, why, "provider", "none")
    short = [line for claim in heaped + slack for line in claim.lines]
    desk.finding("TIM016", dict.fromkeys(short, 0), "a mean of 13.4 minutes a unit over 60 visits", "provider", "none")
    desk.decoy("TIM016", full[0].lines[0], "two full quarter hours")


def _habitual_modifier(desk: Desk) -> None:
    """All of 80 pairs carry 59; minutes are spread so evenly that 23 is no more frequent than 20 to 26."""
    days, payers = _days(2), cycle(("BCBS", "UHC", "AET", "WC"))
    lines = []
    for minutes, _ in zip(cycle(range(20, 27)), range(80), strict=False):
        services = [svc("98941"), svc("97140", 1 if minutes < 23 else 2, minutes, "59")]
        lines.append(_one_visit(desk, next(payers), "DC3", next(days), services).lines[1])
    why = "80 of 80 paired lines with 59, the other people of the practice about 84 in 100"
    desk.finding("MOD010", dict.fromkeys(lines, 0), why, "provider", "none")
    desk.decoy("TIM012", next(line for line in lines if line.minutes == 23), "23 minutes, no more often than 20 to 26")
    desk.decoy("MAN005", lines[0], "always manual therapy, but for no payer that does not cover massage")


def _code_by_payer(desk: Desk) -> None:
    """Manual therapy for all of 24 Medicare patients; massage for 12 of 24 patients of other payers."""
    days, covering = _days(1), cycle(("UHC", "BCBS", "AET"))
    manual = []
    for place in range(24):
        visit = _one_visit(desk, "MCR", "PT8", next(days), [svc("97110", 1), svc("97140", 1)])
        manual.append(visit.lines[1])
        code = "97124" if place % 2 else "97140"
        _one_visit(desk, next(covering), "PT8", next(days), [svc("97110", 1), svc(code, 1)])
    why = "97140 on 24 of 24 lines where massage is not covered, on 12 of 24 elsewhere"
    desk.finding("MAN005", dict.fromkeys(manual, 0), why, "provider", "none")
