"""CLM001 and final action: duplicates, and what only looks like one (repeats, voids, replacements, reversals).

Duplicates stand on visits that record no visit total: each copy carries its own minutes, so no other rule is disturbed.
"""

from practice.desk import Desk, cheapest, copy_of, svc
from practice.records import Claim, Line


def plant(desk: Desk) -> None:
    """Plant the cases of this family."""
    _resubmitted(desk)
    _twice_on_one_claim(desk)
    _repeats_in_order(desk)
    _voided(desk)
    _replaced(desk)
    _taken_back(desk)


def _without_totals(claim: Claim) -> Claim:
    claim.timed_total = claim.visit_total = None
    return claim


def _resubmitted(desk: Desk) -> None:
    cases: list[tuple[str, str, list[Line]]] = [
        ("UHC", "PT", [svc("97110", 2), svc("97112", 1)]),
        ("BCBS", "PT", [svc("97140", 2)]),
        ("AET", "MT", [svc("97124", 2)]),
        ("MCD", "OT", [svc("97530", 2)]),
        ("SELF", "PT", [svc("97110", 1)]),
        ("MA", "PT", [svc("97116", 1), svc("97110", 1)]),
    ]
    for payer, role, lines in cases:
        first = _without_totals(desk.visit(payer, lines, role))
        again = desk.again(first).lines
        for line in again:
            desk.finding("CLM001", line, "the whole claim was sent a second time under a new number")
        if payer != "SELF":
            surplus = cheapest(first.lines + again, sum(line.units for line in again))
            why = "both claims give the patient the same minutes: half of the units have no time of their own"
            desk.finding("TIM013", dict.fromkeys(again, 0) | surplus, why, "patient")


def _twice_on_one_claim(desk: Desk) -> None:
    for payer, role, code, modifiers in (("WC", "PT", "97110", ""), ("MA", "PT", "97530", "KX"), ("BCBS", "DC", "97032", "")):
        claim = _without_totals(desk.visit(payer, [svc("97112", 1), svc(code, 1, mods=modifiers)], role))
        twin = copy_of(claim.lines[1])
        twin.modifiers.reverse()
        twin.claim = claim
        claim.lines.append(twin)
        for line in claim.lines:  # with clock times the second would follow the first, another session
            line.show_clock = False
        desk.finding("CLM001", twin, f"{code} stands twice on one claim, the same in everything that counts")


def _repeats_in_order(desk: Desk) -> None:
    for modifier, why in (("76", "76 says that the service was repeated"), ("77", "77: repeated by another")):
        claim = _without_totals(desk.visit("UHC", [svc("97110", 1)]))
        repeated = desk.again(claim, [svc("97110", 1, mods=modifier)]).lines[0]
        claim.lines[0].show_clock = repeated.show_clock = False
        desk.decoy("CLM001", repeated, why)
    split = desk.visit("MCR", [svc("97530", 1, mods="CQ"), svc("97530", 1)])
    desk.decoy("CLM001", split.lines[1], "one line by the assistant, one by the therapist")
    other_units = desk.visit("BCBS", [svc("97110", 1), svc("97110", 2)])
    desk.decoy("CLM001", other_units.lines[1], "different units")
    first = desk.visit("AET", [svc("97016"), svc("97530", 2)])
    desk.decoy("CLM001", desk.second(first, [svc("97016")], "OT").lines[0], "another provider's service")
    denied = desk.denied(_without_totals(desk.visit("BCBS", [svc("97112", 2)])))
    again = desk.again(denied, [svc("97112", 2)])
    again.status = "paid"
    desk.decoy("CLM001", again.lines[0], "the first claim was denied; this is the resubmission")
    for payer in ("UHC", "BCBS"):
        secondary = desk.again(desk.visit("MCR", [svc("97110", 2)]), [svc("97110", 2)], payer=payer)
        desk.decoy("CLM001", secondary.lines[0], "the secondary payer's claim for the same treatment")
    for payer in ("MCR", "UHC", "WC"):
        line = desk.visit(payer, [svc("97140", 2), svc("97110", 1)]).lines[0]
        desk.repeated_rows.append(line)
        desk.decoy("CLM001", line, "the very same row twice: the export repeats itself, the claim was sent once")


def _voided(desk: Desk) -> None:
    cases: list[tuple[str, str, str, list[Line]]] = [
        ("TIM001", "MCR", "PT", [svc("97110", 3, 22)]),
        ("MED001", "MCR", "PT", [svc("97124", 2)]),
        ("MOD001", "UHC", "PT", [svc("97140", 1, mods="59")]),
        ("MAN003", "UHC", "PT", [svc("97140", 1), svc("97124", 1)]),
        ("MED003", "MCR", "OT", [svc("97535", 1)]),
        ("MOD008", "UHC", "PT", [svc("97012"), svc("97140", 1)]),
        ("TIM006", "BCBS", "DC", [svc("98941", 2)]),
    ]
    for rule_id, payer, role, lines in cases:
        claim = desk.visit(payer, lines, role)
        if rule_id == "MED003":
            claim.lines[0].modifiers.clear()
        desk.denied(desk.again(claim, frequency="8"))
        desk.decoy(rule_id, claim.lines[-1], "the claim was voided")


def _replaced(desk: Desk) -> None:
    cases: list[tuple[str, str, list[Line], list[Line]]] = [
        ("TIM001", "MCR", [svc("97110", 3, 30)], [svc("97110", 2, 30)]),
        ("TIM001", "MA", [svc("97530", 2, 20)], [svc("97530", 1, 20)]),
        ("TIM002", "AET", [svc("97112", 2, 20)], [svc("97112", 1, 20)]),
        ("TIM004", "BCBS", [svc("97110", 1, 31)], [svc("97110", 2, 31)]),
        ("MOD002", "UHC", [svc("97110", 1), svc("97140", 1, mods="59")], [svc("97110", 1), svc("97140", 1)]),
        ("MED001", "MCR", [svc("97110", 1), svc("97124", 1)], [svc("97110", 2, 30)]),
    ]
    for rule_id, payer, wrong, right in cases:
        claim = desk.visit(payer, wrong)
        desk.again(claim, right, frequency="7")
        desk.decoy(rule_id, claim.lines[-1], "a replacement took the place of this claim")
    worse = desk.again(desk.visit("MCD", [svc("97110", 2, 30)]), [svc("97110", 3, 30)], frequency="7")
    desk.finding("TIM001", {worse.lines[0]: 1}, "the replacement bills 3 units; 30 minutes support 2", "visit")
    worse = desk.again(desk.visit("UHC", [svc("97530", 1), svc("97140", 1)]), [svc("97530", 1), svc("97140", 1, mods="59")], "7")
    desk.no_dollars("MOD002", worse.lines[1], "the replacement adds a 59 that bypasses nothing")


def _taken_back(desk: Desk) -> None:
    cases: list[tuple[str, str, str, list[Line]]] = [
        ("TIM001", "MA", "PT", [svc("97110", 2, 21)]),
        ("MOD003", "UHC", "PT", [svc("97140", 1), svc("97124", 1, mods="59")]),
        ("MED001", "MCR", "OT", [svc("97124", 2)]),
        ("CLM001", "BCBS", "MT", [svc("97124", 2)]),
    ]
    for rule_id, payer, role, lines in cases:
        claim = desk.visit(payer, lines, role)
        desk.decoy(rule_id, claim.lines[-1], "the payment was taken back: the two rows cancel")
        desk.reversal(claim)
        if rule_id == "CLM001":
            desk.again(claim)
