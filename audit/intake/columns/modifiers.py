"""Headers that look like modifiers and fill none: whether a modifier stood on the claim is then not known, so it is asked."""

import csv
import re
from collections.abc import Sequence
from functools import cache

from audit import assets
from audit.intake.columns.assignments import Draft, Question
from audit.intake.columns.private import is_private
from audit.intake.columns.shapes import cells_of

COLUMNS = tuple(f"modifier_{n}" for n in range(1, 5))
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_MODIFIER = re.compile(r"mo?di?fr?s?|mods?|mdfrs?|modifiers?|modif|modfrs?")
_GLUED = re.compile(r".*(mod|mods|modifiers?|modif|mdfr|modfr)(code|cd)?\d*")
# "Modified by", "Last Mod Date", "Date Mod": a row's own history; modality, mode and module are words of their own.
_OTHER = re.compile(r"date|dt|time|by|user|on|last|at|stamp|desc|description|name|reason|count|fee|amount|amt")
_CELL = re.compile(r"[A-Za-z0-9]{2}(\.0)?([\s,;:/|-]*[A-Za-z0-9]{2})*")
_FEWEST = 5
_NEARLY_ALL = 0.9


def ask(draft: Draft) -> None:
    """Ask about left-over fields that look like modifiers, where no field fills one."""
    if any(name in draft.chosen or name in draft.doubts for name in COLUMNS):
        return
    taken = draft.taken()
    free = [index for index, header in enumerate(draft.headers) if index not in taken and not is_private(header)]
    named = [index for index in free if is_named_so(draft.headers[index]) and _may_hold(cells_of(draft.sample, index))]
    found = named or [index for index in free if _holds(cells_of(draft.sample, index))]
    if not found:
        return
    shown = " and ".join(draft.shown(index) for index in found)
    lines = [f'  {name} = "{draft.address(index)}"' for name, index in zip(COLUMNS, found, strict=False)]
    draft.questions.append(
        Question(
            COLUMNS[0],
            tuple(draft.address(index) for index in found),
            f"{draft.file}: {shown} may hold modifiers, and no other column does. Rules would take every line for one without.",
            (
                "Name them under [columns] in audit.toml:",
                *lines,
                f'If they are none, say so under [constants]: {COLUMNS[0]} = ""  # no line has a modifier',
            ),
        )
    )


def is_named_so(header: str) -> bool:
    """Whether a header says "modifier" in one of its spellings."""
    words = [word.casefold() for word in _WORDS.findall(header)]
    if any(_OTHER.fullmatch(word) for word in words):
        return False
    return any(_MODIFIER.fullmatch(word) or _GLUED.fullmatch(word) for word in words)


def _may_hold(cells: Sequence[str]) -> bool:
    return sum(_CELL.fullmatch(cell.strip()) is not None for cell in cells) >= _NEARLY_ALL * len(cells)


def _holds(cells: Sequence[str]) -> bool:
    """Whether a field under any header holds modifiers: known ones, and one of a plan of care (CO and GA are states too)."""
    codes = [cell.strip().upper() for cell in cells]
    if len(codes) < _FEWEST or not any(code in _known("plan_of_care") for code in codes):
        return False
    return sum(code in _known() for code in codes) >= _NEARLY_ALL * len(codes)


@cache
def _known(role: str = "") -> frozenset[str]:
    with (assets.reference_data() / "modifier_role.csv").open(encoding="utf-8", newline="") as stream:
        return frozenset(row["modifier"] for row in csv.DictReader(stream) if role in ("", row["role"]))
