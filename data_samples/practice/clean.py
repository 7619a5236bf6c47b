"""A correct visit: codes that belong together, minutes and units that agree under the payer's method, complete papers."""

import random
from dataclasses import dataclass

from practice.fees import COGNITIVE, NOT_ALWAYS_THERAPY, TIMED, price
from practice.notes import HANDS_ON, NoteBook, document
from practice.people import PAYERS
from practice.records import Appointment, Claim, Line, Patient, Provider
from practice.time_rules import clean_units

_MINUTES = {
    "97035": (8, 14), "97032": (9, 16), "97116": (9, 20), "97113": (24, 44), "97542": (10, 20), "97750": (20, 36),
    "97129": (15, 15), "97130": (15, 15),
}  # fmt: skip
_USUAL_MINUTES = (9, 29)
_UNTIMED_MINUTES = {
    "97012": (10, 14), "97016": (10, 15), "98940": (6, 10), "98941": (8, 12), "98942": (10, 15),
    "99213": (12, 20), "G0283": (10, 15), "29530": (5, 8),
}  # fmt: skip
_EVALUATION_MINUTES = (24, 45)
_SHORT_VISITS = 0.6  # of the visits with fewer than 15 minutes a unit so many stay: over many visits a unit bears its 15
_THRESHOLDS = {8, 23, 38, 53, 68, 83, 98}  # the first minute of each further unit

# Which codes are billed together. None of the pairs stands in an NCCI edit, except where a line carries its modifier.
_Mix = tuple[tuple[int, str], ...]
_PT: _Mix = (
    (12, "97110 97140"), (12, "97110 97140 97112"), (9, "97110 97112"), (9, "97110 97530"), (9, "97110 97140 97530"),
    (6, "97112 97530 97116"), (5, "97110 97116"), (5, "97110 97140 97035"), (5, "97110 97140 G0283"), (3, "97113 97140"),
    (3, "97110 97012"), (3, "97110 97530 97016"), (4, "97110 97112 97530 97140"), (2, "97110 97112 97140 97035 G0283"),
    (2, "97140 97112 97116 97530"), (2, "97032 97110"), (2, "97110"), (3, "97012 97140:59 97110"), (2, "97113 97110:59"),
    (2, "97530 97750:59 97112"), (2, "97110 97112 97116 97530 97140"),
)  # fmt: skip
_PT_FIRST: _Mix = ((3, "97161 97110"), (3, "97162 97110"), (2, "97162 97140"), (1, "97163 97110"), (2, "97161 97112 97110"))
_PT_TENTH: _Mix = ((2, "97164 97110"), (1, "97164 97140 97110"), (1, "97164 97530"))
_PT_MASSAGE: _Mix = ((5, "97110 97124"), (3, "97112 97124"), (2, "97530 97124"), (2, "97124 97116"))
_OT: _Mix = (
    (9, "97530 97535"), (7, "97530 97112"), (7, "97110 97530 97535"), (4, "97535"), (6, "97530 97110 97140"), (5, "97140 97530"),
    (3, "97530 97016"), (2, "97110 97112 97530 97535"), (2, "97535 97542"), (1, "97129 97130 97535"), (2, "97110 97140"),
)  # fmt: skip
_OT_FIRST: _Mix = ((2, "97165 97535"), (2, "97166 97530"), (1, "97167 97535"), (1, "97166 97110"))
_OT_TENTH: _Mix = ((1, "97168 97530"), (1, "97168 97110"))
_DC: _Mix = (
    (8, "98940"), (10, "98941"), (2, "98942"), (6, "98941 97110"), (4, "98940 97110"), (3, "98941 97012"), (3, "98940 97140:59"),
    (2, "98941 97124:59"), (2, "99213:25 98940"), (2, "98941 97032"), (1, "98940 97140:XS"),
)  # fmt: skip
ADJUSTMENTS = {"98940", "98941"}
DISTINCT = {"59", "XE", "XP", "XS", "XU"}
_OTHER_REGION = {"neck": "lumbar segments", "low back": "cervical segments"}  # adjusted, where hands worked on the patient's own
_DC_MEDICARE: _Mix = ((4, "98940:AT"), (5, "98941:AT"), (1, "98942:AT"))


