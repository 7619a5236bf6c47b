"""Several headers that say what became of lines: which is read, which serves where another is blank, and which is told of.

A claim's status and a line's own are two columns of the contract. A third, or two of one kind, is read where it alone says that
lines were voided or denied; what is left is named, because such a line would be audited as live.
"""

from collections.abc import Sequence
from dataclasses import replace

from audit.intake.columns import reasons
from audit.intake.columns.assignments import Assignment, Draft
from audit.intake.columns.contradictions import against, field_of
from audit.intake.columns.headers import Candidate, candidates
from audit.intake.columns.shapes import cells_of
from audit.intake.columns.status_words import says_dead

STATES = ("claim_status", "line_status", "denial_mark", "denial_reason")


def settle(draft: Draft) -> None:
    """Take one of several headers of a kind, and a second status beside the first where it says more; the rest is told."""
    for name in STATES:
        doubted = draft.doubts.pop(name, [])
        if doubted:
            _take_one(draft, [one for one in candidates(draft.headers, draft.names)[name] if one.index in doubted])
    if "line_status" not in draft.chosen and "claim_status" in draft.chosen:
        _take_second_status(draft)
    reasons.take(draft)
    for name in ("denial_mark", "denial_reason"):
        others = _left(draft, (name,))
        if name in draft.chosen and draft.chosen[name].index >= 0 and others:
            draft.chosen[name] = replace(draft.chosen[name], fill=others[0])
    for index in _left(draft, STATES):
        draft.warnings.append(
            f"{draft.file}: {draft.shown(index)} may say too what became of lines, and was not read, because other columns were "
            "taken for that. If it says which were denied or void, name it under [columns] in audit.toml: line_status."
        )


def _take_one(draft: Draft, options: Sequence[Candidate]) -> None:
    """The option that alone says that lines are dead, else the first."""
    dead = [option for option in options if _says_dead(draft, option.index)]
    draft.assign(dead[0] if len(dead) == 1 else options[0])


def _take_second_status(draft: Draft) -> None:
    more = [index for index in _left(draft, ("claim_status",)) if _says_dead(draft, index)]
    if len(more) == 1:
        first = draft.chosen["claim_status"]
        how = f"a status beside {first.header.strip()!r} that says which lines were voided or denied"
        draft.chosen["line_status"] = Assignment("line_status", more[0], draft.headers[more[0]], how, first.confidence)


def _left(draft: Draft, names: Sequence[str]) -> list[int]:
    """Fields that go by a name of these columns, hold what such a column may hold, and fill nothing."""
    taken = draft.taken() | {one.fill for one in draft.chosen.values() if one.fill is not None}
    taken |= {index for one in draft.chosen.values() for index in one.beside}
    found = candidates(draft.headers, draft.names)
    return sorted(
        {option.index for name in names for option in found.get(name, ()) if option.index not in taken and _may_be(draft, option)}
    )


def _may_be(draft: Draft, option: Candidate) -> bool:
    by_value = draft.names.means(draft.headers[option.index], option.name, "told_by_value")
    field = field_of(draft.headers, draft.sample, option.index)
    return bool(field.cells) and not against(option.name, field, by_value)


def _says_dead(draft: Draft, index: int) -> bool:
    return any(map(says_dead, cells_of(draft.sample, index)))
