"""MED004 to MED012: who treated, what the modifiers say of payment, whose number it is, what a payer covers and limits."""

from dataclasses import replace
from datetime import date, timedelta

from practice.book import working_days
from practice.desk import Desk, Line, svc
from practice.people import member_id, new_patient
from practice.records import Claim


def plant(desk: Desk) -> None:
    """Plant the cases of this family."""
    _wrong_hands(desk)
    _chiropractors(desk)
    _contradictions(desk)
    _wrong_numbers(desk)
    _not_covered(desk)
    _daily_limit(desk)
    _yearly_limit(desk)
    _filed_late(desk)
    _threshold(desk)
    _two_thresholds(desk)
    _invalid_codes(desk)


def _unpaid(claim: Claim) -> Claim:
    for line in claim.lines:
        line.allowed = line.paid = 0
    return claim


def _wrong_hands(desk: Desk) -> None:
    patient = new_patient(17001, "MCR", "low back")
    days = working_days()
    for day, key, code, units in ((days[5], "MT1", "97110", 2), (days[9], "MT2", "97530", 1), (days[14], "MT1", "97112", 2)):
        line = desk.own_visit(patient, key, day, [svc(code, units, mods="GP")]).lines[0]
        desk.finding("MED004", line, f"{code} to Medicare by a massage therapist")
    line = desk.own_visit(patient, "MT2", days[19], [svc("97124", 2, mods="GP")]).lines[0]
    desk.finding("MED004", line, "97124 to Medicare by a massage therapist")
    desk.finding("MED001", line, "97124 sent to Medicare: by a massage therapist, the only code of the day")
    line = _unpaid(desk.own_visit(patient, "MT1", days[24], [svc("97124", 2, mods="GP GY")])).lines[0]
    desk.decoy("MED004", line, "by a massage therapist, but billed to be denied, and nothing was paid")
    line = desk.own_visit(new_patient(17002, "MA", "neck"), "MT1", days[7], [svc("97124", 2, mods="GP")]).lines[0]
    desk.decoy("MED004", line, "an Advantage plan: the rule is Medicare's own")
    desk.decoy("MED004", desk.visit("MCR", [svc("97110", 2)], "PTA").lines[0], "an assistant works under a therapist's number")


def _chiropractors(desk: Desk) -> None:
    for code, units in (("97110", 1), ("97032", 1), ("97012", 1)):
        line = desk.visit("MCR", [svc("98941", mods="AT"), svc(code, units)], "DC").lines[1]
        desk.finding("MED005", line, f"{code} by a chiropractor to Medicare without GY")
    bare = svc("97110", 1, mods="GY")
    bare.plan = False
    claim = desk.visit("MCR", [svc("98940", mods="AT"), bare], "DC")
    bare.allowed = bare.paid = 0
    desk.no_dollars("MED005", claim.lines[1], "GY, but no plan modifier; nothing was paid")
    desk.no_dollars("MED003", claim.lines[1], "97110 is always therapy for Medicare and carries no GP, GO or GN")
    excluded = svc("97110", 1, mods="GY")
    claim = desk.visit("MCR", [svc("98941", mods="AT"), excluded], "DC")
    excluded.allowed = excluded.paid = 0
    desk.decoy("MED005", claim.lines[1], "billed to be denied with GP and GY")
    desk.decoy("MED005", claim.lines[0], "spinal adjustment is covered")
    line = desk.visit("BCBS", [svc("98941"), svc("97110", 1)], "DC").lines[1]
    desk.decoy("MED005", line, "not Medicare")