@dataclass(frozen=True)
class Ward:
    """What a visit needs besides its appointment: the note book and a random source of its own."""

    notes: NoteBook
    seed: str


def clean_visit(appointment: Appointment, ward: Ward) -> Claim:
    """The claim that a careful biller would send for this appointment."""
    patient, provider = appointment.patient, appointment.provider
    rng = random.Random(f"{ward.seed} visit {patient.patient_id} {appointment.day}")
    items = [item.partition(":")[::2] for item in _mix(appointment, rng).split()]
    timed = [code for code, _ in items if code in TIMED or code in COGNITIVE]
    minutes, units = _time(patient, provider, timed, rng)
    lines = []
    for code, modifier in items:
        modifiers = [modifier] if modifier else []
        if code in timed:
            spent = minutes[timed.index(code)]
            lines.append(Line(code, units[timed.index(code)], spent, spent, modifiers))
        else:
            lines.append(Line(code, 1, None, rng.randint(*_UNTIMED_MINUTES.get(code, _EVALUATION_MINUTES)), modifiers))
    claim = Claim(patient, provider, appointment.day, patient.payer, lines)
    finish(claim, ward.notes, rng)
    if rng.random() < 0.012:
        deny(claim)
    return claim


def _mix(appointment: Appointment, rng: random.Random) -> str:
    provider, payer, nth = appointment.provider, appointment.patient.payer, appointment.nth
    choices: _Mix
    if provider.role == "MT":
        return "97124"
    if provider.role == "DC":
        choices = _DC_MEDICARE if payer == "MCR" else _DC
    elif provider.role == "OT":
        choices = _OT_FIRST if nth == 1 else _OT_TENTH if nth and nth % 10 == 0 else _OT
    elif nth == 1:
        choices = _PT_FIRST
    elif nth and nth % 10 == 0:
        choices = _PT_TENTH
    elif provider.bills_massage and rng.random() < 0.3:
        choices = _PT_MASSAGE
    else:
        choices = _PT
    return rng.choices([codes for _, codes in choices], [weight for weight, _ in choices])[0]


def _time(patient: Patient, provider: Provider, codes: list[str], rng: random.Random) -> tuple[list[int], tuple[int, ...]]:
    """Minutes for each timed code and the units they earn; draws again until every code earns one."""
    if not codes:
        return [], ()
    while True:
        spans = [(24, 59) if provider.role == "MT" else _MINUTES.get(code, _USUAL_MINUTES) for code in codes]
        minutes = [rng.randint(*span) for span in spans]
        if sum(minutes) in _THRESHOLDS and rng.random() < 0.15:
            continue  # visits that must earn a unit on every code land here a little too often
        units = clean_units(PAYERS[patient.payer].unit_rule, minutes, rng)
        if units is not None and (sum(minutes) >= 15 * sum(units) or rng.random() < _SHORT_VISITS):
            return minutes, units


def finish(claim: Claim, notes: NoteBook, rng: random.Random) -> None:
    """Prices, plan-of-care and assistant modifiers, notes and documentation for every line that has none yet."""
    for line in claim.lines:
        price(line, claim.payer)
        plan_modifiers(line, claim)
        if line.note is None:
            line.note = notes.write(line.code, claim.patient, rng)
        if line.code in HANDS_ON and line.body_region is None:
            document(line, claim.patient, rng)
    if any(DISTINCT.intersection(line.modifiers) for line in claim.lines):
        for line in claim.lines:
            if line.code in ADJUSTMENTS and line.body_region is None:
                line.body_region = _OTHER_REGION.get(claim.patient.region)


def plan_modifiers(line: Line, claim: Claim) -> None:
    """Add GP or GO, and CQ for an assistant's Medicare services, as the payer wants them."""
    role, payer = claim.provider.role, PAYERS[claim.payer]
    if not line.plan or role == "MT" or line.code in NOT_ALWAYS_THERAPY or not payer.plan_modifier:
        return
    line.modifiers.append("GO" if role == "OT" else "GP")
    if role == "PTA" and payer.key in {"MCR", "MA"}:
        line.modifiers.append("CQ")


def deny(claim: Claim) -> None:
    """Mark the claim denied: nothing is allowed or paid."""
    claim.status = "denied"
    for line in claim.lines:
        line.allowed = line.paid = 0
