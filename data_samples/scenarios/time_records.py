"""TIM005 and TIM006: timed codes without any time, untimed codes with more than one unit.

Every untimed code's medically unlikely edit is 1: for payers that apply the edits TIM006 cases are cases of TIM007 too.
"""

from practice.desk import Desk, svc
from practice.records import Claim, Line


def plant(desk: Desk) -> None:
    """Plant the cases of this family."""
    _no_minutes(desk)
    _minutes_elsewhere(desk)
    _untimed_units(desk)
    _untimed_near_misses(desk)


def _strip(claim: Claim, lines: list[Line]) -> None:
    claim.timed_total = claim.visit_total = None
    for line in lines:
        line.minutes, line.show_clock = None, False


def _no_minutes(desk: Desk) -> None:
    cases: list[tuple[str, str, list[Line], tuple[int, ...]]] = [
        ("UHC", "PT", [svc("97110", 2)], (0,)),
        ("AET", "PT", [svc("97110", 1), svc("97112", 1)], (0, 1)),
        ("BCBS", "PT", [svc("97530", 2), svc("97110", 1)], (0,)),
        ("WC", "OT", [svc("97535", 1), svc("97530", 1)], (1,)),
        ("MCD", "PT", [svc("97112", 2)], (0,)),
        ("MA", "PTA", [svc("97116", 1)], (0,)),
        ("BCBS", "MT", [svc("97124", 3)], (0,)),
        ("UHC", "DC", [svc("98941"), svc("97110", 1)], (1,)),
    ]
    for payer, role, lines, blank in cases:
        claim = desk.visit(payer, lines, role)
        _strip(claim, [claim.lines[place] for place in blank])
        for place in blank:
            line = claim.lines[place]
            desk.no_dollars("TIM005", line, f"{line.code} is timed; no minutes or clock times on line or visit", "none")


def _minutes_elsewhere(desk: Desk) -> None:
    for payer, role, code in (("MCR", "PT", "97110"), ("MA", "PT", "97112"), ("UHC", "MT", "97124")):
        claim = desk.visit(payer, [svc(code, 2)], role)
        claim.lines[0].minutes, claim.lines[0].show_clock = None, False
        desk.decoy("TIM005", claim.lines[0], "the line has no minutes, but the visit's timed total does")
    for payer, role, code in (("MCR", "DC", "98941:AT"), ("BCBS", "PT", "97012"), ("AET", "PT", "97161")):
        procedure, _, modifier = code.partition(":")
        claim = desk.visit(payer, [svc(procedure, mods=modifier)], role)
        desk.decoy("TIM005", claim.lines[0], "not a timed code: it needs no minutes")


def _untimed_units(desk: Desk) -> None:
    cases: list[tuple[str, str, list[Line], str]] = [
        ("MCR", "PT", [svc("97110", 1), svc("G0283", 2)], "unattended stimulation is untimed: 1 unit a day, 2 billed"),
        ("UHC", "PT", [svc("97110", 2), svc("97012", 2)], "mechanical traction is untimed: 1 unit a day, 2 billed"),
        ("BCBS", "DC", [svc("98941", 2)], "a spinal adjustment is billed once, not by the quarter hour"),
        ("MCD", "PT", [svc("97161", 3)], "a 45-minute evaluation is 1 unit, billed as 3"),
        ("MA", "PT", [svc("G0283", 2), svc("97112", 2)], "unattended stimulation is untimed: 1 unit a day, 2 billed"),
        ("WC", "PT", [svc("97016", 4), svc("97110", 1)], "vasopneumatic compression is untimed: 1 unit a day, 4 billed"),
        ("AET", "OT", [svc("97168", 2)], "a re-evaluation is 1 unit, billed as 2"),
    ]
    for payer, role, lines, why in cases:
        claim = desk.visit(payer, lines, role)
        line = max(claim.lines, key=lambda one: (one.minutes is None, one.units))
        _over_one(desk, line, line.units - 1, why)
    claim = desk.visit("BCBS", [svc("97110", 2), svc("97016"), svc("97016", mods="CQ")])
    _over_one(desk, claim.lines[2], 1, "97016 on two lines of one day, one by the assistant: 2 units, 1 a day")


def _over_one(desk: Desk, line: Line, extra: int, why: str) -> None:
    desk.finding("TIM006", {line: extra}, why)
    payer = line.home.payer
    if payer in {"MCR", "MA", "UHC"}:
        desk.finding("TIM007", {line: None if payer == "MCR" else extra}, f"{why}; the medically unlikely edit is 1")


def _untimed_near_misses(desk: Desk) -> None:
    pair = desk.visit("BCBS", [svc("97012"), svc("G0283"), svc("97110", 1)])
    desk.decoy("TIM006", pair.lines[0], "two different untimed codes, one unit each")
    timed = desk.visit("MCR", [svc("97035", 1, 14), svc("97032", 2, 24)])
    desk.decoy("TIM006", timed.lines[1], "attended stimulation is timed: 2 units of 24 minutes")
    first = desk.visit("UHC", [svc("97016"), svc("97110", 2)])
    other = desk.second(first, [svc("97016")], "OT")
    desk.decoy("TIM006", other.lines[0], "the same untimed code by another provider the same day")
    for payer, code in (("MCR", "97163"), ("MA", "97016")):
        desk.decoy("TIM006", desk.visit(payer, [svc(code), svc("97110", 1)]).lines[0], "an untimed code billed once")
