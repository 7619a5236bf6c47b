"""DOC002 and MAN007: notes that were copied, and one note under both massage and manual therapy."""

from practice.desk import Desk, svc
from practice.records import Claim

_FLOW_SHEET = "Exercise program performed as listed on the flow sheet, cues for posture, tolerated without complaint."
_STAIRS = "Stair and gait practice with rail, supervision for safety, rest as needed, plan continues unchanged."
_CARE_PLAN = "Task practice at the kitchen bench, adaptive grips used, patient follows the home program well."


def plant(desk: Desk) -> None:
    """Plant the cases of this family."""
    _copied_from_day_to_day(desk)
    _copied_from_patient_to_patient(desk)
    _not_copied(desk)
    _under_both_codes(desk)
    _under_one_code(desk)


def _copied_from_day_to_day(desk: Desk) -> None:
    first = desk.visit("UHC", [svc("97110", 2, note=_FLOW_SHEET)], provider="PT1")
    claims = [first, *(desk.next_visit(first, [svc("97110", 2, note=_FLOW_SHEET.upper())]) for _ in range(3))]
    _copied(desk, claims, "the same note on four dates of the patient")


def _copied_from_patient_to_patient(desk: Desk) -> None:
    claims = [desk.visit(payer, [svc("97116", 2, note=_STAIRS)], provider="PT4") for payer in ("MCR", "UHC", "BCBS", "MA")]
    _copied(desk, claims, "the same note with four patients of the therapist")
    claims = [desk.visit(payer, [svc("97535", 2, note=_CARE_PLAN)], "OT", "OT1") for payer in ("MCD", "AET", "MCR")]
    _copied(desk, claims, "the same note with three patients of the therapist")


def _copied(desk: Desk, claims: list[Claim], why: str) -> None:
    for claim in claims:
        desk.no_dollars("DOC002", claim.lines[0], why, "none")


def _not_copied(desk: Desk) -> None:
    twice = "Balance training on foam, eyes closed, contact guard, fewer losses of balance than at the last visit."
    first = desk.visit("BCBS", [svc("97112", 2, note=twice)], provider="PT3")
    again = desk.next_visit(first, [svc("97112", 2, note=twice)])
    desk.decoy("DOC002", again.lines[0], "the same note on two dates only")
    short = [desk.visit("WC", [svc("97110", 1, note="ther ex per flow sheet")], provider="PT5") for _ in range(3)]
    desk.decoy("DOC002", short[0].lines[0], "too short to be called a copy")
    template = "Neuromuscular work on the shuttle and the wobble board, sets as planned, no adverse reaction noted."
    shared = [
        desk.visit(payer, [svc("97112", 1, note=template)], provider=key) for payer, key in (("MCR", "PT1"), ("UHC", "PT2"))
    ]
    desk.decoy("DOC002", shared[1].lines[0], "one template, two therapists, one patient each")


def _under_both_codes(desk: Desk) -> None:
    cases = [
        ("PT6", "UHC", "97124", "BCBS", "97140", "Soft tissue work and trigger point release to shoulder girdle to ease pain."),
        ("DC1", "UHC", "97124", "AET", "97140", "Trigger point work to gluteals and piriformis, pain eased, motion improved."),
        ("PT6", "AET", "97140", "WC", "97124", "Cupping and soft tissue work along the calf to reduce pain before walking."),
    ]
    for provider, payer, code, other_payer, other_code, note in cases:
        role = provider[:2]
        for where, what in ((payer, code), (other_payer, other_code)):
            line = desk.visit(where, [svc(what, 1, note=note)], role, provider=provider).lines[0]
            desk.no_dollars("MAN007", line, "one note serves as massage for one patient and as manual therapy for another")


def _under_one_code(desk: Desk) -> None:
    note = "Trigger point pressure to upper trapezius, referred pain to the temple is gone, rotation is freer."
    for provider, payer, code in (("PT6", "UHC", "97124"), ("PT5", "UHC", "97140")):
        line = desk.visit(payer, [svc(code, 1, note=note)], provider=provider).lines[0]
        desk.decoy("MAN007", line, "another therapist used the same words for the other code")
