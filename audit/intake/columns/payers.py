"""Payers that are not named: an id that is the number of an export's own record, or a class alone (`Fin Class`: MCR, COMM)."""

import re
from collections.abc import Collection

from audit.contract import PAYER_COLUMNS
from audit.intake.columns.assignments import Assignment, Draft, Question
from audit.intake.columns.names import normalized
from audit.intake.columns.private import is_private
from audit.intake.columns.shapes import cells_of
from audit.intake.columns.spelling import words_of

_RECORD = re.compile(r"\s*\d{1,4}(\.0)?\s*")
_NEARLY_ALL = 0.9
RECORD_NUMBERS = "holds numbers of the export's own records, which name no payer: every payer's class is unknown."
_OF_PAYER = frozenset({"insurance", "ins", "payer", "payor", "plan", "coverage", "carrier", "policy", "financial"})
_KIND = frozenset({"type", "class", "category", "kind", "group", "desc", "description", "name"})
_CLASS = re.compile(
    r"(fin|financial|payer|payor|insurance|ins|coverage|plan|policy)(class|cls|type|category|cat|kind)(name|desc|description|code)?"
    r"|lineofbusiness|lob"
)
_MOST_CLASSES = 20
_ORDER = re.compile(r"(?i)\W*(p|s|t|pri(mary)?|sec(ondary)?|ter(tiary)?|[123](st|nd|rd)?)\W*")


def ask(draft: Draft) -> None:
    """Where record numbers stand for the payer: ask whether a header beside them names it, else say what they are."""
    chosen = draft.chosen.get("payer_id")
    if chosen is None or chosen.index < 0:
        return
    is_given = chosen.how.startswith("named")
    if {"payer_name", "claim_filing_indicator"} & {*draft.chosen, *draft.doubts}:
        return
    cells = cells_of(draft.sample, chosen.index)
    if not cells or sum(_RECORD.fullmatch(cell) is not None for cell in cells) < _NEARLY_ALL * len(cells):
        return
    # Who names the column has answered the question; what its numbers are has to be said all the same.
    beside = [] if is_given else [index for index in draft.free() if _names_kind(draft, index)]
    if not beside:
        draft.warnings.append(
            f"{draft.file}: {draft.shown(chosen.index)} {RECORD_NUMBERS} Say what each number is, under [[payer]] in audit.toml, "
            "or export the payer's name."
        )
        return
    addresses = tuple(draft.address(index) for index in beside)
    shown = " and ".join(draft.shown(index) for index in beside)
    first, *others = (f'"{one}"' for one in addresses)
    draft.questions.append(
        Question(
            "payer_name",
            addresses,
            f"{draft.file}: {draft.shown(chosen.index)} holds numbers of the export's own records, which name no payer; "
            f"{shown} may.",
            (
                "Say which, under [columns] in audit.toml:",
                f"  payer_name = {first}" + (f"  # or {', '.join(others)}" if others else ""),
                f'  payer_id = "{draft.address(chosen.index)}"  # only this, where [[payer]] tables say what each number is',
            ),
        )
    )


def take_class(draft: Draft, constants: Collection[str]) -> None:
    """Let the payer's class stand in for its name, where the export has nothing else of the payer, with a word about it."""
    if {*PAYER_COLUMNS} & {*draft.chosen, *draft.doubts, *constants}:
        return
    places = [
        index for index in draft.free() if _CLASS.fullmatch(normalized(draft.headers[index])) and _are_classes(draft, index)
    ]
    if len(places) != 1:
        return
    (index,) = places
    how = "stands in for the payer's name, which the export lacks"
    draft.chosen["payer_name"] = Assignment("payer_name", index, draft.headers[index], how, 0.5)
    draft.warnings.append(
        f"{draft.file} has no column for the payer's name: {draft.shown(index)} stands in for it, and payers of one class count "
        "as one. Export the name for rules on one payer."
    )


def _are_classes(draft: Draft, index: int) -> bool:
    """Whether a field holds a short list of words, and not an order of coverage."""
    cells = set(cells_of(draft.sample, index))
    worded = bool(cells) and all(any(sign.isalpha() for sign in cell) for cell in cells)
    return worded and len(cells) <= _MOST_CLASSES and not all(map(_ORDER.fullmatch, cells))


def _names_kind(draft: Draft, index: int) -> bool:
    """Whether a field's header says "insurance type" or the like, and its cells are words."""
    words = set(words_of(draft.headers[index]))
    cells = cells_of(draft.sample, index)
    worded = bool(cells) and all(any(sign.isalpha() for sign in cell) for cell in cells)
    return bool(words & _OF_PAYER) and bool(words & _KIND) and worded and not is_private(draft.headers[index])
