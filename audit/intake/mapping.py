"""Which header of a file fills which column of the contract, and what is asked of the user where that is in doubt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.contract import BY_NAME, COLUMNS, PAYER_COLUMNS, REQUIRED
from audit.errors import ConfigError, InputError
from audit.intake.headers import Candidate, candidates, normalized

# Intake can number the lines of a claim itself, in the order of the file.
_MADE_BY_INTAKE = frozenset({"claim_line_number"})


@dataclass(frozen=True, slots=True)
class Assignment:
    """Contract column `name` is read from field `index`. `how` says why; `confidence` runs from 0 to 1.

    `cell` is SQL over `{cell}`, the raw text of the field, where the text needs work before it is read as its kind.
    """

    name: str
    index: int
    header: str
    how: str
    confidence: float = 1.0
    cell: str = "{cell}"


@dataclass(frozen=True, slots=True)
class FileMapping:
    """A file's assignments in contract order, and the headers that fill nothing."""

    assignments: tuple[Assignment, ...]
    unmapped: tuple[str, ...]

    def named(self, name: str) -> Assignment | None:
        """The assignment of a contract column, None where the file has nothing for it."""
        return next((assignment for assignment in self.assignments if assignment.name == name), None)


def map_columns(file: str, headers: Sequence[str], overrides: Mapping[str, str]) -> FileMapping:
    """Match headers to the contract.

    `overrides` maps contract column to header and wins over every guess. InputError where a required column is missing,
    or two headers claim one column; ConfigError where an override names a column that the contract does not have.
    """
    forced = _forced(file, headers, overrides)
    taken = {assignment.index for assignment in forced.values()}
    chosen = dict(forced)
    for name, options in candidates(headers).items():
        free = [option for option in options if option.index not in taken]
        if name not in forced and free:
            chosen[name] = _single(file, headers, free)
    _require(file, headers, set(chosen))
    used = {assignment.index for assignment in chosen.values()}
    ordered = tuple(chosen[column.name] for column in COLUMNS if column.name in chosen)
    return FileMapping(ordered, tuple(header for index, header in enumerate(headers) if index not in used))


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
        if not places:
            continue
        if len(places) > 1:
            raise InputError(
                f"{file} has the header {wanted!r} {len(places)} times, and [columns] maps {name} to it.",
                "Rename one of them in the export, so that it is plain which is meant.",
            )
        forced[name] = Assignment(name, places[0], headers[places[0]], "named in audit.toml")
    return forced


def _single(file: str, headers: Sequence[str], options: Sequence[Candidate]) -> Assignment:
    best = options[0]
    if len(options) == 1:
        return Assignment(best.name, best.index, headers[best.index], best.how)
    shown = " and ".join(f"{headers[option.index]!r} (column {option.index + 1})" for option in options)
    if len({normalized(headers[option.index]) for option in options}) == 1:
        mend = f"Rename one of them in the export, or map {best.name} to another header under [columns] in audit.toml."
    else:
        mend = f'Say which, under [columns] in audit.toml: {best.name} = "{headers[best.index].strip()}"'
    raise InputError(f"{file}: {shown} could each be {best.name} ({BY_NAME[best.name].meaning}).", mend)


def _require(file: str, headers: Sequence[str], have: set[str]) -> None:
    missing = [name for name in REQUIRED if name not in have and name not in _MADE_BY_INTAKE]
    payer = not any(name in have for name in PAYER_COLUMNS)
    if not missing and not payer:
        return
    fields = [f"{name} ({BY_NAME[name].meaning})" for name in missing]
    if payer:
        fields.append(f"a payer ({', '.join(PAYER_COLUMNS[:-1])} or {PAYER_COLUMNS[-1]})")
    example = missing[0] if missing else PAYER_COLUMNS[0]
    shown = ", ".join(header.strip() or "(blank)" for header in headers) or "none"
    raise InputError(
        f"{file} has no column for {'; '.join(fields)}. Its headers are: {shown}.",
        f'Name the column that holds it under [columns] in audit.toml: {example} = "<header>"',
    )
