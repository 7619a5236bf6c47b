"""Headers that look like modifiers and fill none: whether a modifier stood on the claim is then not known, so it is asked."""

import csv
import re
from collections.abc import Sequence
from functools import cache

from audit import assets
from audit.intake.columns.assignments import Assignment, Draft, Question
from audit.intake.columns.names import normalized
from audit.intake.columns.private import is_private
from audit.intake.columns.shapes import cells_of

COLUMNS = tuple(f"modifier_{n}" for n in range(1, 5))
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_MODIFIER = re.compile(r"mo?di?fr?s?|mods?|mdfrs?|modifiers?|modif|modfrs?")
_GLUED = re.compile(r".*(mod|mods|modifiers?|modif|mdfr|modfr)(code|cd)?\d*")
# "Modified by", "Last Mod Date", "Date Mod": a row's own history; modality, mode and module are words of their own.
_OTHER = re.compile(r"date|dt|time|by|user|on|last|at|stamp|desc|description|name|reason|count|fee|amount|amt")
# "First Modifier", "modifier2Code", "Line Mod B": words beside it that change nothing, and the words for its place.
_BESIDE = re.compile(
    r"lines?|claims?|clm|pos|position|proc(edure)?|cpt\d?|hcpcs|px|tx|treatment|svc|srvc?|service|sv|submitted|bill(ed|ing)?|charge|item|code|cd|no|num|number"
)
_PLACES = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "primary": 1,
    "secondary": 2,
}
_PLACES |= {"tertiary": 3, "i": 1, "ii": 2, "iii": 3, "iv": 4, "a": 1, "b": 2, "c": 3, "d": 4} | {str(n): n for n in range(1, 5)}
# A list that counts from nought: "modifiers[0]".
_PLACES |= {"0": 0}
_ORDINAL_ENDS = frozenset({"st", "nd", "rd", "th"})
_CELL = re.compile(r"[A-Za-z0-9]{2}(\.0)?([\s,;:/|-]*[A-Za-z0-9]{2})*")
_FEWEST = 5
_TAKEN_CONFIDENCE = 0.8
_NEARLY_ALL = 0.9


def ask(draft: Draft) -> None:
    """Take left-over fields whose headers say which modifier they hold, where no field fills one; ask about others like one."""
    if _take_repeats(draft):
        return
    if any(name in draft.chosen or name in draft.doubts for name in COLUMNS):
        _tell_of_more(draft)
        return
    taken = draft.taken()
    free = [index for index, header in enumerate(draft.headers) if index not in taken and not is_private(header)]
    named = [index for index in free if is_named_so(draft.headers[index]) and _may_hold(cells_of(draft.sample, index))]
    if _take_places(draft, named):
        return
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


def _tell_of_more(draft: Draft) -> None:
    """Beside modifiers that are mapped: take a field whose header says a place that is free ("Mods 2"), and tell of others."""
    taken = draft.taken()
    for index, header in enumerate(draft.headers):
        cells = cells_of(draft.sample, index)
        if index in taken or is_private(header) or not is_named_so(header) or not cells or not _may_hold(cells):
            continue
        place = place_of(header)
        name = COLUMNS[place - 1] if place else ""
        if name and name not in draft.chosen and name not in draft.doubts:
            draft.chosen[name] = Assignment(name, index, header, "by the words of its header", _TAKEN_CONFIDENCE)
            said = f"was taken for {name}, because its header says so. If that is wrong, name the right one"
        else:
            said = "may hold modifiers too, and was not read. If lines have some there that stand nowhere else, name it"
        draft.warnings.append(f"{draft.file}: {draft.shown(index)} {said} under [columns] in audit.toml.")


def place_of(header: str) -> int | None:
    """The place of the modifier that a header names in full, 2 for "Second Modifier"; None where a word more or less stands."""
    words = [word.casefold() for word in _WORDS.findall(header)]
    words = [word for before, word in zip(["", *words], words, strict=False) if not (before.isdigit() and word in _ORDINAL_ENDS)]
    places = [_PLACES[word] for word in words if word in _PLACES]
    said = [word for word in words if word not in _PLACES and not _BESIDE.fullmatch(word)]
    return places[0] if len(places) == 1 and len(said) == 1 and _MODIFIER.fullmatch(said[0]) else None


def _take_repeats(draft: Draft) -> bool:
    """Whether one header stands over several fields, and is the file's only one that does: they are the modifiers, in order.

    A file that repeats other headers too has groups of columns side by side, or was joined of two.
    """
    found = draft.doubts.get(COLUMNS[0], [])
    headers = [normalized(header) for header in draft.headers]
    repeated = {header for header in headers if header and headers.count(header) > 1}
    if repeated != {headers[index] for index in found} or len(repeated) != 1 or len(found) > len(COLUMNS):
        return False
    if any(name in draft.chosen or name in draft.doubts for name in COLUMNS[1:]):
        return False
    del draft.doubts[COLUMNS[0]]
    for name, index in zip(COLUMNS, found, strict=False):
        draft.chosen[name] = Assignment(name, index, draft.headers[index], "by the order of its header", _TAKEN_CONFIDENCE)
    draft.warnings.append(
        f"{draft.file}: {' and '.join(draft.shown(index) for index in found)} were taken for the modifiers, in this order. "
        "If that is wrong, name the right ones under [columns] in audit.toml."
    )
    return True


def _take_places(draft: Draft, found: Sequence[int]) -> bool:
    """Whether the fields said their places, each another, from the first on without a gap: then they are taken, and said."""
    by_place = {place_of(draft.headers[index]): index for index in found}
    if not found or len(by_place) < len(found) or None in by_place or len(found) > len(COLUMNS):
        return False
    places = sorted(place for place in by_place if place is not None)
    if places not in ([*range(len(found))], [*range(1, len(found) + 1)]):
        return False
    for name, place in zip(COLUMNS, places, strict=False):
        index = by_place[place]
        header = draft.headers[index]
        draft.chosen[name] = Assignment(name, index, header, "by the words of its header", _TAKEN_CONFIDENCE)
        draft.warnings.append(
            f"{draft.file}: {draft.shown(index)} was taken for {name}, because its header says so. "
            "If that is wrong, name the right one under [columns] in audit.toml."
        )
    return True


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
