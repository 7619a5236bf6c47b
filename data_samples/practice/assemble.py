"""Puts the claims on the clock, numbers them, and turns them into rows of the export."""

import random
from collections import defaultdict
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from practice.fees import COGNITIVE, NOT_ALWAYS_THERAPY, TIMED
from practice.people import CLINICS, PAYERS
from practice.records import FILL, FIRST_DIAGNOSIS, Claim, Line
from practice.wording import REGIONS

_OPENING = 7 * 60 + 30
_KX_FROM = 120_000  # cents allowed since September; with the months before, the yearly threshold of 2,410 dollars is near


def schedule(claims: list[Claim], seed: str) -> None:
    """Give every line its clock time: one person never treats two patients at once."""
    clock: dict[tuple[str, date], int] = {}
    rng = random.Random(f"{seed} clock")
    for claim in claims:
        if claim.same_slot is None and claim.after is None:
            _place(claim, clock, rng, _OPENING)
    for claim in claims:
        if claim.same_slot is None and claim.after is not None:
            _place(claim, clock, rng, _end(claim.after))
    for claim in claims:
        if claim.same_slot is not None:
            _share_slot(claim, claim.same_slot)


def _place(claim: Claim, clock: dict[tuple[str, date], int], rng: random.Random, earliest: int) -> None:
    key = (claim.provider.npi, claim.day)
    now = max(clock.get(key, _OPENING + rng.randrange(0, 31)), earliest) + rng.randrange(1, 9)
    if claim.begins is not None:
        now = claim.begins
    for line in claim.lines:
        line.start = now - line.early
        now = line.start + line.duration
    clock[key] = now


def _share_slot(claim: Claim, first: Claim) -> None:
    """Lines of a second claim for the same treatment keep the times of the line with that code, else follow one another."""
    by_code = {line.code: line.start for line in reversed(first.lines)}
    now = first.lines[0].start
    for line in claim.lines:
        line.start = by_code.get(line.code, now)
        now = line.start + line.duration


def _end(claim: Claim) -> int:
    return max(line.start + line.duration for line in claim.lines)


def add_threshold_modifier(claims: list[Claim]) -> None:
    """KX on Medicare therapy from the day on which a patient's allowed amounts near the yearly threshold."""
    by_patient: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.payer == "MCR":
            by_patient[claim.patient.patient_id].append(claim)
    for theirs in by_patient.values():
        allowed: dict[date, int] = defaultdict(int)
        for claim in theirs:
            allowed[claim.day] += sum(line.allowed for line in claim.lines)
        for claim in theirs:
            if sum(amount for day, amount in allowed.items() if day <= claim.day) > _KX_FROM:
                for line in claim.lines:
                    if line.confirm and line.code not in NOT_ALWAYS_THERAPY and "KX" not in line.modifiers:
                        line.modifiers.append("KX")


def number(claims: list[Claim]) -> list[Claim]:
    """Claim, line and visit numbers; returns the claims in the order of the export."""
    ordinary = sorted((claim for claim in claims if claim.sign == 1), key=_filing_order)
    serial: dict[str, int] = defaultdict(int)
    for claim in ordinary:
        month = f"{claim.day:%y%m}"
        serial[month] += 1
        _name(claim, f"C{month}{serial[month]:05d}")
    for claim in claims:
        if claim.sign == -1 and claim.original is not None:
            _name(claim, claim.original.claim_id)
    for claim in claims:
        claim.encounter_id = "V" + _root(claim).claim_id[1:]
    return sorted(claims, key=lambda claim: (claim.claim_id, -claim.sign))


def _filing_order(claim: Claim) -> tuple[int, int, bool, date, int, str]:
    """Month by month; within a month what was sent late comes last."""
    return claim.day.year, claim.day.month, claim.later, claim.day, claim.lines[0].start, claim.provider.npi


def _name(claim: Claim, claim_id: str) -> None:
    claim.claim_id = claim_id
    for place, line in enumerate(claim.lines, start=1):
        line.claim_id, line.number, line.claim = claim_id, place, claim


def _root(claim: Claim) -> Claim:
    return claim if claim.same_slot is None else _root(claim.same_slot)


def row(line: Line, seed: str) -> dict[str, Any]:
    """One row of the export, canonical names and types; a blank cell is None."""
    claim = line.home
    payer = PAYERS[claim.payer]
    rng = random.Random(f"{seed} dates {claim.claim_id}")
    submitted = claim.day + timedelta(days=rng.randint(24, 40) if claim.later else rng.randint(2, 9))
    submitted = claim.submitted or submitted
    modifiers = [*line.modifiers, None, None, None, None]
    diagnoses: tuple[str | None, ...] = REGIONS[claim.patient.region]["dx"]
    if claim.diagnosis != FIRST_DIAGNOSIS:
        diagnoses = (claim.diagnosis, None)
    own_member_id = claim.sequence == "P"
    return {
        "location": claim.provider.clinic,
        "claim_id": claim.claim_id,
        "claim_line_number": line.number,
        "claim_frequency_code": claim.frequency,
        "original_claim_id": claim.original.claim_id if claim.original and claim.sign == 1 else None,
        "claim_status": claim.status,
        "encounter_id": claim.encounter_id,
        "patient_id": claim.patient.patient_id,
        "member_id": claim.patient.member_id if own_member_id else f"SYN{claim.payer}{claim.patient.patient_id[1:]}",
        "service_date": claim.day,
        "submitted_date": submitted,
        "paid_date": submitted + timedelta(days=rng.randint(12, 30)),
        "procedure_code": line.code,
        **{f"modifier_{place}": modifiers[place - 1] for place in range(1, 5)},
        "units": Decimal(line.units * claim.sign) if line.units_shown is None else line.units_shown,
        "minutes": line.minutes,
        "start_time": _clock(line.start) if line.show_clock else None,
        "end_time": _clock(line.start + line.duration) if line.show_clock else None,
        "visit_timed_minutes": _timed_total(claim),
        "visit_total_minutes": _visit_total(claim),
        "area_minutes": line.area_minutes,
        "rendering_npi": claim.provider.npi,
        "rendering_taxonomy": claim.provider.taxonomy,
        "billing_npi": CLINICS[claim.provider.clinic],
        "payer_name": payer.name,
        "payer_id": payer.payer_id or None,
        "claim_filing_indicator": payer.filing_indicator,
        "payer_sequence": claim.sequence,
        "place_of_service": claim.place,
        "diagnosis_1": diagnoses[0],
        "diagnosis_2": diagnoses[1] if int(claim.patient.patient_id[-1]) % 3 == 0 else None,
        "charge_amount": _dollars(line.charge * claim.sign),
        "allowed_amount": _dollars(line.allowed * claim.sign),
        "paid_amount": _dollars(line.paid * claim.sign),
        "note_text": line.note,
        "body_region": line.body_region,
        "techniques": line.techniques,
        "clinical_justification": line.justification,
        "treatment_response": line.response,
    }


def _timed_total(claim: Claim) -> int | None:
    if claim.timed_total != FILL:
        return claim.timed_total
    return sum(line.duration for line in claim.lines if line.code in TIMED or line.code in COGNITIVE)


def _visit_total(claim: Claim) -> int | None:
    return claim.visit_total if claim.visit_total != FILL else sum(line.duration for line in claim.lines)


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def _dollars(cents: int) -> Decimal:
    return Decimal(cents) / 100
