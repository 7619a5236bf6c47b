"""TIM001 to TIM004: units against minutes, under each payer's own method.

Each case: payer, role, services, units at risk by place of the line, the sentence for the answer key.
"""

from practice.desk import Desk, cheapest, svc
from practice.records import Claim, Line

_Case = tuple[str, str, list[Line], dict[int, int], str]


def plant(desk: Desk) -> None:
    """Plant the cases of this family."""
    _units_over_total_time(desk)
    _units_over_total_time_without_line_minutes(desk)
    _units_over_code_time(desk)
    _units_on_wrong_code(desk)
    _units_missing(desk)
    _near_misses(desk)
    _near_misses_of_the_visit(desk)


def _findings(desk: Desk, rule_id: str, cases: list[_Case], direction: str = "over") -> None:
    for payer, role, lines, units, why in cases:
        claim = desk.visit(payer, lines, role)
        at_risk = {claim.lines[place]: taken for place, taken in units.items()}
        if rule_id == "TIM001":  # over all codes of the visit, not only where the surplus stands
            at_risk = cheapest(claim.lines, sum(units.values()))
        desk.finding(rule_id, at_risk, why, "visit", direction)


def _units_over_total_time(desk: Desk) -> None:
    cases: list[_Case] = [
        ("MCR", "PT", [svc("97140", 2, 20), svc("97110", 2, 18)], {1: 1},
         "38 minutes support 3 units, 4 billed; the cheapest unit is on 97140"),
        ("MCR", "PT", [svc("97110", 2, 22)], {0: 1}, "22 minutes support 1 unit, 2 billed"),
        ("MA", "PT", [svc("97112", 3, 37)], {0: 1}, "37 minutes support 2 units, 3 billed"),
        ("MCD", "PT", [svc("97530", 3, 30), svc("97110", 1, 15)], {0: 1}, "45 minutes support 3 units, 4 billed"),
        ("MCR", "PT", [svc("97110", 2, 16), svc("97112", 2, 15), svc("97140", 1, 14)], {0: 1, 1: 1},
         "45 minutes support 3 units, 5 billed: the cheapest are those of 97140 and one of 97110"),
        ("UHC", "PT", [svc("97110", 2, 20), svc("97140", 2, 17)], {0: 1, 1: 1},
         "37 minutes support 2 units under either method, 4 billed"),
        ("BCBS", "PT", [svc("97110", 3, 24), svc("97112", 2, 23)], {0: 1},
         "total time gives 3 units, the midpoint 2 + 2; 5 billed, more than any method allows"),
        ("MCR", "OT", [svc("97535", 2, 25), svc("97530", 1, 12)], {0: 1},
         "37 minutes support 2 units, 3 billed; the cheapest unit is on 97535"),
        ("WC", "PT", [svc("97110", 4, 37)], {0: 2}, "37 minutes support 2 units under either method, 4 billed"),
        ("MA", "PTA", [svc("97116", 2, 21)], {0: 1}, "21 minutes support 1 unit, 2 billed, by an assistant"),
    ]  # fmt: skip
    _findings(desk, "TIM001", cases)
    first = desk.visit("MCD", [svc("97110", 1, 20)])
    second = desk.second(first, [svc("97112", 2, 17)])
    why = "two claims of one visit: 37 minutes support 2 units, 3 billed; the cheapest unit is on 97110"
    desk.finding("TIM001", cheapest(first.lines + second.lines, 1), why, "visit")


def _hide_minutes(claim: Claim) -> Claim:
    for line in claim.lines:
        line.minutes = None
    return claim


def _units_over_total_time_without_line_minutes(desk: Desk) -> None:
    claim = _hide_minutes(desk.visit("MCR", [svc("97110", 2, 26), svc("97530", 2, 26)]))
    why = "only the visit total, 52 minutes, is recorded: 3 units, 4 billed; the cheapest unit is on 97110"
    desk.finding("TIM001", {claim.lines[0]: 1}, why, "visit")
    claim = _hide_minutes(desk.visit("WC", [svc("97110", 3, 22), svc("97140", 2, 18)]))
    why = "visit total 40 minutes: no split over two codes earns more than 3 units, 5 billed; both 97140 units are cheapest"
    desk.finding("TIM001", {claim.lines[1]: 2}, why, "visit")
    claim = _hide_minutes(desk.visit("MA", [svc("97112", 2, 22)]))
    desk.finding("TIM001", {claim.lines[0]: 1}, "visit total 22 minutes supports 1 unit, 2 billed", "visit")


