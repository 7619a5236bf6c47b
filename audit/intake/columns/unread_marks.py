"""Headers that say that lines may be dead, and are read as no such mark: told, because a void line would be audited as live."""

import re

from audit.intake.columns.assignments import Draft
from audit.intake.columns.likely import words_of
from audit.intake.columns.private import is_private
from audit.intake.columns.shapes import cells_of

_DEAD = re.compile(r"void(ed)?|revers(al|ed|e)|cancel(l?ed|lation)?|delet(ed|e|ion)|inactiv(e|ated)|backout|removed")
_OF_MONEY = frozenset(
    {"amount", "amt", "charge", "charges", "payment", "paid", "fee", "total", "policy", "appointment", "appt", "visit"}
)
_MARKS = ("is_void", "is_deleted", "claim_status")


def tell(draft: Draft) -> None:
    """A warning for each such header with filled cells, where no column marks dead lines."""
    if any(name in draft.chosen or name in draft.doubts for name in _MARKS):
        return
    taken = draft.taken()
    for index, header in enumerate(draft.headers):
        words = set(words_of(header))
        if index in taken or is_private(header) or words & _OF_MONEY or not any(map(_DEAD.fullmatch, words)):
            continue
        if cells_of(draft.sample, index):
            draft.warnings.append(
                f"{draft.file}: {draft.shown(index)} may say which lines are void, reversed or deleted, and was not read. "
                "If it does, name it under [columns] in audit.toml: is_void where it marks a dead line, "
                "claim_status where it holds words."
            )
