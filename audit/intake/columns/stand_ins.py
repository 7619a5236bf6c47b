"""Contract columns that serve for one that the export truly lacks, and when they do not."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from audit.contract import BY_NAME
from audit.intake.columns.assignments import Assignment, Draft, Question
from audit.intake.columns.contradictions import against, field_of
from audit.intake.columns.shapes import cells_of

_STAND_INS: Mapping[str, tuple[str, ...]] = {"patient_id": ("member_id",), "claim_id": ("encounter_id",)}


def fill(draft: Draft, constants: Collection[str]) -> None:
    """Take for a column that is missing one that tells the same apart, and say so, or ask.

    A person's name stands in for an NPI only where the user names its column for it: behind a name may stand a clinic, or the
    one who signs for all, and what they gave would be found to be more than a person's day.
    """
    for name, others in _STAND_INS.items():
        for other in others:
            if name not in draft.chosen and other in draft.chosen and not _is_shared(draft, name, other):
                source = draft.chosen[other]
                how = f"stands in for {BY_NAME[name].meaning}, which the export lacks"
                draft.chosen[name] = replace(source, name=name, how=how, confidence=0.5)
                draft.warnings.append(
                    f"{draft.file} has no column for {name} ({BY_NAME[name].meaning}): {source.header!r} stands in for it."
                )
    _lesser_headers(draft)
    _persons(draft, constants)


def _lesser_headers(draft: Draft) -> None:
    """Read headers that serve where none names the column: a "Subtotal" is the charge before tax."""
    for name in draft.names.meant("stand_in"):
        places = [index for index in draft.free() if draft.names.means(draft.headers[index], name, "stand_in")]
        if name in draft.chosen or name in draft.doubts or len(places) != 1:
            continue
        if against(name, field_of(draft.headers, draft.sample, places[0]), told_by_value=True):
            continue
        how = f"no other header names {BY_NAME[name].meaning}"
        draft.chosen[name] = Assignment(name, places[0], draft.headers[places[0]], how, 0.6)
        draft.warnings.append(f"{draft.file}: {draft.shown(places[0])} was read as {name}, because {how}.")


def _persons(draft: Draft, constants: Collection[str]) -> None:
    """Read by name the persons whom the user says stand for NPIs; where names are all there is, say how to let them stand."""
    number, name = draft.chosen.get("rendering_npi"), draft.chosen.get("rendering_name")
    if number is not None and _holds_names(draft, number.index):
        draft.chosen["rendering_npi"] = replace(number, reader="parse_person", how=f"{number.how}; persons are told by name")
        if name is None:
            draft.chosen["rendering_name"] = Assignment("rendering_name", number.index, number.header, number.how)
    elif number is None and name is not None and "rendering_npi" not in constants:
        what = BY_NAME["rendering_npi"].meaning
        draft.warnings.append(
            f"{draft.file} has no column for rendering_npi ({what}): rules on one person's work are not evaluated. If each name "
            f"under {name.header.strip()!r} is one person who treated, write under [columns] in audit.toml: "
            f'rendering_npi = "{draft.address(name.index)}".'
        )


def _holds_names(draft: Draft, index: int) -> bool:
    """Whether a field holds words and no numbers, as far as its first cells tell."""
    cells = cells_of(draft.sample, index)
    return bool(cells) and not any(sign.isdigit() for cell in cells for sign in cell)


def _is_shared(draft: Draft, name: str, other: str) -> bool:
    """Whether the number that would stand for a claim is several patients': a count of each one's visits. Then it is asked."""
    number, patient, day = (draft.chosen.get(one) for one in (other, "patient_id", "service_date"))
    if name != "claim_id" or number is None or patient is None or min(number.index, patient.index) < 0:
        return False
    owners: dict[str, set[str]] = {}
    for row in draft.sample:
        if max(number.index, patient.index) < len(row) and row[number.index].strip() and row[patient.index].strip():
            owners.setdefault(row[number.index].strip(), set()).add(row[patient.index].strip())
    if all(len(patients) == 1 for patients in owners.values()):
        return False
    said = f"{draft.file} has no column for claim_id: {draft.shown(number.index)} holds the same numbers for several patients."
    serves = (f"{draft.address(patient.index)} + {draft.address(day.index)}",) if day is not None and day.index >= 0 else ()
    mend = tuple(f'  claim_id = "{one}"  # each patient and day as one claim' for one in serves)
    draft.questions.append(
        Question(name, serves, said, ("Name the claim's number under [columns] in audit.toml, or write:", *mend))
    )
    return True
