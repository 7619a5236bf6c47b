"""TIM007, TIM011 and CLM002: units beyond the medically unlikely edit, minutes sent as units, codes split over lines.

Visits with more units than the edit have the minutes for them, so that no rule of time is disturbed.
"""

from decimal import Decimal

from practice.desk import Desk, cheapest, svc
from practice.records import FILL, Line


def plant(desk: Desk) -> None:
    """Plant the cases of this family."""
    _over_the_edit(desk)
    _at_the_edit(desk)
    _implausible(desk)
    _split(desk)
    _not_split(desk)


def _over_the_edit(desk: Desk) -> None:
    cases: list[tuple[str, str, list[Line], int | None, str]] = [
        ("MCR", "PT", [svc("97112", 5)], None, "5 units where the edit is 4: Medicare denies the whole day of the code"),
        ("MCR", "OT", [svc("97530", 7)], None, "7 units where the edit is 6: Medicare denies the whole day of the code"),
        ("UHC", "MT", [svc("97124", 6)], 2, "6 units where the edit is 4"),
        ("MA", "PT", [svc("97116", 5)], 1, "5 units where the edit is 4"),
        ("UHC", "PT", [svc("97110", 7)], 1, "7 units where the edit is 6"),
        ("MA", "OT", [svc("97140", 8)], 2, "8 units where the edit is 6"),
    ]
    for payer, role, lines, over, why in cases:
        desk.finding("TIM007", {desk.visit(payer, lines, role).lines[0]: over}, why)
    claim = desk.visit("UHC", [svc("97112", 3), svc("97112", 2, mods="CQ")])
    why = "5 units of 97112 on two lines of one day where the edit is 4; the cheapest unit is over"
    desk.finding("TIM007", cheapest(claim.lines, 1), why)


def _at_the_edit(desk: Desk) -> None:
    for payer, code, units in (("MCR", "97110", 6), ("UHC", "97112", 4), ("MA", "97535", 8)):
        line = desk.visit(payer, [svc(code, units)], "OT" if code == "97535" else "PT").lines[0]
        desk.decoy("TIM007", line, f"{units} units are what the edit allows")
    for payer, code, units in (("WC", "97140", 8), ("MCD", "97110", 7), ("BCBS", "97112", 5)):
        line = desk.visit(payer, [svc(code, units)]).lines[0]
        desk.decoy("TIM007", line, "more than Medicare's edit, but the payer is not known to apply it")
    first = desk.visit("UHC", [svc("97110", 4)], provider="PT3")
    other = desk.second(first, [svc("97110", 3)], "OT")
    desk.decoy("TIM007", other.lines[0], "another provider's units of the same code")


def _implausible(desk: Desk) -> None:
    for payer, minutes in (("UHC", 30), ("MA", 15), ("BCBS", 45)):
        line = desk.visit(payer, [svc("97110", minutes // 15)]).lines[0]
        line.units = minutes
        desk.no_dollars("TIM011", line, f"{minutes} units: the minutes were sent as units")
        for rule_id in ("TIM001", "TIM007"):
            desk.decoy(rule_id, line, "the units look like minutes: how many units were meant is not known")
    for payer, units, why in (("WC", "0", "zero"), ("UHC", "0.5", "half a unit"), ("AET", "-1", "less than none")):
        line = desk.visit(payer, [svc("97110", 2), svc("97016")]).lines[1]
        line.units_shown = Decimal(units)
        desk.no_dollars("TIM011", line, f"{why}: no number of units that can be billed")
    for payer, code, units in (("WC", "97110", 4), ("MCR", "97140", 4)):
        desk.decoy("TIM011", desk.visit(payer, [svc(code, units)]).lines[0], "an hour of treatment, billed as 4 units")


def _split(desk: Desk) -> None:
    cases: list[tuple[str, list[Line], str]] = [
        ("PT", [svc("97110", 2), svc("97110", 1)], "97110 stands on two lines of one date, 2 units and 1"),
        ("PT", [svc("97530", 1), svc("97112", 1), svc("97530", 2)], "97530 stands on two lines of one date, 1 unit and 2"),
        ("OT", [svc("97535", 1), svc("97535", 2)], "97535 stands on two lines of one date, 1 unit and 2"),
        ("PTA", [svc("97116", 2), svc("97116", 1)], "both lines are the assistant's: CQ does not part them"),
    ]
    for role, lines, why in cases:
        desk.no_dollars("CLM002", desk.visit("MCR", lines, role).lines[-1], why)
    first = desk.visit("MCR", [svc("97112", 2)])
    second = desk.second(first, [svc("97112", 1)])
    desk.no_dollars("CLM002", second.lines[0], "97112 stands on two claims of one visit, 2 units and 1")


def _not_split(desk: Desk) -> None:
    assistant = desk.visit("MCR", [svc("97110", 2), svc("97110", 1, mods="CQ")])
    desk.decoy("CLM002", assistant.lines[1], "CQ: the part that the assistant gave stands on a line of its own")
    repeated = desk.visit("MCR", [svc("97530", 2), svc("97530", 1, mods="76")])
    desk.decoy("CLM002", repeated.lines[1], "76 says that the service was repeated")
    for payer in ("BCBS", "MA"):
        other = desk.visit(payer, [svc("97110", 2), svc("97110", 1)])
        desk.decoy("CLM002", other.lines[1], "not Medicare Part A or B")
    first = desk.visit("MCR", [svc("97530", 2)], provider="PT1")
    other = desk.second(first, [svc("97530", 1)], "OT")
    first.timed_total = first.visit_total = other.timed_total = other.visit_total = FILL
    desk.decoy("CLM002", other.lines[0], "another provider's service")
