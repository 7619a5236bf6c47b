"""The appointment book: which patient sees whom on which day, before anything is billed."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from practice.people import ASSISTANT, PROVIDERS, new_patient
from practice.records import Appointment, Patient, Provider

FIRST_DAY, LAST_DAY = date(2025, 9, 2), date(2025, 11, 26)
_CLOSED = {date(2025, 10, 13), date(2025, 11, 11)}
_BUSIEST_DAY = {"DC": 15}  # most visits of one person on one day; 9 for the others

_REGIONS = {
    "PT": ("neck", "shoulder", "low back", "low back", "knee", "knee", "ankle"),
    "OT": ("hand", "hand", "shoulder"),
    "MT": ("neck", "shoulder", "low back", "ankle"),
    "DC": ("neck", "low back", "low back"),
}
_PATTERNS = {  # weekdays of a course of treatment
    "PT": ((0, 2), (1, 3), (0, 3), (1, 4), (0, 2, 4), (2, 4)),
    "OT": ((0, 2), (1, 3), (2, 4), (1,)),
    "MT": ((0,), (1,), (2,), (3,), (4,), (0, 3)),
    "DC": ((0, 3), (1, 4), (2,), (0, 2, 4)),
}


def working_days() -> list[date]:
    """Days on which the clinics are open, first to last."""
    days = (FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1))
    return [day for day in days if day.weekday() < 5 and day not in _CLOSED]


def appointments(seed: str) -> list[Appointment]:
    """Every appointment of the three months, in order of day, then patient."""
    load: Counter[tuple[str, date]] = Counter()
    booked = [appointment for provider in PROVIDERS if provider.panel for appointment in _panel(provider, seed, load)]
    return sorted(booked, key=lambda appointment: (appointment.day, appointment.patient.patient_id))


def _panel(provider: Provider, seed: str, load: Counter[tuple[str, date]]) -> Iterator[Appointment]:
    rng = random.Random(f"{seed} book {provider.key}")
    days = working_days()
    wanted = round(provider.visits_per_day * len(days))
    serial = 1000 * (1 + [one.key for one in PROVIDERS].index(provider.key))
    while wanted > 0:
        serial += 1
        payer = rng.choices([key for key, _ in provider.panel], [weight for _, weight in provider.panel])[0]
        patient = new_patient(serial, payer, rng.choice(_REGIONS[provider.role]))
        for appointment in _course(patient, provider, days, rng):
            key = (appointment.provider.key, appointment.day)
            if wanted > 0 and load[key] < _BUSIEST_DAY.get(appointment.provider.role, 9):
                load[key] += 1
                wanted -= 1
                yield appointment


def _course(patient: Patient, provider: Provider, days: list[date], rng: random.Random) -> Iterator[Appointment]:
    """One patient's course: a start, a weekly pattern, a number of visits; some courses were under way before."""
    pattern = rng.choice(_PATTERNS[provider.role])
    begins = rng.randrange(-20, len(days) - 3)
    visits = rng.randint(6, 30 if len(pattern) == 3 else 18)
    under_way = begins < 0
    done = -begins * len(pattern) // 5 if under_way else 0
    mine = [day for day in days[max(begins, 0) :] if day.weekday() in pattern][: max(visits - done, 0)]
    assistant = ASSISTANT.get(provider.key)
    for nth, day in enumerate(mine, start=1):
        hands_over = assistant is not None and nth > 1 and nth % 10 and rng.random() < 0.38
        yield Appointment(patient, assistant if assistant and hands_over else provider, day, 0 if under_way else nth)
