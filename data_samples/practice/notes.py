"""Notes and documentation for a line. No two notes of the sample read alike, so nothing here looks copied from visit to visit."""

import random
import re

from practice.records import Line, Patient
from practice.wording import ANSWER, DONE, GAIN, MANUAL, MANUAL_AIM, MASSAGE, MASSAGE_AIM, REGIONS, SETS, STATUS

HANDS_ON = {"97124", "97140"}
_EVALUATIONS = {"97161", "97162", "97163", "97164", "97165", "97166", "97167", "97168", "99213"}


class NoteBook:
    """Writes notes and remembers them: a note whose letters stood anywhere before is thrown away."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def is_new(self, note: str) -> bool:
        """Whether this note's letters are new; remembers them."""
        letters = re.sub(r"[^a-z]+", "", note.lower())
        if letters in self._seen:
            return False
        self._seen.add(letters)
        return True

    def write(self, code: str, patient: Patient, rng: random.Random) -> str:
        """A new note for one service to this patient."""
        for _ in range(2000):
            note = _compose(code, patient.region, rng)
            if self.is_new(note):
                return note
        raise RuntimeError(f"the wording for {code} is exhausted: add words to practice/wording.py")


def _compose(code: str, region: str, rng: random.Random) -> str:
    words = REGIONS[region]
    if code == "97140":
        return _hands_on(rng, rng.choice(MANUAL), rng.choice(words["joint"] + words["areas"][:2]), rng.choice(MANUAL_AIM))
    if code == "97124":
        return _hands_on(rng, rng.choice(MASSAGE), rng.choice(words["areas"]), rng.choice(MASSAGE_AIM))
    if code in _EVALUATIONS:
        goal, finding = rng.choice(words["aim"]), rng.choice(STATUS)
        return f"{region.capitalize()}: {rng.choice(DONE[code])}; motion {finding}. Goal: {goal}. {rng.choice(ANSWER)}"
    return _exercise(rng, code, region)


def _hands_on(rng: random.Random, technique: str, place: str, aim: str) -> str:
    gain = rng.choice(GAIN)
    style = rng.randrange(4)
    if style == 0:
        return f"{technique.capitalize()} to {place} {aim}. {gain}"
    if style == 1:
        return f"{place.capitalize()}: {technique}, {aim}. {gain}"
    if style == 2:
        return f"Provided {technique} at {place} {aim}; {gain[0].lower()}{gain[1:]}"
    return f"Treated {place} with {technique} {aim}. {gain} {rng.choice(ANSWER)}"


def _exercise(rng: random.Random, code: str, region: str) -> str:
    done = DONE[code]
    first = rng.choice(done)
    second = rng.choice([item for item in done if item != first] or [first])
    answer, dose = rng.choice(ANSWER), rng.choice(SETS)
    style = rng.randrange(4)
    if style == 0:
        return f"{first.capitalize()} and {second}, {dose}. {answer}"
    if style == 1:
        return f"{region.capitalize()} program: {first}, {dose}; {second}. {answer}"
    if style == 2:
        return f"{first.capitalize()} {dose}, then {second}; {answer[0].lower()}{answer[1:]} {rng.choice(ANSWER)}"
    return f"{region}: {first} + {second} ({dose}). {answer}"


def document(line: Line, patient: Patient, rng: random.Random) -> None:
    """Fill the documentation columns that a hands-on code needs; minutes by area add up to the line's time."""
    words = REGIONS[patient.region]
    count = 1 if line.duration < 12 else rng.choice((1, 2, 2, 3))
    named = _named(words["areas"] + words["joint"], line.note)
    others = [area for area in words["areas"] if area not in named]
    areas = (named[:1] + rng.sample(others, len(others)))[:count]
    minutes = [line.duration // count] * count
    minutes[0] += line.duration - sum(minutes)
    line.body_region = "; ".join(areas)
    line.area_minutes = "; ".join(f"{area}:{value}" for area, value in zip(areas, minutes, strict=True))
    line.techniques = (_named(MASSAGE + MANUAL, line.note) or [rng.choice(MASSAGE if line.code == "97124" else MANUAL)])[0]
    line.justification = f"{patient.region} motion {rng.choice(STATUS)}; cannot {rng.choice(words['aim'])}"
    line.response = rng.choice(GAIN)


def _named(phrases: tuple[str, ...], note: str | None) -> list[str]:
    return [phrase for phrase in phrases if note and phrase.lower() in note.lower()]
