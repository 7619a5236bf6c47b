"""Which header of a file fills which column of the contract, and what is asked of the user where that is in doubt."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from audit.contract import BY_NAME, COLUMNS, Kind
from audit.errors import ConfigError
from audit.intake.columns import (
    folders,
    merged_cells,
    modifiers,
    payers,
    second_codes,
    stand_ins,
    statuses,
    unit_kinds,
    unread_marks,
)
from audit.intake.columns.addresses import find_columns
from audit.intake.columns.assignments import Assignment, Draft, FileMapping
from audit.intake.columns.constants import fill_in
from audit.intake.columns.given import NOTHING, Given
from audit.intake.columns.groups import ONCE_A_ROW, Groups
from audit.intake.columns.guessing import fitting, guess, settle_twins
from audit.intake.columns.headers import Candidate, candidates
from audit.intake.columns.lacks import missing_fields, questions_of, refuse_where_unclear
from audit.intake.columns.names import WEAK_ALIAS
from audit.intake.columns.private import is_private

__all__ = ["Assignment", "FileMapping", "map_columns", "missing_fields"]
_GROUP_CONFIDENCE = 0.95
_REVERSAL = (
    "CASE WHEN parse_mark({cell}) THEN 'Reversal' WHEN parse_mark({cell}) IS NULL AND NOT is_blank({cell}) THEN {cell} END"
)
# An id that is made of a patient and a day tells lines apart as well without showing either, and reports show claim numbers.
_DIGEST = "'D' || substr(sha256({cell}), 1, 12)"
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
    draft = Draft(file, headers, sample, _forced(file, headers, given.columns), given.names, merged=merged)
    merged_cells.tell(draft)
    if groups is not None:
        _by_groups(draft, groups)
    _by_name(draft)
    _hours(draft)
    _marks(draft)
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


def _forced(file: str, headers: Sequence[str], overrides: Mapping[str, str]) -> dict[str, Assignment]:
    forced = {}
    for name, wanted in overrides.items():
        if name not in BY_NAME:
            raise ConfigError(
                f"[columns] names {name!r}, which is no column of the claim-line contract.",
                f"Its columns are: {', '.join(BY_NAME)}.",
            )
        places = find_columns(file, headers, name, wanted)
        if len(places) > 1 and BY_NAME[name].kind is not Kind.TEXT:
            raise ConfigError(
                f"[columns] joins several headers to {name}, which is no text: {wanted!r}.", "Name the one header that holds it."
            )
        if len(places) == 1:
            forced[name] = Assignment(name, places[0], headers[places[0]], "named in audit.toml")
        elif places:
            header = " + ".join(headers[place].strip() for place in places)
            how = "named in audit.toml; a digest of the two" if len(places) == 2 else "named in audit.toml; a digest of them all"
            forced[name] = Assignment(name, places[0], header, how, cell=_DIGEST, joined=places[1:])
    return forced


def _by_groups(draft: Draft, groups: Groups) -> None:
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
        once |= {index: "minutes" for index, header in enumerate(draft.headers) if _is_hours(draft, header)}
    for index, name in once.items():
        draft.warnings.append(
            f"{draft.file}: {draft.headers[index].strip()!r} stands once for all groups of a row, so it was not read as each "
            f"line's {name}."
        )
    if groups.odd:
        draft.warnings.append(f"{draft.file}: {', '.join(groups.odd)} are not one for each group across, and were not read.")
    draft.left_over = set(once) | {index for index, header in enumerate(draft.headers) if header.strip() in groups.odd}


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


def _is_hours(draft: Draft, header: str) -> bool:
    return draft.names.means(header, "minutes", "hours")


def _hours(draft: Draft) -> None:
    if "minutes" in draft.chosen or "minutes" in draft.doubts:
        return
    places = [index for index, header in enumerate(draft.headers) if _is_hours(draft, header)]
    if len(places) == 1 and places[0] not in draft.taken():
        header = draft.headers[places[0]]
        draft.chosen["minutes"] = Assignment(
            "minutes", places[0], header, "its header says hours; each is 60 minutes", 0.9, reader="parse_hours"
        )


def _marks(draft: Draft) -> None:
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


def _fills(draft: Draft) -> None:
    for name in draft.names.meant("claim_date"):
        places = [index for index, header in enumerate(draft.headers) if draft.names.means(header, name, "claim_date")]
        chosen = draft.chosen.get(name)
        if chosen is not None and len(places) == 1 and places[0] != chosen.index and not chosen.how.startswith("named"):
            how = f"{chosen.how}; where it is blank, {draft.headers[places[0]]!r}"
            draft.chosen[name] = replace(chosen, fill=places[0], how=how)
