"""Which header of a file fills which column of the contract, and what is asked of the user where that is in doubt."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from audit.contract import BY_NAME, COLUMNS, PAYER_COLUMNS, REQUIRED
from audit.errors import ConfigError, InputError
from audit.intake.headers import Candidate, candidates, normalized
from audit.intake.known_names import FILLS, HOURS, STAND_INS
from audit.intake.private import is_private
from audit.intake.raw import sql_text
from audit.intake.shapes import SHAPES, columns_of_shape

# Intake can number the lines of a claim itself, in the order of the file.
_MADE_BY_INTAKE = frozenset({"claim_line_number"})
# Guessed by their values only where they are required, or where there is exactly one such column and no name for it.
_MOST_SHOWN = 40
_PERSONS = frozenset({"client", "patient", "patientname", "clientname", "ptname", "membername", "name"})
_GUESSED = ("procedure_code", "service_date", "rendering_npi", "member_id")


@dataclass(frozen=True, slots=True)
class Assignment:
    """Contract column `name` is read from field `index`. `how` says why; `confidence` runs from 0 to 1.

    `cell` is SQL over `{cell}`, the raw text of the field, where the text needs work before it is read; `reader` is the
    macro that reads it where that is not the column's usual one; `fill` is a second field for rows that leave it blank.
    """

    name: str
    index: int
    header: str
    how: str
    confidence: float = 1.0
    cell: str = "{cell}"
    reader: str = ""
    fill: int | None = None


@dataclass(frozen=True, slots=True)
class FileMapping:
    """A file's assignments in contract order, the headers that fill nothing, and those of patients' data, left out."""

    assignments: tuple[Assignment, ...]
    unmapped: tuple[str, ...]
    private: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def named(self, name: str) -> Assignment | None:
        """The assignment of a contract column, None where the file has nothing for it."""
        return next((assignment for assignment in self.assignments if assignment.name == name), None)


@dataclass(slots=True)
class _Draft:
    """A mapping in the making."""

    file: str
    headers: Sequence[str]
    sample: Sequence[Sequence[str]]
    chosen: dict[str, Assignment]
    warnings: list[str] = field(default_factory=list)

    def taken(self) -> set[int]:
        return {assignment.index for assignment in self.chosen.values()}

    def assign(self, candidate: Candidate) -> None:
        header = self.headers[candidate.index]
        self.chosen[candidate.name] = Assignment(candidate.name, candidate.index, header, candidate.how, candidate.confidence)


def map_columns(
    file: str,
    headers: Sequence[str],
    overrides: Mapping[str, str],
    sample: Sequence[Sequence[str]] = (),
    constants: Mapping[str, str] = {},
    *,
    require: bool = True,
) -> FileMapping:
    """Match headers to the contract.

    `overrides` maps contract column to header and wins over every guess; `sample` are first rows, for guesses by value;
    `constants` are columns that the user fills by one value. InputError where a required column is missing (unless
    `require` is off) or two headers claim one column; ConfigError where an override names a column that the contract
    does not have.
    """
    draft = _Draft(file, headers, sample, _forced(file, headers, overrides))
    _by_name(draft, constants)
    _hours(draft)
    _by_value(draft)
    _stand_ins(draft)
    _fills(draft)
    for name, value in constants.items():
        if name in BY_NAME and name not in draft.chosen:
            draft.chosen[name] = Assignment(name, -1, "", f"{value!r} on every row, by audit.toml", cell=sql_text(value))
    if require:
        _require(draft, constants)
    used = draft.taken() | {one.fill for one in draft.chosen.values() if one.fill is not None}
    rest = [header for index, header in enumerate(headers) if index not in used]
    return FileMapping(
        assignments=tuple(draft.chosen[column.name] for column in COLUMNS if column.name in draft.chosen),
        unmapped=tuple(header for header in rest if not is_private(header)),
        private=tuple(header for header in rest if is_private(header)),
        warnings=tuple(draft.warnings),
    )


def _forced(file: str, headers: Sequence[str], overrides: Mapping[str, str]) -> dict[str, Assignment]:
    forced = {}
    for name, wanted in overrides.items():
        if name not in BY_NAME:
            raise ConfigError(
                f"[columns] names {name!r}, which is no column of the claim-line contract.",
                f"Its columns are: {', '.join(BY_NAME)}.",
            )
        places = [index for index, header in enumerate(headers) if normalized(header) == normalized(wanted)]
        exact = [index for index in places if headers[index].strip() == wanted.strip()]
        places = exact or places
        if len(places) > 1:
            raise InputError(
                f"{file} has the header {wanted!r} {len(places)} times, and [columns] maps {name} to it.",
                "Rename one of them in the export, so that it is plain which is meant.",
            )
        if places:
            forced[name] = Assignment(name, places[0], headers[places[0]], "named in audit.toml")
    return forced


def _by_name(draft: _Draft, constants: Mapping[str, str]) -> None:
    """Take the best tier of names for each column; two headers of that tier are asked about."""
    found = candidates(draft.headers)
    forced = draft.taken()
    best: dict[str, list[Candidate]] = {}
    for name, options in found.items():
        free = [option for option in options if option.index not in forced]
        if name not in draft.chosen and name not in constants and free:
            best[name] = [option for option in free if option.tier == free[0].tier]
    # Stronger names first, so that a weak one never takes a header that is another column's true name.
    for options in sorted(best.values(), key=lambda options: options[0].tier):
        left = [option for option in options if option.index not in draft.taken()]
        if len(left) > 1:
            _ask(draft, left)
        if left:
            draft.assign(left[0])


def _ask(draft: _Draft, options: Sequence[Candidate]) -> None:
    name = options[0].name
    shown = " and ".join(f"{draft.headers[option.index]!r} (column {option.index + 1})" for option in options)
    if len({normalized(draft.headers[option.index]) for option in options}) == 1:
        mend = f"Rename one of them in the export, or map {name} to another header under [columns] in audit.toml."
    else:
        mend = f'Say which, under [columns] in audit.toml: {name} = "{draft.headers[options[0].index].strip()}"'
    raise InputError(f"{draft.file}: {shown} could each be {name} ({BY_NAME[name].meaning}).", mend)


def _hours(draft: _Draft) -> None:
    if "minutes" in draft.chosen:
        return
    hours = {normalized(header) for header in HOURS}
    places = [index for index, header in enumerate(draft.headers) if normalized(header) in hours]
    if len(places) == 1 and places[0] not in draft.taken():
        header = draft.headers[places[0]]
        draft.chosen["minutes"] = Assignment(
            "minutes", places[0], header, "its header says hours; each is 60 minutes", 0.9, reader="parse_hours"
        )


def _by_value(draft: _Draft) -> None:
    for name in _GUESSED:
        if name in draft.chosen:
            continue
        free = [index for index, header in enumerate(draft.headers) if index not in draft.taken() and not is_private(header)]
        places = columns_of_shape(name, draft.sample, free)
        what = SHAPES[name][1]
        if len(places) == 1:
            header = draft.headers[places[0]]
            draft.chosen[name] = Assignment(name, places[0], header, f"the only column left that holds {what}", 0.7)
            draft.warnings.append(f"{draft.file}: {header!r} was taken for {name}, because it holds {what}.")


def _stand_ins(draft: _Draft) -> None:
    for name, others in STAND_INS.items():
        for other in others:
            if name not in draft.chosen and other in draft.chosen:
                source = draft.chosen[other]
                how = f"stands in for {BY_NAME[name].meaning}, which the export lacks"
                draft.chosen[name] = replace(source, name=name, how=how, confidence=0.5)
                draft.warnings.append(f"{draft.file} has no {BY_NAME[name].meaning}: {source.header!r} stands in for it.")


def _fills(draft: _Draft) -> None:
    for name, headers in FILLS.items():
        known = {normalized(header) for header in headers}
        places = [index for index, header in enumerate(draft.headers) if normalized(header) in known]
        chosen = draft.chosen.get(name)
        if chosen is not None and len(places) == 1 and places[0] != chosen.index and not chosen.how.startswith("named"):
            how = f"{chosen.how}; where it is blank, {draft.headers[places[0]]!r}"
            draft.chosen[name] = replace(chosen, fill=places[0], how=how)


def missing_fields(have: Collection[str]) -> tuple[tuple[str, ...], bool]:
    """The required columns that are not among `have`, and whether no column names the payer."""
    missing = tuple(name for name in REQUIRED if name not in have and name not in _MADE_BY_INTAKE)
    return missing, not any(name in have for name in PAYER_COLUMNS)


def _require(draft: _Draft, constants: Mapping[str, str]) -> None:
    missing, payer = missing_fields(set(draft.chosen) | set(constants))
    if not missing and not payer:
        return
    fields = [f"{name} ({BY_NAME[name].meaning})" for name in missing]
    if payer:
        fields.append(f"a payer ({', '.join(PAYER_COLUMNS[:-1])} or {PAYER_COLUMNS[-1]})")
    example = missing[0] if missing else PAYER_COLUMNS[0]
    raise InputError(
        f"{draft.file} has no column for {'; '.join(fields)}. Its headers are: {_shown(draft.headers)}.",
        f'Name the column that holds it under [columns] in audit.toml: {example} = "<header>"\n'
        f"`claims-audit init` drafts that file.{_name_instead(draft, missing)}",
    )


def _shown(headers: Sequence[str]) -> str:
    named = [header.strip() for header in headers if header.strip()]
    more = f" and {len(named) - _MOST_SHOWN} more" if len(named) > _MOST_SHOWN else ""
    return (", ".join(named[:_MOST_SHOWN]) or "none") + more


def _name_instead(draft: _Draft, missing: Sequence[str]) -> str:
    """Where only a name tells patients apart, say that the user may choose it; intake does not do so by itself."""
    names = [header for header in draft.headers if is_private(header) and normalized(header) in _PERSONS]
    if "patient_id" not in missing or not names:
        return ""
    return f'\n{names[0]!r} holds names and is not loaded; to tell patients apart by it, write patient_id = "{names[0]}".'
