"""Cells that hold several contract columns at once: modifiers in one cell, or a first and a last date or clock time."""

import re
from collections.abc import Sequence
from dataclasses import replace

from audit.contract import COLUMNS
from audit.intake.columns.durations import find_duration
from audit.intake.columns.mapping import Assignment, FileMapping
from audit.intake.columns.spans import part_spans

_MODIFIERS = ("modifier_1", "modifier_2", "modifier_3", "modifier_4")
_WITH_MORE = re.compile(r"\s*[A-Za-z0-9]{5}\s*[^A-Za-z0-9.\s].*|\s*[A-Za-z0-9]{5}\s+\S.*")
_DIAGNOSES = tuple(f"diagnosis_{place}" for place in range(1, 13))
_ICD = r"[A-TV-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?"
_SEVERAL_DIAGNOSES = re.compile(rf"\s*{_ICD}(\s*[,;|/\s]\s*{_ICD})+\s*[,;|]?\s*", re.IGNORECASE)
_LONE_MODIFIER_HOW = "one column that may hold several modifiers"
_BEHIND_HOW = "the modifiers behind the code in its cell"
# Ids that number the parts of another one: then 1001.0 is no 1001.
_PART = re.compile(r"\s*[0-9]+\.[0-9]*[1-9]\s*")
_IDS = ("claim_id", "original_claim_id", "patient_id", "encounter_id", "member_id", "payer_id")


def split_cells(mapping: FileMapping, file: str, headers: Sequence[str], sample: Sequence[Sequence[str]]) -> FileMapping:
    """The mapping with cells that hold several columns parted: modifiers, diagnoses, spans of dates and times.

    A column of lengths of time that no header names is taken for the minutes here too, because its cells tell the unit.
    """
    mapping = find_duration(part_spans(mapping, file, headers, sample), file, headers, sample)
    chosen = {assignment.name: assignment for assignment in mapping.assignments}
    _spread_modifiers(chosen)
    _say_what_codes_hold(chosen, sample)
    _spread_diagnoses(chosen, sample)
    _keep_parts(chosen, sample)
    return replace(mapping, assignments=_in_order(chosen))


def with_modifiers(mapping: FileMapping, held: Sequence[str]) -> FileMapping:
    """The mapping with the modifiers that cells of codes turned out to hold."""
    code = mapping.named("procedure_code")
    if code is None or not held:
        return mapping
    behind = {name: Assignment(name, code.index, code.header, _BEHIND_HOW, 0.9) for name in held}
    return replace(mapping, assignments=_in_order({one.name: one for one in mapping.assignments} | behind))


def _in_order(chosen: dict[str, Assignment]) -> tuple[Assignment, ...]:
    return tuple(chosen[column.name] for column in COLUMNS if column.name in chosen)


def _spread_modifiers(chosen: dict[str, Assignment]) -> None:
    lone = chosen.get("modifier_1")
    if lone is None or any(name in chosen for name in _MODIFIERS[1:]):
        return
    for place, name in enumerate(_MODIFIERS, start=1):
        how = f"{lone.how}; {_LONE_MODIFIER_HOW}" if place == 1 else _LONE_MODIFIER_HOW
        chosen[name] = replace(lone, name=name, how=how)


def _spread_diagnoses(chosen: dict[str, Assignment], sample: Sequence[Sequence[str]]) -> None:
    lone = chosen.get("diagnosis_1")
    if lone is None or lone.index < 0 or any(name in chosen for name in _DIAGNOSES[1:]):
        return
    if not any(_SEVERAL_DIAGNOSES.fullmatch(row[lone.index]) for row in sample if lone.index < len(row)):
        return
    for place, name in enumerate(_DIAGNOSES, start=1):
        how = f"{lone.how}; one column that holds several diagnoses"
        chosen[name] = replace(lone, name=name, how=how, cell=f"diagnosis_part({{cell}}, {place})")


def _say_what_codes_hold(chosen: dict[str, Assignment], sample: Sequence[Sequence[str]]) -> None:
    code = chosen.get("procedure_code")
    if code is None or code.index < 0:
        return
    if any(_WITH_MORE.fullmatch(row[code.index]) for row in sample if code.index < len(row)):
        chosen["procedure_code"] = replace(code, how=f"{code.how}; the code alone, apart from what stands beside it in its cell")


def _keep_parts(chosen: dict[str, Assignment], sample: Sequence[Sequence[str]]) -> None:
    for name in _IDS:
        one = chosen.get(name)
        if one is not None and one.index >= 0 and any(_PART.fullmatch(row[one.index]) for row in sample if one.index < len(row)):
            chosen[name] = replace(one, reader="trimmed")
