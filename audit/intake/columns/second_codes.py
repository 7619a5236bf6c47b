"""A further column of codes ("CPT 2") beside the one that is read: its services would vanish without a word."""

import re

from audit.intake.columns.assignments import Draft, Question
from audit.intake.columns.private import is_private
from audit.intake.columns.shapes import are_mostly_of_medicine, cells_of, share_of_shape

_NUMBERED = re.compile(r"(?i)^(?P<name>.*?)(?<![\s_.#-])[\s_.#-]*+(?P<number>[2-9]|1[0-2]|two|three|second|third)[\s_)]*$")
_SAYS_FURTHER = re.compile(
    r"(?i)\b(second(ary)?|other|additional|add'?l|further|2nd|3rd|third)\b.*\b(cpt|hcpcs|procedure|proc)\b"
)
_SAYS_CODE = re.compile(r"(?i)cpt|hcpcs|proc|px")
# CPT-4 is the code system, not a fourth code.
_SAYS_OTHER = re.compile(r"(?i)cpt[\s_-]*4$|mod|icd|diag|dx|desc|name|date|unit|qty|fee|charge|amount")
_NEARLY_ALL = 0.9


def ask(draft: Draft) -> None:
    """InputError's question where a field that is read nowhere holds codes of further services."""
    code = draft.chosen.get("procedure_code")
    if code is None or code.how.startswith("named") or draft.set_apart:
        return
    taken = draft.taken()
    found = [index for index, header in enumerate(draft.headers) if index not in taken and _is_further(draft, index, header)]
    if not found:
        return
    shown = " and ".join(draft.shown(index) for index in found)
    draft.questions.append(
        Question(
            "procedure_code",
            tuple(draft.address(index) for index in found),
            f"{draft.file}: {shown} {'hold' if len(found) > 1 else 'holds'} further procedure codes: "
            "a row is of several services.",
            (
                "An audit needs one row for each service, with its own units and amounts: export the lines of the claims.",
                "If a row is one service all the same, say which code is its own under [columns] in audit.toml:",
                f'  procedure_code = "{draft.address(code.index) if code.index >= 0 else found[0]}"',
            ),
        )
    )


def _is_further(draft: Draft, index: int, header: str) -> bool:
    numbered = _NUMBERED.match(header)
    names = numbered is not None and _SAYS_CODE.search(numbered["name"]) is not None
    if is_private(header) or _SAYS_OTHER.search(header) or not (names or _SAYS_FURTHER.search(header)):
        return False
    cells = cells_of(draft.sample, index)
    return bool(cells) and share_of_shape("procedure_code", cells)[1] >= _NEARLY_ALL and are_mostly_of_medicine(cells)
