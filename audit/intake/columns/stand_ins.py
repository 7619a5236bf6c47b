"""Contract columns that serve for one that the export truly lacks, and when they do not."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from audit.contract import BY_NAME
from audit.intake.columns.assignments import Assignment, Draft, Question

_STAND_INS: Mapping[str, tuple[str, ...]] = {
    "patient_id": ("member_id",),
    "claim_id": ("encounter_id",),
    "rendering_npi": ("rendering_name",),
}
# A name must not be read where a number is shown.
_READERS_OF_STAND_INS = {"rendering_npi": "parse_person"}


def fill(draft: Draft, constants: Collection[str]) -> None:
    """Take for a column that is missing, also in the user's constants, one that tells the same apart, and say so, or ask."""
    for name, others in _STAND_INS.items():
        for other in others:
            if (
                name not in {*draft.chosen, *constants}
                and other in draft.chosen
                and _may_stand_in(draft, name, draft.chosen[other])
            ):
                source = draft.chosen[other]
                how = f"stands in for {BY_NAME[name].meaning}, which the export lacks"
                reader = _READERS_OF_STAND_INS.get(name, source.reader)
                draft.chosen[name] = replace(source, name=name, how=how, confidence=0.5, reader=reader)
                draft.warnings.append(
                    f"{draft.file} has no column for {name} ({BY_NAME[name].meaning}): {source.header!r} stands in for it."
                )


def _may_stand_in(draft: Draft, name: str, source: Assignment) -> bool:
    """Whether a field may serve for another column, as far as the patients beside its cells tell.

    A claim is one patient's: of a number that several have, a count of each one's visits, the user is asked. A person who
    treats has several patients: a name that stands on one patient's rows alone may be the patient's.
    """
    shared = any(len(patients) > 1 for patients in _patients_of(draft, source.index).values())
    if name == "claim_id" and shared:
        _ask_for_claim(draft, source.index)
    return {"claim_id": not shared, "rendering_npi": shared}.get(name, True)


def _patients_of(draft: Draft, index: int) -> dict[str, set[str]]:
    """Cell of a field -> the patients on whose rows it stands, in the sample."""
    patient = draft.chosen.get("patient_id")
    found: dict[str, set[str]] = {}
    if patient is None or min(patient.index, index) < 0:
        return found
    for row in draft.sample:
        if max(index, patient.index) < len(row) and row[index].strip() and row[patient.index].strip():
            found.setdefault(row[index].strip(), set()).add(row[patient.index].strip())
    return found


def _ask_for_claim(draft: Draft, index: int) -> None:
    patient, day = draft.chosen["patient_id"], draft.chosen.get("service_date")
    said = f"{draft.file} has no column for claim_id: {draft.shown(index)} holds the same numbers for several patients."
    serves = (f"{draft.address(patient.index)} + {draft.address(day.index)}",) if day is not None and day.index >= 0 else ()
    hint = "Name the claim's number under [columns] in audit.toml, or write:"
    mend = tuple(f'  claim_id = "{one}"  # each patient and day as one claim' for one in serves)
    draft.questions.append(Question("claim_id", serves, said, (hint, *mend)))
