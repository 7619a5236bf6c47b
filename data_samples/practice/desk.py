"""Where scenarios get their appointments, and where they put what they planted.

A scenario takes an appointment out of the book, writes the visit by hand, and says by hand what an audit must find.
Nothing here works out a finding.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from practice.clean import Ward, deny, finish
from practice.fees import COGNITIVE, TIMED, share
from practice.people import BY_KEY, PROVIDERS
from practice.records import FILL, Appointment, Claim, Decoy, Expected, Line, Patient, Provider

__all__ = ["Desk", "Line", "cheapest", "copy_of", "svc"]

_UNTIMED_DURATION = 12
_FIRST_EVALUATIONS = {"97161", "97162", "97163", "97165", "97166", "97167"}


def svc(code: str, units: int = 1, minutes: int | None = None, mods: str = "", note: str | None = None) -> Line:
    """One service of a visit; `mods` are written with blanks between. A timed code without minutes takes 15 a unit."""
    timed = code in TIMED or code in COGNITIVE
    if timed and minutes is None:
        minutes = 15 * units
    return Line(code, units, minutes, minutes or _UNTIMED_DURATION, mods.split(), note)


class Desk:
    """Hands out appointments, takes back claims, expected findings and decoys."""

    def __init__(self, appointments: Iterable[Appointment], ward: Ward) -> None:
        self._free = list(appointments)
        random.Random(f"{ward.seed} desk").shuffle(self._free)
        self._ward = ward
        self._clinics = 0
        self.taken: set[int] = set()
        self._evaluated: set[Patient] = set()
        self.claims: list[Claim] = []
        self.expected: list[Expected] = []
        self.decoys: list[Decoy] = []
        self.repeated_rows: list[Line] = []

    def take(self, payer: str, role: str, provider: str | None, region: str | None, first: bool = False) -> Appointment:
        """An appointment with this kind of person and payer that no scenario has yet; not an evaluation visit."""
        for appointment in self._free:
            if id(appointment) in self.taken or appointment.nth == 1 or appointment.patient.payer != payer:
                continue
            if first and (appointment.nth or appointment.patient in self._evaluated):  # one first evaluation each
                continue
            if region not in {None, appointment.patient.region}:
                continue
            if provider in {None, appointment.provider.key} and appointment.provider.role == role:
                self.taken.add(id(appointment))
                if first:
                    self._evaluated.add(appointment.patient)
                return appointment
        raise LookupError(f"no appointment left for {payer} with {provider or role}")

    def visit(
        self,
        payer: str,
        lines: list[Line],
        role: str = "PT",
        provider: str | None = None,
        region: str | None = None,
        timed_total: int | None = FILL,
        visit_total: int | None = FILL,
    ) -> Claim:
        """A claim for a new visit with these lines, priced, noted and documented."""
        appointment = self.take(payer, role, provider, region, any(line.code in _FIRST_EVALUATIONS for line in lines))
        claim = Claim(appointment.patient, appointment.provider, appointment.day, payer, lines, timed_total, visit_total)
        return self._add(claim)

    def own_visit(self, patient: Patient, provider: str, day: date, lines: list[Line]) -> Claim:
        """A claim for a patient who stands in no book: this visit, that day, with the person of that key."""
        return self._add(Claim(patient, BY_KEY[provider], day, patient.payer, lines))

    def next_visit(self, first: Claim, lines: list[Line]) -> Claim:
        """A claim for another visit of the same patient to the same person. Raises LookupError where none is left."""
        for one in self._free:
            same = one.patient == first.patient and one.provider == first.provider
            if same and one.nth != 1 and id(one) not in self.taken:
                self.taken.add(id(one))
                return self._add(Claim(one.patient, one.provider, one.day, first.payer, lines))
        raise LookupError(f"no further appointment of patient {first.patient.patient_id}")

    def second(self, first: Claim, lines: list[Line], role: str | None = None) -> Claim:
        """Another claim of the same patient and day: by the same person right after, or by another of the clinic."""
        provider = first.provider if role is None else self._colleague(first, role)
        claim = Claim(first.patient, provider, first.day, first.payer, lines, after=first)
        if role is None:  # one visit on two claims: both show the time of the whole visit
            first.timed_total = claim.timed_total = sum(line.minutes or 0 for line in first.lines + lines)
            first.visit_total = claim.visit_total = sum(line.duration for line in first.lines + lines)
        else:
            first.timed_total = claim.timed_total = first.visit_total = claim.visit_total = None
        return self._add(claim)

    def again(self, first: Claim, lines: list[Line] | None = None, frequency: str = "1", payer: str | None = None) -> Claim:
        """The same treatment on another claim: a resubmission, a replacement (7), a void (8), a secondary payer's claim."""
        copies = [copy_of(line) for line in first.lines] if lines is None else lines
        claim = replace(first, lines=copies, frequency=frequency, payer=payer or first.payer, same_slot=first, later=True)
        claim.original = first if frequency in {"7", "8"} else None
        claim.sequence = "P" if payer is None else "S"
        return self._add(claim) if lines is not None else self._keep(claim)

    def reversal(self, first: Claim) -> Claim:
        """The same claim with every amount taken back, under its own number."""
        return self._keep(replace(first, lines=[copy_of(line) for line in first.lines], same_slot=first, original=first, sign=-1))

    def denied(self, claim: Claim) -> Claim:
        """Mark the claim as denied: nothing allowed, nothing paid."""
        deny(claim)
        return claim

    def finding(
        self,
        rule_id: str,
        at_risk: Mapping[Line, int | None] | Line,
        why: str,
        subject: str = "line",
        direction: str = "over",
    ) -> None:
        """Say what the audit must report: units at risk by line (None: the line's whole payment, 0: no dollars)."""
        by_line = {at_risk: None} if isinstance(at_risk, Line) else at_risk
        cents = tuple((line, line.paid if units is None else share(line, units)) for line, units in by_line.items())
        self.expected.append(Expected(rule_id, subject, cents, direction, why))

    def no_dollars(self, rule_id: str, line: Line, why: str, direction: str = "coding") -> None:
        """A finding about this line that puts no dollars at risk."""
        self.expected.append(Expected(rule_id, "line", ((line, 0),), direction, why))

    def misplaced(self, rule_id: str, claim: Claim, wrong: Mapping[int, int], right: Mapping[int, int], why: str) -> None:
        """Units on the wrong code: what they were paid, less what they would earn on the right lines, not below 0."""
        off = sum(share(claim.lines[place], units) for place, units in right.items())
        at_risk = []
        for place, units in sorted(wrong.items()):  # what the right lines would earn comes off the first lines
            paid = share(claim.lines[place], units)
            at_risk.append((claim.lines[place], max(paid - off, 0)))
            off = max(off - paid, 0)
        direction = "over" if any(cents for _, cents in at_risk) else "coding"
        self.expected.append(Expected(rule_id, "visit", tuple(at_risk), direction, why))

    def decoy(self, rule_id: str, line: Line, why: str) -> None:
        """Say which line looks like this rule's defect and is none."""
        self.decoys.append(Decoy(rule_id, line, why))

    def _add(self, claim: Claim) -> Claim:
        rng = random.Random(f"{self._ward.seed} planted {len(self.claims)}")
        finish(claim, self._ward.notes, rng)
        return self._keep(claim)

    def _keep(self, claim: Claim) -> Claim:
        self.claims.append(claim)
        return claim

    def _colleague(self, first: Claim, role: str) -> Provider:
        here = [one for one in PROVIDERS if one.role == role and one.clinic == first.provider.clinic]
        return (here or [one for one in PROVIDERS if one.role == role])[0]


def cheapest(lines: Iterable[Line], units: int) -> dict[Line, int]:
    """So many units of these lines, the cheapest first; of equal prices those of the later line."""
    taken: dict[Line, int] = {}
    later_first = list(lines)[::-1]
    for line in sorted(later_first, key=lambda one: Fraction(one.paid, one.units)):
        if units > 0:
            taken[line] = min(line.units, units)
            units -= taken[line]
    return taken


def copy_of(line: Line) -> Line:
    """The same service once more, to stand on another claim or line."""
    return replace(line, modifiers=list(line.modifiers), claim=None)