def _units_over_code_time(desk: Desk) -> None:
    cases: list[_Case] = [
        ("AET", "PT", [svc("97110", 2, 20)], {0: 1}, "20 minutes reach the first midpoint only: 1 unit, 2 billed"),
        ("AET", "PT", [svc("97140", 2, 22)], {0: 1}, "22 minutes are the last that earn 1 unit, 2 billed"),
        ("AET", "PT", [svc("97110", 2, 20), svc("97112", 1, 20)], {0: 1},
         "the payer counts each code alone: 20 minutes of 97110 earn 1 unit, 2 billed, though 40 minutes in all would earn 3"),
        ("AET", "OT", [svc("97530", 3, 37)], {0: 1}, "37 minutes earn 2 units, 3 billed"),
        ("AET", "MT", [svc("97124", 4, 52)], {0: 1}, "52 minutes earn 3 units, 4 billed"),
        ("AET", "PT", [svc("97112", 2, 15), svc("97116", 2, 22)], {0: 1, 1: 1}, "both codes: 1 unit earned, 2 billed"),
        ("AET", "PTA", [svc("97110", 1, 7), svc("97112", 2, 25)], {0: 1}, "7 minutes of 97110 earn no unit, 1 billed"),
        ("AET", "PT", [svc("97110", 1, 10), svc("97110", 1, 8, "CQ")], {1: 1},
         "97110 on two lines, 18 minutes together: 1 unit earned, 2 billed"),
    ]  # fmt: skip
    _findings(desk, "TIM002", cases)


def _units_on_wrong_code(desk: Desk) -> None:
    cases: list[tuple[str, str, list[Line], dict[int, int], dict[int, int], str]] = [
        ("MCR", "PT", [svc("97530", 2, 15), svc("97110", 1, 30)], {0: 1}, {1: 1}, "one unit of 97530 belongs to 97110"),
        ("MCR", "PT", [svc("97112", 2, 20), svc("97110", 1, 30)], {0: 1}, {1: 1}, "one unit of 97112 belongs to 97110"),
        ("MA", "PT", [svc("97110", 2, 12), svc("97140", 1, 33)], {0: 1}, {1: 1}, "one unit of 97110 belongs to 97140"),
        ("MCD", "PT", [svc("97140", 2, 15), svc("97530", 1, 30)], {0: 1}, {1: 1},
         "one unit of 97140 belongs to 97530, which pays more: no dollars at risk"),
        ("MCR", "OT", [svc("97535", 2, 16), svc("97530", 1, 29)], {0: 1}, {1: 1},
         "one unit of 97535 belongs to 97530, which pays more: no dollars at risk"),
        ("MCD", "PT", [svc("97530", 3, 30), svc("97110", 1, 16), svc("97112", 1, 29)], {0: 1}, {2: 1},
         "one unit of 97530 belongs to 97112"),
        ("MA", "PTA", [svc("97530", 2, 15), svc("97112", 2, 15), svc("97110", 1, 45)], {0: 1, 1: 1}, {2: 2},
         "one unit of 97530 and one of 97112 belong to 97110"),
        ("MCR", "PT", [svc("97116", 2, 15), svc("97140", 1, 25)], {0: 1}, {1: 1}, "one unit of 97116 belongs to 97140"),
    ]  # fmt: skip
    for payer, role, lines, wrong, right, why in cases:
        claim = desk.visit(payer, lines, role)
        desk.misplaced("TIM003", claim, wrong, right, why)


def _units_missing(desk: Desk) -> None:
    cases: list[_Case] = [
        ("MCR", "PT", [svc("97110", 2, 38)], {0: 1}, "38 minutes earn 3 units, 2 billed"),
        ("MCR", "PT", [svc("97140", 1, 23)], {0: 1}, "23 minutes earn 2 units, 1 billed"),
        ("MA", "PT", [svc("97110", 1, 30), svc("97112", 2, 30)], {0: 1}, "60 minutes earn 4 units, 3 billed; 97110 is cheapest"),
        ("AET", "PT", [svc("97110", 1, 23)], {0: 1}, "23 minutes of the code earn 2 units, 1 billed"),
        ("AET", "PT", [svc("97112", 2, 38), svc("97140", 1, 25)], {1: 2}, "one unit missing on each code; 97140 is cheapest"),
        ("UHC", "PT", [svc("97110", 1, 30), svc("97112", 1, 30)], {0: 2}, "4 units under either method, 2 billed"),
        ("BCBS", "PT", [svc("97110", 1, 24), svc("97112", 1, 23)], {0: 1}, "3 units by total time, 4 by midpoint, 2 billed"),
        ("WC", "OT", [svc("97530", 3, 53)], {0: 1}, "53 minutes earn 4 units under either method, 3 billed"),
        ("MCD", "PTA", [svc("97110", 2, 40)], {0: 1}, "40 minutes earn 3 units, 2 billed"),
    ]  # fmt: skip
    _findings(desk, "TIM004", cases, "under")
    claim = _hide_minutes(desk.visit("MCD", [svc("97110", 2, 33), svc("97530", 1, 20)]))
    desk.finding("TIM004", {claim.lines[0]: 1}, "visit total 53 minutes earns 4 units, 3 billed", "visit", "under")


