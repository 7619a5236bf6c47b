"""MAN006 and MAN008: manual therapy by massage therapists, and massage that was denied and came back as manual therapy."""

from practice.desk import Desk, Line, svc
from practice.people import BY_KEY
from practice.records import Claim


def plant(desk: Desk) -> None:
    """Plant the cases of this family."""
    _by_massage_therapists(desk)
    _rebilled(desk)
    _replaced(desk)
    _not_rebilled(desk)


def _by_massage_therapists(desk: Desk) -> None:
    for payer, key in (("UHC", "MT1"), ("BCBS", "MT2"), ("AET", "MT1"), ("WC", "MT2"), ("SELF", "MT1")):
        line = desk.visit(payer, [svc("97140", 2)], "MT", provider=key).lines[0]
        desk.no_dollars("MAN006", line, "manual therapy by a massage therapist; the payer has a rule of its own", "none")
    for role, lines in (("PT", [svc("97140", 2)]), ("OT", [svc("97140", 1)])):
        claim = desk.visit("MCR", lines, role)
        claim.provider = BY_KEY["MT1"]
        desk.finding("MAN006", claim.lines[0], "Medicare pays nothing that a massage therapist renders")
        desk.finding("MED004", claim.lines[0], "Medicare pays nothing that a massage therapist renders")
    desk.decoy("MAN006", desk.visit("UHC", [svc("97124", 2)], "MT").lines[0], "massage by a massage therapist")
    desk.decoy("MAN006", desk.visit("UHC", [svc("97140", 2)], "PT").lines[0], "manual therapy by a physical therapist")


def _denied_then(desk: Desk, payer: str, role: str, lines: list[Line], frequency: str = "1") -> tuple[Claim, Claim]:
    first = desk.denied(desk.visit(payer, [svc("97124", 2)], role))
    second = desk.again(first, lines, frequency)
    second.status = "paid"
    return first, second


def _rebilled(desk: Desk) -> None:
    for payer, role in (("UHC", "PT"), ("MCD", "PT"), ("BCBS", "DC"), ("WC", "PT")):
        first, second = _denied_then(desk, payer, role, [svc("97140", 2)])
        desk.finding("MAN008", second.lines[0], "97124 was denied, the same visit came back as 97140")
        desk.decoy("MAN003", first.lines[0], "97124 and 97140 on one date, but 97124 was denied")
        if payer == "MCD":
            desk.finding("MED008", first.lines[0], "massage to a plan that does not cover it; denied, nothing was paid")


def _replaced(desk: Desk) -> None:
    for payer, role in (("AET", "PT"), ("BCBS", "PT")):
        _, second = _denied_then(desk, payer, role, [svc("97140", 2)], "7")
        desk.finding("MAN008", second.lines[0], "97124 was denied, its replacement bills 97140")


def _not_rebilled(desk: Desk) -> None:
    _, again = _denied_then(desk, "UHC", "PT", [svc("97124", 2)])
    desk.decoy("MAN008", again.lines[0], "sent again as what it was")
    first = desk.visit("BCBS", [svc("97110", 1), svc("97140", 1)])
    desk.decoy("MAN008", first.lines[1], "nothing was denied before it")
    paid = desk.visit("AET", [svc("97124", 2)])
    corrected = desk.again(paid, [svc("97140", 2)], "7")
    desk.decoy("MAN008", corrected.lines[0], "a replacement of massage that had been paid")
