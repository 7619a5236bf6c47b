"""TIM013 and TIM014: patients in two places, and groups beside one-on-one time or with one patient only.

Days of one person stand on Saturdays, when the book is empty, so that no other visit comes between.
"""

from collections.abc import Iterator
from datetime import date

from practice.desk import Desk, cheapest, svc
from practice.people import new_patient
from practice.records import Claim, Line, Patient

_FIRST_SERIAL = 63_000  # beyond the patients of the appointment book and of the other scenarios
_TEN = 10 * 60


def plant(desk: Desk) -> None:
    """Plant the cases of this family."""
    serials = iter(range(_FIRST_SERIAL, _FIRST_SERIAL + 100))
    _two_therapists_at_once(desk, serials)
    _one_after_the_other(desk, serials)
    _group_of_one(desk, serials)
    _one_on_one_in_the_group(desk, serials)


def _visit(desk: Desk, patient: Patient, provider: str, day: date, lines: list[Line], begins: int) -> Claim:
    claim = desk.own_visit(patient, provider, day, lines)
    claim.begins = begins
    return claim


def _two_therapists_at_once(desk: Desk, serials: Iterator[int]) -> None:
    """The therapist's visit and the occupational therapist's: each keeps a total of its own, no clock is shared."""
    for begins, payer, after, units, why in (
        (_TEN, "UHC", 0, 2, "both for the whole half hour: no minute is left for the second"),
        (_TEN + 120, "MCR", 15, 1, "15 minutes of both: 15 of the second's 30 are left"),
        (_TEN + 240, "BCBS", 22, 1, "8 minutes of both, the first that are too many: 22 of the second's 30 are left"),
    ):
        patient, day = new_patient(next(serials), payer, "shoulder"), date(2025, 9, 6)
        _visit(desk, patient, "PT2", day, [svc("97110", 2)], begins)
        second = _visit(desk, patient, "OT2", day, [svc("97530", 2)], begins + after)
        desk.finding("TIM013", cheapest(second.lines, units), why, "patient")


def _one_after_the_other(desk: Desk, serials: Iterator[int]) -> None:
    cases = (
        (_TEN, "UHC", 23, [svc("97530", 2)], "7 minutes of both are within what clocks disagree by"),
        (_TEN + 120, "MCR", 0, [svc("97016")], "a modality that runs by itself"),
    )
    for begins, payer, after, lines, why in cases:
        patient, day = new_patient(next(serials), payer, "shoulder"), date(2025, 9, 13)
        _visit(desk, patient, "PT2", day, [svc("97110", 2)], begins)
        desk.decoy("TIM013", _visit(desk, patient, "OT2", day, lines, begins + after).lines[0], why)


def _group_of_one(desk: Desk, serials: Iterator[int]) -> None:
    day = date(2025, 9, 20)
    for payer, provider in (("BCBS", "PT2"), ("MCR", "PT4"), ("UHC", "OT2")):
        alone = _visit(desk, new_patient(next(serials), payer, "shoulder"), provider, day, [svc("97150")], _TEN)
        desk.no_dollars("TIM014", alone.lines[0], "a group with one patient")
    for payer in ("MCR", "UHC", "BCBS"):
        member = _visit(desk, new_patient(next(serials), payer, "shoulder"), "PT3", day, [svc("97150")], 15 * 60)
        desk.decoy("TIM014", member.lines[0], "a group of three")


def _one_on_one_in_the_group(desk: Desk, serials: Iterator[int]) -> None:
    day = date(2025, 9, 27)
    for provider, after in (("PT2", 0), ("PT4", 12)):
        for payer in ("MCR", "UHC"):
            _visit(desk, new_patient(next(serials), payer, "shoulder"), provider, day, [svc("97150")], _TEN)
        other = _visit(desk, new_patient(next(serials), "MCR", "shoulder"), provider, day, [svc("97110", 1)], _TEN + after)
        if after:
            desk.decoy("TIM014", other.lines[0], "treated when the group was over")
        else:
            desk.no_dollars("TIM014", other.lines[0], "12 of 15 minutes within the time of the same person's group", "none")
