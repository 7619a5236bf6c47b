"""Cells that hold several contract columns at once: modifiers in one cell, modifiers behind the code."""

import re
from collections.abc import Sequence
from dataclasses import replace

from audit.contract import COLUMNS
from audit.intake.columns.mapping import Assignment, FileMapping

_MODIFIERS = ("modifier_1", "modifier_2", "modifier_3", "modifier_4")
_WITH_MORE = re.compile(r"\s*[A-Za-z0-9]{5}\s*[^A-Za-z0-9.\s].*|\s*[A-Za-z0-9]{5}\s+\S.*")
_DIAGNOSES = tuple(f"diagnosis_{place}" for place in range(1, 13))
_ICD = r"[A-TV-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?"
_SEVERAL_DIAGNOSES = re.compile(rf"\s*{_ICD}(\s*[,;|/\s]\s*{_ICD})+\s*[,;|]?\s*", re.IGNORECASE)
_LONE_MODIFIER_HOW = "one column that may hold several modifiers"


def split_cells(mapping: FileMapping, sample: Sequence[Sequence[str]]) -> FileMapping:
    """The mapping with one column of modifiers spread over four, and codes parted from what is written behind them."""
    chosen = {assignment.name: assignment for assignment in mapping.assignments}
    _spread_modifiers(chosen)
    _part_codes(chosen, sample)
    _spread_diagnoses(chosen, sample)
    return replace(mapping, assignments=tuple(chosen[column.name] for column in COLUMNS if column.name in chosen))


def _spread_modifiers(chosen: dict[str, Assignment]) -> None:
    lone = chosen.get("modifier_1")
    if lone is None or any(name in chosen for name in _MODIFIERS[1:]):
        return
    for place, name in enumerate(_MODIFIERS, start=1):
        how = f"{lone.how}; {_LONE_MODIFIER_HOW}" if place == 1 else _LONE_MODIFIER_HOW
        chosen[name] = replace(lone, name=name, how=how, cell=f"modifier_part({{cell}}, {place})")


def _spread_diagnoses(chosen: dict[str, Assignment], sample: Sequence[Sequence[str]]) -> None:
    lone = chosen.get("diagnosis_1")
    if lone is None or lone.index < 0 or any(name in chosen for name in _DIAGNOSES[1:]):
        return
    if not any(_SEVERAL_DIAGNOSES.fullmatch(row[lone.index]) for row in sample if lone.index < len(row)):
        return
    for place, name in enumerate(_DIAGNOSES, start=1):
        how = f"{lone.how}; one column that holds several diagnoses"
        chosen[name] = replace(lone, name=name, how=how, cell=f"diagnosis_part({{cell}}, {place})")


def _part_codes(chosen: dict[str, Assignment], sample: Sequence[Sequence[str]]) -> None:
    code = chosen.get("procedure_code")
    if code is None or code.index < 0:
        return
    cells = [row[code.index] for row in sample if code.index < len(row)]
    if not any(_WITH_MORE.fullmatch(cell) for cell in cells):
        return
    chosen["procedure_code"] = replace(code, cell="code_alone({cell})", how=f"{code.how}; the code before what follows it")
    if any(name in chosen for name in _MODIFIERS):
        return
    for place, name in enumerate(_MODIFIERS, start=1):
        cell = f"modifier_part(modifiers_behind_code({{cell}}), {place})"
        chosen[name] = Assignment(name, code.index, code.header, "the modifiers behind the code in its cell", 0.9, cell)