def _contradictions(desk: Desk) -> None:
    cases = (
        ("97124", "GY GZ", "never covered, and covered but not this time"),
        ("97110", "GA GZ", "a notice is on file, and none is"),
        ("97112", "GX GA", "a voluntary notice, and one that is required"),
        ("97530", "KX GA", "medical necessity confirmed, and a notice that it is doubted"),
        ("97124", "GX GZ GY", "GY and GZ on one line"),
    )
    for code, modifiers, why in cases:
        line = _unpaid(desk.visit("MCR", [svc(code, 2, mods=modifiers)])).lines[0]
        desk.no_dollars("MED006", line, why)
    line = _unpaid(desk.visit("MA", [svc("97124", 1, mods="GX GZ")])).lines[0]
    desk.no_dollars("MED006", line, "a voluntary notice, and no notice; the modifiers contradict each other for a plan too")
    line = _unpaid(desk.visit("MCR", [svc("98941", mods="AT GA")], "DC")).lines[0]
    desk.no_dollars("MED006", line, "active treatment, and a notice that it is none")
    for code, modifiers in (("97124", "GX GY"), ("97112", "GX"), ("97110", "GY"), ("97124", "GZ"), ("97530", "GA")):
        claim = desk.visit("MCR", [svc(code, 1, mods=modifiers)])
        desk.decoy("MED006", (claim if modifiers == "GA" else _unpaid(claim)).lines[0], "nothing contradicts")


def _wrong_numbers(desk: Desk) -> None:
    for payer, serial in (("BCBS", 17011), ("UHC", 17012), ("MCD", 17013), ("WC", 17014)):
        claim = desk.visit(payer, [svc("97110", 2)])
        claim.patient = replace(claim.patient, member_id=member_id("MCR", serial))
        desk.no_dollars("MED007", claim.lines[0], "a Medicare number under another payer", "none")
    for number, why in (
        ("SYNUHC017015", "a plan's number"),
        ("1SG4TE5MK73", "S is never used"),
        ("1EG4TE5MK7", "ten characters"),
    ):
        claim = desk.visit("MCR", [svc("97530", 2)])
        claim.patient = replace(claim.patient, member_id=number)
        desk.no_dollars("MED007", claim.lines[0], f"Medicare, but the number is none of Medicare's: {why}", "none")
    near = (
        ("MA", member_id("MCR", 17016), "an Advantage plan may use Medicare's number"),
        ("MCR", "1EG4-TE5-MK73", "the dashes of the card"),
        ("AET", "1ZG4TE5MK73", "shaped like a Medicare number but for the Z, which is never used"),
        ("BCBS", "0EG4TE5MK73", "shaped like a Medicare number but for the 0 at its head"),
    )
    for payer, number, why in near:
        claim = desk.visit(payer, [svc("97112", 1)])
        claim.patient = replace(claim.patient, member_id=number)
        desk.decoy("MED007", claim.lines[0], why)


def _not_covered(desk: Desk) -> None:
    for lines, place in (([svc("97124", 2)], 0), ([svc("97110", 1), svc("97124", 1)], 1)):
        line = desk.visit("MCD", lines).lines[place]
        desk.finding("MED008", line, "massage to a plan that does not cover it")
    for lines, place in (([svc("97010"), svc("97110", 2)], 0), ([svc("97112", 1), svc("97010")], 1)):
        line = desk.visit("UHC", lines).lines[place]
        desk.finding("MED008", line, "97010 to a plan that lists it as not covered")
    line = _unpaid(desk.visit("MCD", [svc("97124", 2, mods="GY")])).lines[0]
    desk.finding("MED008", line, "GY means nothing to Medicaid; nothing was paid for massage that it does not cover")
    desk.decoy("MED008", desk.visit("MCD", [svc("97140", 2)]).lines[0], "manual therapy is covered")
    desk.decoy("MED008", desk.visit("BCBS", [svc("97010"), svc("97110", 1)]).lines[0], "this plan has said nothing about 97010")
    desk.decoy("MED008", desk.visit("MA", [svc("97124", 1)]).lines[0], "this plan has said nothing about massage")


def _daily_limit(desk: Desk) -> None:
    line = desk.visit("BCBS", [svc("97530", 4)]).lines[0]
    desk.finding("MED009", {line: 1}, "4 units on one date; this plan allows 3")
    claim = desk.visit("BCBS", [svc("97530", 5), svc("97110", 1)])
    desk.finding("MED009", {claim.lines[0]: 2}, "5 units on one date; this plan allows 3")
    desk.decoy("MED009", desk.visit("BCBS", [svc("97530", 3)]).lines[0], "3 units, the last number that is allowed")
    desk.decoy("MED009", desk.visit("UHC", [svc("97530", 4)]).lines[0], "this plan has stated no limit")


