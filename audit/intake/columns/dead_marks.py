"""Marks of rows that are dead (void, deleted, not active), two that say the same, and marks of reversals."""

from dataclasses import replace

from audit.intake.columns.assignments import Draft
from audit.intake.columns.guessing import fitting
from audit.intake.columns.headers import candidates

_REVERSAL = (
    "CASE WHEN parse_mark({cell}) THEN 'Reversal' WHEN parse_mark({cell}) IS NULL AND NOT is_blank({cell}) THEN {cell} END"
)


def settle(draft: Draft) -> None:
    """A second header that marks dead rows serves where the first is blank: "Void" and "Void Date" say the same."""
    for name in ("is_void", "is_deleted"):
        if name in draft.doubts:
            first, *others = draft.doubts.pop(name)
            draft.assign(next(one for one in candidates(draft.headers, draft.names)[name] if one.index == first))
            draft.chosen[name] = replace(draft.chosen[name], fill=others[0])
        chosen = draft.chosen.get(name)
        if chosen is not None and chosen.index >= 0 and chosen.fill is None and not chosen.how.startswith("named"):
            draft.chosen[name] = chosen = replace(chosen, fill=_second_mark(draft, name))
        if chosen is not None and chosen.index >= 0 and draft.names.means(chosen.header, name, "active"):
            draft.chosen[name] = replace(chosen, reader="parse_inactive", fill=None, how=f"{chosen.how}; 0 marks a dead row")
        elif chosen is not None and chosen.index >= 0:
            draft.chosen[name] = replace(chosen, reader="parse_mark")
    _reversals(draft)


def _second_mark(draft: Draft, name: str) -> int | None:
    """A field of a lesser name that marks rows in the same sense: the day beside a flag."""
    taken = draft.taken()
    free = [option for option in candidates(draft.headers, draft.names)[name] if option.index not in taken]
    alike = [
        option
        for option in fitting(draft, free)
        if not any(draft.names.means(draft.headers[option.index], name, other) for other in ("active", "reversal"))
    ]
    return alike[0].index if alike else None


def _reversals(draft: Draft) -> None:
    """A mark of reversals is a status: what is marked takes another line back, where a void goes alone."""
    mark = draft.chosen.get("is_void")
    if (
        mark is None
        or mark.index < 0
        or mark.how.startswith("named")
        or not draft.names.means(mark.header, "is_void", "reversal")
    ):
        return
    if "line_status" not in draft.chosen and "line_status" not in draft.doubts:
        del draft.chosen["is_void"]
        how = f"{mark.how}; a row that it marks is a reversal"
        draft.chosen["line_status"] = replace(mark, name="line_status", cell=_REVERSAL, reader="", how=how)
