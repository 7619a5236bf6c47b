"""Values that audit.toml gives under [constants]: for what a file lacks, and for the blank cells of a column that it has.

An empty value says that no line has the thing, whatever stands under a header that may hold it; what is passed over is named.
"""

from collections.abc import Mapping
from dataclasses import replace

from audit.contract import BY_NAME
from audit.intake.columns.assignments import Assignment, Draft
from audit.intake.columns.headers import candidates
from audit.intake.columns.names import ALIAS
from audit.intake.raw import sql_text


def stands_for_all(draft: Draft, constants: Mapping[str, str]) -> set[str]:
    """The columns whose constant goes before whatever the file holds: the empty ones, and those that no header names in full."""
    named = {
        name
        for name, options in candidates(draft.headers, draft.names).items()
        if sum(option.tier <= ALIAS for option in options) == 1
    }
    return {name for name, value in constants.items() if name in BY_NAME and (not value.strip() or name not in named)}


def fill_in(draft: Draft, constants: Mapping[str, str]) -> None:
    """Take the constants into the mapping; what the file has too stays, and that is said."""
    for name, value in constants.items():
        chosen = draft.chosen.get(name)
        if name not in BY_NAME or (chosen is not None and not value.strip()):
            continue
        if chosen is None:
            cell = sql_text(value) if value.strip() else "CAST(NULL AS VARCHAR)"
            draft.chosen[name] = Assignment(name, -1, "", f"{value!r} on every row, by audit.toml", cell=cell)
            _warn_of_passed_over(draft, name, value)
        elif not chosen.joined:
            cell = f"CASE WHEN is_blank({{cell}}) THEN {sql_text(value)} ELSE {chosen.cell} END"
            draft.chosen[name] = replace(chosen, cell=cell, how=f"{chosen.how}; {value!r} where it is blank, by audit.toml")
            said = f"fills {name}; the constant {value!r} of audit.toml stands only where that is blank."
            draft.warnings.append(f"{draft.file}: {draft.shown(chosen.index)} {said}")
        else:
            draft.warnings.append(f"{draft.file}: [columns] makes {name} of several headers; its constant {value!r} is not used.")


def _warn_of_passed_over(draft: Draft, name: str, value: str) -> None:
    """Headers that name the column in full and are not read, because the constant stands for all."""
    places = [option.index for option in candidates(draft.headers, draft.names).get(name, []) if option.tier <= ALIAS]
    free = [place for place in places if place not in draft.taken() and not draft.is_name(place)]
    if free:
        shown, verb = " and ".join(map(draft.shown, sorted(free))), "are" if len(free) > 1 else "is"
        draft.warnings.append(
            f"{draft.file}: {shown} may hold {name} and {verb} not read: audit.toml says {value!r} for every row."
        )