def _yearly_limit(desk: Desk) -> None:
    """Twenty visits are allowed; the fifth of 23 was denied and uses nothing up."""
    patient = new_patient(17021, "MCD", "knee")
    claims = [desk.own_visit(patient, "PT2", day, [svc("97110", 2)]) for day in working_days()[4:50:2]]
    desk.denied(claims[4])
    desk.decoy("MED009", claims[20].lines[0], "the 20th visit that was not denied")
    for nth, claim in enumerate(claims[21:], start=21):
        desk.finding("MED009", claim.lines[0], f"visit {nth} of the year; this plan allows 20")


def _filed_late(desk: Desk) -> None:
    cases = (("AET", 91, "90 days"), ("AET", 140, "90 days"), ("MCR", 366, "a year"), ("MCR", 400, "a year"))
    for payer, days, limit in cases:
        claim = desk.visit(payer, [svc("97110", 1)])
        claim.submitted = claim.day + timedelta(days=days)
        desk.finding("MED010", claim.lines[0], f"sent {days} days after the visit; the limit is {limit}")
    for payer, days, why in (
        ("AET", 90, "the last day of 90"),
        ("MCR", 365, "the last day of the year"),
        ("BCBS", 400, "no limit stated"),
    ):
        claim = desk.visit(payer, [svc("97110", 1)])
        claim.submitted = claim.day + timedelta(days=days)
        desk.decoy("MED010", claim.lines[0], why)


def _course(desk: Desk, serial: int, provider: str, code: str, days: list[date], without_kx: set[int]) -> list[Line]:
    """One line of 4 units on each day; KX is left off where `without_kx` says (visits count from 1)."""
    patient = new_patient(serial, "MCR", "shoulder")
    lines = []
    for nth, day in enumerate(days, start=1):
        line = svc(code, 4)
        line.confirm = nth not in without_kx
        lines += desk.own_visit(patient, provider, day, [line]).lines
    return lines


def _threshold(desk: Desk) -> None:
    """113.88 a visit: the 21st reaches 2,391.48, the 22nd 2,505.36; the threshold of 2025 is 2,410."""
    lines = _course(desk, 17031, "PT6", "97110", working_days()[3:51:2], {1, 2, 20, 21, 22, 24})
    desk.decoy("MED011", lines[20], "2,391.48 allowed so far, below the threshold of 2,410")
    desk.finding("MED011", lines[21], "2,505.36 allowed with it, over the threshold of 2,410, no KX")
    desk.decoy("MED011", lines[22], "over the threshold, with KX")
    desk.finding("MED011", lines[23], "over the threshold, and KX was left off again")


def _two_thresholds(desk: Desk) -> None:
    """1,366.56 of physical and 1,521.60 of occupational therapy: each below its own threshold."""
    days = working_days()[6:54]
    _course(desk, 17032, "PT5", "97110", days[::4], set())
    lines = _course(desk, 17032, "OT2", "97535", days[2::4], {12})
    desk.decoy("MED011", lines[-1], "physical and occupational therapy have thresholds of their own")


def _invalid_codes(desk: Desk) -> None:
    for lines, place in (([svc("97110", 2), svc("97014")], 1), ([svc("97014"), svc("97140", 1)], 0)):
        line = desk.visit("MCR", lines).lines[place]
        desk.finding("MED012", line, "97014 to Medicare, which takes G0283 in its place")
        desk.finding("TIM007", line, "the medically unlikely edit of 97014 is 0")
    claim = desk.visit("MCR", [svc("97010"), svc("97112", 2)])
    claim.lines[0].allowed = claim.lines[0].paid = 0
    desk.finding("MED012", claim.lines[0], "97010 is bundled; nothing was paid")
    desk.decoy("TIM007", claim.lines[0], "the medically unlikely edit of 97010 is 0, but the line was denied and counts no unit")
    desk.decoy("MED012", desk.visit("MCR", [svc("97110", 1), svc("G0283")]).lines[1], "the code that Medicare takes")
    desk.decoy("MED012", desk.visit("UHC", [svc("97014"), svc("97110", 1)]).lines[0], "not Medicare")
    desk.decoy("MED012", desk.visit("AET", [svc("97110", 1), svc("97010")]).lines[1], "not Medicare")
