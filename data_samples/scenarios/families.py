"""TIM015, CLM006, CLM007, MED013 to MED018: further codes, evaluations, assistants and disciplines."""

from practice.book import working_days
from practice.desk import Desk, cheapest, svc
from practice.people import new_patient
from practice.records import Expected, Line


def plant(desk: Desk) -> None:
    """Plant the cases of this family."""
    for payer, minutes, units, surplus in (("MCR", 30, 2, 1), ("MA", 15, 2, 2), ("UHC", 23, 2, 1)):
        claim = desk.visit(payer, [svc("97129", 1, 15), svc("97130", units, minutes - 15 or 1)], "OT")
        why = f"{claim.lines[1].units + 1} units of one service billed, its minutes support {units + 1 - surplus}"
        for rule_id in ("TIM015", "TIM001"):
            desk.finding(rule_id, cheapest(claim.lines, surplus), why, "visit")
    claim = desk.visit("MCR", [svc("97129", 1, 15), svc("97130", 2, 30)], "OT")
    desk.decoy("TIM015", claim.lines[1], "45 minutes support the first code and two further ones")
    desk.decoy("CLM006", claim.lines[1], "its first code stands beside it")
    for payer in ("UHC", "MCD"):
        line = desk.visit(payer, [svc("97130", 1, 15), svc("97535", 2)], "OT").lines[0]
        desk.finding("CLM006", line, "97130 without the 97129 that comes first")
    _evaluations(desk)
    for place, payer in (("31", "MCR"), ("21", "MCR"), ("12", "MCR"), ("31", "BCBS")):
        claim = desk.visit(payer, [svc("97110", 2)])
        claim.place = place
        if place == "12" or payer != "MCR":
            desk.decoy("MED020", claim.lines[0], "at home, or not Medicare")
        else:
            desk.no_dollars("MED020", claim.lines[0], f"a private practice in place {place}: the facility's therapy", "none")
    for diagnosis, code in ((None, "97110"), ("Z00.00", "97112"), ("Z02.1", "97750")):
        claim = desk.visit("UHC", [svc(code, 2)])
        claim.diagnosis = diagnosis
        if code == "97750":
            desk.decoy("DOC005", claim.lines[0], "a test of performance needs no illness")
        else:
            desk.no_dollars("DOC005", claim.lines[0], "no diagnosis of an illness under therapy", "none")
    _assistants(desk)
    for code, modifiers in (("98941", ""), ("98940", "")):
        line = desk.visit("MCR", [svc(code, mods=modifiers)], "DC").lines[0]
        desk.finding("MED015", line, "an adjustment without AT is maintenance")
    line = _unpaid_line(desk, "98941", "GY")
    desk.decoy("MED015", line, "billed to be denied")
    for payer, code in (("BCBS", "97140"), ("MCR", "97140"), ("UHC", "97032")):
        line = desk.visit(payer, [svc(code, 2, mods="95"), svc("97110", 1)]).lines[0]
        desk.finding("MED016", line, "hands do not reach through a screen")
    line = desk.visit("BCBS", [svc("97110", 2, mods="95")]).lines[0]
    desk.decoy("MED016", line, "exercise may be given by telehealth")


def _unpaid_line(desk: Desk, code: str, modifiers: str) -> Line:
    line = desk.visit("MCR", [svc(code, mods=modifiers)], "DC").lines[0]
    line.allowed = line.paid = 0
    return line


def _evaluations(desk: Desk) -> None:
    """A first evaluation on the thirtieth day is too soon, on the thirty-first it is not."""
    days = working_days()
    for serial, gap in ((63_201, 4), (63_202, 9)):
        patient = new_patient(serial, "BCBS", "knee")
        desk.own_visit(patient, "PT2", days[10], [svc("97161"), svc("97110", 1)])
        again = desk.own_visit(patient, "PT2", days[10 + gap], [svc("97162"), svc("97110", 1)])
        desk.no_dollars("CLM007", again.lines[0], "a second first evaluation within 30 days, no other diagnosis")
    patient = new_patient(63_203, "BCBS", "knee")
    desk.own_visit(patient, "PT2", days[2], [svc("97161"), svc("97110", 1)])
    later = desk.own_visit(patient, "PT2", days[40], [svc("97161"), svc("97110", 1)])
    desk.decoy("CLM007", later.lines[0], "weeks later, a new course")
    for role, modifier, code in (("PT", "GO", "97161"), ("OT", "GP", "97165")):
        line = svc(code, mods=modifier)
        line.plan = False
        desk.no_dollars("MED018", desk.visit("BCBS", [line], role).lines[0], f"{code} with {modifier}")
    desk.decoy("MED018", desk.visit("BCBS", [svc("97162"), svc("97110", 1)]).lines[0], "with GP, as it should be")


def _assistants(desk: Desk) -> None:
    for code, units in (("97110", 2), ("97112", 1)):
        line = desk.visit("MCR", [svc(code, units)], "PTA").lines[0]
        desk.decoy("MED014", line, "CQ with GP")
        line = desk.visit("MCR", [svc(code, units)], "PTA").lines[0]
        line.modifiers.remove("CQ")
        cents = (15 * line.paid + 50) // 100
        desk.expected.append(
            Expected("MED013", "line", ((line, cents),), "over", "an assistant's line without CQ: 15 % of the payment")
        )
    desk.decoy("MED013", desk.visit("BCBS", [svc("97110", 2)], "PTA").lines[0], "this payer does not ask for CQ")
    for payer in ("BCBS", "UHC"):
        line = desk.visit(payer, [svc("97164"), svc("97110", 1)], "PTA").lines[0]
        desk.finding("MED017", line, "an assistant may not evaluate")
    desk.decoy("MED017", desk.visit("UHC", [svc("97164"), svc("97110", 1)]).lines[0], "by a physical therapist")
