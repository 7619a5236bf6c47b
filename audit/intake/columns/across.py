"""The columns of a wide file: those of its groups, and what it states once a row."""

from audit.intake.columns.assignments import Assignment, Draft
from audit.intake.columns.groups import ONCE_A_ROW, Groups
from audit.intake.columns.headers import candidates
from audit.intake.columns.hours import is_hours

_GROUP_CONFIDENCE = 0.95


def take(draft: Draft, groups: Groups) -> None:
    """Take the groups' columns of a wide file, and leave what it states once a row: that is the visit's and no line's."""
    for name in groups.fields:
        how = f"one of {groups.count} groups across: {groups.span(name)}"
        chosen = draft.chosen.get(name)
        if chosen is None or chosen.index in groups.indices():
            lead = groups.lead(name)
            draft.chosen[name] = Assignment(name, lead, draft.headers[lead], how, _GROUP_CONFIDENCE)
    draft.set_apart = groups.indices()
    once = {
        option.index: name
        for name, options in candidates(draft.headers, draft.names).items()
        if name in ONCE_A_ROW and name not in draft.chosen
        for option in options
        if option.index not in draft.taken()
    }
    if "minutes" not in draft.chosen:
        once |= {index: "minutes" for index, header in enumerate(draft.headers) if is_hours(draft, header)}
    for index, name in once.items():
        draft.warnings.append(
            f"{draft.file}: {draft.headers[index].strip()!r} stands once for all groups of a row, so it was not read as each "
            f"line's {name}."
        )
    if groups.odd:
        draft.warnings.append(f"{draft.file}: {', '.join(groups.odd)} are not one for each group across, and were not read.")
    draft.left_over = set(once) | {index for index, header in enumerate(draft.headers) if header.strip() in groups.odd}
