"""Headers or words that say that lines may be dead, or visits missed, and are read as no such mark.

They are told, for such a line would be audited as live.
"""

import re
from collections.abc import Sequence

from audit.intake.columns.assignments import Draft
from audit.intake.columns.private import is_private
from audit.intake.columns.shapes import cells_of
from audit.intake.columns.spelling import words_of
from audit.intake.columns.status_words import says_a_state, says_dead

_DEAD = re.compile(
    r"void(ed)?|revers(al|ed|e)|cancel(l?ed|lation)?|delet(ed|e|ion)|inactiv(e|ated)|backout|removed|hidden|obsolete|archived?|denied|denials?|reject(ed|s|ion)?"
    # Of other languages, and the columns that hold such words there.
    r"|estado|estatus|statut|anulad[oa]s?|annul(e|ee|es|led)?|storn(o|iert)|rechazad[oa]s?|denegad[oa]s?"
)
# A review's flag or a revenue's code are none of them, so that nothing is read by this word.
_REV, _FLAGS = "rev", frozenset({"flag", "ind", "indicator", "yn"})
_MARK = re.compile(r"(?i)\W*(true|false|yes|no|[tfynxvr01])\W*")
_OF_MONEY = frozenset(
    {"amount", "amt", "charge", "charges", "payment", "paid", "fee", "total", "policy", "appointment", "appt", "visit"}
)
_OF_VISITS = frozenset(
    {"appt", "appointment", "visit", "arrival", "attendance", "encounter", "session", "schedule", "show", "checkin"}
)
# The words of is_no_visit() in queries/macros for a visit that was not kept.
_MISSED = re.compile(
    r"(?i)\W*(n/?s|nshow|nosh|dna|dnka|dns|ncns|fta|lc|lcx|lcxl|cx|cxl|cxld|canx|canc|cncl)\W*"
    r"|.*\b(no[ -]?show(ed|s)?|cancel\w*|missed|did not (attend|come|keep|arrive|show)|not arrived|rescheduled?|absent)\b.*"
)
_MARKS = ("is_void", "is_deleted", "claim_status", "line_status", "denial_mark", "denial_reason")
_MOST_STATES = 12


def tell(draft: Draft) -> None:
    """A warning for each such header with filled cells, where no column marks dead lines; for one of missed visits always.

    Beside a status that is read those are told whose cells are marks, unless marks are read too.
    """
    read = {name for name in _MARKS if name in draft.chosen or name in draft.doubts}
    if not read & {"is_void", "is_deleted"}:
        _tell_dead(draft, only_marks=bool(read))
    _tell_missed(draft)


def _tell_dead(draft: Draft, *, only_marks: bool) -> None:
    taken = draft.taken()
    for index, header in enumerate(draft.headers):
        cells = cells_of(draft.sample, index)
        if (
            index in taken
            or _is_told(draft, index)
            or is_private(header)
            or not cells
            or not (_is_headed_so(header) or _are_states(cells))
            or (words_of(header) == ["estado"] and all(len(cell) == len("TX") for cell in cells))  # of an address
            or (only_marks and not all(map(_MARK.fullmatch, cells)))
        ):
            continue
        draft.warnings.append(
            f"{draft.file}: {draft.shown(index)} may say which lines are void, reversed, deleted or denied, and was not read. "
            "If it does, name it under [columns] in audit.toml: is_void where it marks a dead line, denial_mark where it marks a "
            "denied one, claim_status where it holds words."
        )


def _tell_missed(draft: Draft) -> None:
    for index in draft.free():
        cells = set(cells_of(draft.sample, index))
        if _is_told(draft, index) or not _OF_VISITS & {*words_of(draft.headers[index])} or len(cells) > _MOST_STATES:
            continue
        if any(map(_MISSED.fullmatch, cells)):
            draft.warnings.append(
                f"{draft.file}: {draft.shown(index)} says which visits were missed or cancelled, and was not read: "
                "their lines are audited as services. Leave them out of the export if they are none."
            )


def _is_told(draft: Draft, index: int) -> bool:
    return any(draft.shown(index) in warning for warning in draft.warnings)


def _is_headed_so(header: str) -> bool:
    words = set(words_of(header))
    return not words & _OF_MONEY and (any(map(_DEAD.fullmatch, words)) or (_REV in words and bool(words & _FLAGS)))


def _are_states(cells: Sequence[str]) -> bool:
    """Whether a few words, each a state that is known, say of some lines that they are dead."""
    different = set(cells)
    return len(different) <= _MOST_STATES and any(map(says_dead, different)) and all(map(says_a_state, different))