def _near_misses(desk: Desk) -> None:
    cases: list[tuple[str, str, str, list[Line], str]] = [
        ("TIM001", "MCR", "PT", [svc("97110", 2, 23)], "23 minutes are the first that support 2 units"),
        ("TIM001", "MA", "PT", [svc("97112", 3, 38)], "38 minutes are the first that support 3 units"),
        ("TIM001", "MCR", "PT", [svc("97110", 2, 33), svc("97140", 1, 7)], "40 minutes in all support 3 units"),
        ("TIM001", "MCD", "PT", [svc("97140", 2, 20), svc("97110", 1, 20)], "20 + 20 minutes support 3 units by total time"),
        ("TIM001", "BCBS", "PT", [svc("97110", 2, 24), svc("97112", 2, 23)], "total time gives 3, but the midpoint gives 2 + 2"),
        ("TIM001", "UHC", "PT", [svc("97110", 2, 20), svc("97140", 1, 20)], "the midpoint gives 2, but total time gives 3"),
        ("TIM001", "SELF", "PT", [svc("97110", 2, 20)], "self-pay: no payer's time rule applies"),
        ("TIM002", "AET", "PT", [svc("97110", 2, 23)], "23 minutes pass the second midpoint"),
        ("TIM002", "AET", "PT", [svc("97110", 2, 24), svc("97112", 2, 23)], "each code earns 2 units; this payer does not pool"),
        ("TIM002", "AET", "PT", [svc("97110", 1, 8), svc("97112", 1, 8), svc("97530", 1, 8)], "8 minutes earn a unit"),
        ("TIM002", "AET", "MT", [svc("97124", 4, 53)], "53 minutes are the first that earn 4 units"),
        ("TIM003", "MCR", "PT", [svc("97140", 1, 20), svc("97110", 2, 20)], "equal remainders: either may take the unit"),
        ("TIM003", "MCR", "PT", [svc("97112", 2, 25), svc("97140", 1, 25)], "equal remainders of 10: either code may take it"),
        ("TIM003", "MA", "PT", [svc("97110", 1, 20), svc("97112", 2, 20), svc("97530", 1, 20)], "three equal remainders"),
        ("TIM003", "MCD", "PT", [svc("97530", 2, 22), svc("97110", 1, 16)], "22 minutes have the larger remainder"),
        ("TIM003", "MCR", "PTA", [svc("97110", 1, 10), svc("97112", 1, 13), svc("97140", 1, 15)], "every code may hold one unit"),
        ("TIM003", "SELF", "PT", [svc("97530", 2, 15), svc("97110", 1, 30)], "self-pay: no payer's time rule applies"),
        ("TIM003", "UHC", "PT", [svc("97530", 2, 15), svc("97110", 1, 30)], "the payer has stated no method of allocation"),
        ("TIM004", "MCR", "PT", [svc("97110", 2, 37)], "37 minutes are the last that earn 2 units"),
        ("TIM004", "MCD", "PT", [svc("97140", 1, 22)], "22 minutes are the last that earn 1 unit"),
        ("TIM004", "UHC", "PT", [svc("97110", 1, 20), svc("97140", 1, 20)], "total time would give 3, the midpoint gives 2"),
        ("TIM004", "BCBS", "PT", [svc("97110", 2, 24), svc("97112", 1, 23)], "the midpoint would give 4, total time gives 3"),
        ("TIM004", "SELF", "PT", [svc("97110", 1, 45)], "self-pay: no payer's time rule applies"),
    ]  # fmt: skip
    for rule_id, payer, role, lines, why in cases:
        desk.decoy(rule_id, desk.visit(payer, lines, role).lines[0], why)


def _near_misses_of_the_visit(desk: Desk) -> None:
    split = desk.visit("MCR", [svc("97110", 1, 15, "CQ"), svc("97110", 1, 8)])
    desk.decoy("TIM001", split.lines[0], "one code on a CQ line and a line without: 23 minutes together support 2 units")
    total = desk.visit("UHC", [svc("97110", 3, 34)], timed_total=38)
    desk.decoy("TIM001", total.lines[0], "the visit's own total, 38 minutes, supports 3 units; the larger record counts")
    smaller = desk.visit("BCBS", [svc("97110", 2, 38)], timed_total=37)
    desk.decoy("TIM004", smaller.lines[0], "the visit's own total, 37 minutes, earns 2 units; the smaller record counts")
    unsplit = _hide_minutes(desk.visit("WC", [svc("97110", 2, 20), svc("97140", 1, 20)]))
    desk.decoy("TIM001", unsplit.lines[0], "only the visit total, 40 minutes, is recorded and supports the 3 units billed")
    clocked = _hide_minutes(desk.visit("AET", [svc("97110", 2, 10), svc("97112", 1, 12)]))
    desk.finding("TIM002", {clocked.lines[0]: 1}, "10 minutes by the clock earn 1 unit at most, 2 billed", "visit")
    blind = _hide_minutes(desk.visit("AET", [svc("97110", 2, 10), svc("97112", 1, 12)]))
    for line in blind.lines:
        line.show_clock = False
    desk.decoy("TIM002", blind.lines[0], "minutes by code are not recorded: the midpoint cannot be checked")
    cognitive = desk.visit("MCR", [svc("97129", 1, 15), svc("97130", 1, 15), svc("97535", 2, 30)], "OT")
    desk.decoy("TIM001", cognitive.lines[2], "first and further codes stand in the visit's total: 60 minutes support 4 units")
