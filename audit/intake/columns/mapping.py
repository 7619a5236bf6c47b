"""Which header of a file fills which column of the contract, and what is asked of the user where that is in doubt."""

from collections.abc import Sequence
from dataclasses import replace

from audit.contract import BY_NAME, COLUMNS
from audit.intake.columns import (
    across,
    dead_marks,
    folders,
    hours,
    merged_cells,
    modifiers,
    named_in_settings,
    payers,
    second_codes,
    stand_ins,
    statuses,
    unit_kinds,
    unread_marks,
)
from audit.intake.columns.assignments import Assignment, Draft, FileMapping
from audit.intake.columns.constants import fill_in
from audit.intake.columns.given import NOTHING, Given
from audit.intake.columns.groups import Groups
from audit.intake.columns.guessing import fitting, guess, settle_twins
from audit.intake.columns.headers import Candidate, candidates
from audit.intake.columns.lacks import missing_fields, questions_of, refuse_where_unclear
from audit.intake.columns.names import WEAK_ALIAS
from audit.intake.columns.private import is_private

__all__ = ["Assignment", "FileMapping", "map_columns", "missing_fields"]
# Words beside a line: two columns that may hold them are no reason to refuse a file.
_WORDS_BESIDE = frozenset(
    {"note_text", "body_region", "techniques", "clinical_justification", "treatment_response", "location", "rendering_name"}
)


def map_columns(
    file: str,
    headers: Sequence[str],
    given: Given = NOTHING,
    sample: Sequence[Sequence[str]] = (),
    *,
    groups: Groups | None = None,
    merged: frozenset[int] = frozenset(),
    require: bool = True,
) -> FileMapping:
    """Match headers to the contract.

    `sample` are first rows, for guesses by value; `groups` are those of a wide file; `merged` are fields with cells that are
    merged over several rows. InputError where a required column is missing or something has to be asked of the user; with
    `require` off nothing is asked, and the questions stand in the mapping. ConfigError where an override names a column that
    the contract does not have.
    """
    draft = Draft(file, headers, sample, named_in_settings.chosen(file, headers, given.columns), given.names, merged=merged)
    merged_cells.tell(draft)
    if groups is not None:
        across.take(draft, groups)
    _by_name(draft)
    hours.take(draft)
    dead_marks.settle(draft)
    statuses.settle(draft)
    guess(draft)
    stand_ins.fill(draft, given.constants)
    payers.take_class(draft, given.constants)
    _fills(draft)
    folders.fill_in(draft, given.folders)
    fill_in(draft, given.constants)
    modifiers.ask(draft)
    second_codes.ask(draft)
    unit_kinds.join(draft)
    unread_marks.tell(draft)
    payers.ask(draft)
    if require:
        refuse_where_unclear(draft, given.constants)
    used = draft.taken() - set(draft.left_over) | {one.fill for one in draft.chosen.values() if one.fill is not None}
    used |= {index for one in draft.chosen.values() if one.joined for index in (one.index, *one.joined)}
    used |= {index for one in draft.chosen.values() for index in one.beside}
    rest = [header for index, header in enumerate(headers) if index not in used]
    return FileMapping(
        assignments=tuple(draft.chosen[column.name] for column in COLUMNS if column.name in draft.chosen),
        unmapped=tuple(header for header in rest if not is_private(header)),
        private=tuple(header for header in rest if is_private(header)),
        warnings=tuple(draft.warnings),
        questions=(*questions_of(draft), *draft.questions),
    )


def _by_name(draft: Draft) -> None:
    """Take the best tier of names for each column; two headers of that tier are asked about, unless values settle it."""
    found = candidates(draft.headers, draft.names)
    forced = draft.taken()
    best: dict[str, list[Candidate]] = {}
    for name, options in found.items():
        free = [option for option in options if option.index not in forced and not draft.is_name(option.index)]
        if name not in draft.chosen:
            free = fitting(draft, free)
        if name not in draft.chosen and free:
            best[name] = [option for option in free if option.tier == free[0].tier]
    # Stronger names first, so that a weak one never takes a header that is another column's true name.
    for options in sorted(best.values(), key=lambda options: options[0].tier):
        left = [option for option in options if option.index not in draft.taken()]
        if len(left) == 1:
            draft.assign(left[0])
        elif left and _may_lack(left[0]):
            _leave_tie(draft, left)
        elif left and not settle_twins(draft, left):
            draft.doubts[left[0].name] = [option.index for option in left]


def _may_lack(option: Candidate) -> bool:
    """Whether an audit can do without what the name only may mean: words beside the line, by which no line is told or priced."""
    return option.tier >= WEAK_ALIAS and option.name in _WORDS_BESIDE


def _leave_tie(draft: Draft, options: Sequence[Candidate]) -> None:
    headers = [draft.headers[option.index].strip() for option in options]
    shown = " and ".join(draft.shown(option.index) for option in options)
    name = options[0].name
    both = f'{name} = "{" + ".join(headers)}" reads them together' if len(set(headers)) == len(headers) else "name one"
    draft.warnings.append(
        f"{draft.file}: {shown} could each be {name} ({BY_NAME[name].meaning}): none of them was read. Name the right one under "
        f"[columns] in audit.toml; {both}."
    )


def _fills(draft: Draft) -> None:
    for name in draft.names.meant("claim_date"):
        places = [index for index, header in enumerate(draft.headers) if draft.names.means(header, name, "claim_date")]
        chosen = draft.chosen.get(name)
        if chosen is not None and len(places) == 1 and places[0] != chosen.index and not chosen.how.startswith("named"):
            how = f"{chosen.how}; where it is blank, {draft.headers[places[0]]!r}"
            draft.chosen[name] = replace(chosen, fill=places[0], how=how)
