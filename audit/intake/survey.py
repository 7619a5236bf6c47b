"""What an export's files hold, told from their headers and first rows alone: for audit.toml's first draft.

Cells are shown as they stand only in columns of codes that name no patient, and only where they look like such a code;
of every other column the shape alone is told ("A######"), so that no patient's data comes into a settings file.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from audit.contract import BY_NAME, PAYER_COLUMNS, Kind
from audit.errors import InputError
from audit.files.door import scratch_folder
from audit.intake.columns.addresses import address
from audit.intake.columns.assignments import Question
from audit.intake.columns.cells import split_cells
from audit.intake.columns.given import NOTHING, Given
from audit.intake.columns.likely import in_words_or_place, likely_each
from audit.intake.columns.mapping import Assignment, FileMapping, map_columns, missing_fields
from audit.intake.columns.shapes import shape_of
from audit.intake.columns.unfound import refuse, unfound
from audit.intake.files.sources import present
from audit.intake.files.unpack import opened_up
from audit.intake.opening import Export, laid_out, open_export

_MOST_SAMPLES = 3
_LONGEST_SHAPE = 24
# Columns whose values stand in code lists, and how a value must look to be one of them.
_SHOWN = {
    "procedure_code": re.compile(r"[A-Za-z0-9]{5}"),
    **{f"modifier_{n}": re.compile(r"[A-Za-z0-9]{2}") for n in range(1, 5)},
    "units": re.compile(r"\d{1,3}(\.\d{1,4})?"),
    "claim_frequency_code": re.compile(r"\d"),
    "place_of_service": re.compile(r"\d{1,2}"),
    "claim_filing_indicator": re.compile(r"[A-Za-z0-9]{2}"),
    "payer_sequence": re.compile(r"[PSTpst]"),
    "rendering_taxonomy": re.compile(r"[A-Za-z0-9]{10}"),
}


@dataclass(frozen=True, slots=True)
class Guess:
    """A contract column, the header that fills it, why, and what its cells look like."""

    name: str
    header: str
    how: str
    confidence: float
    looks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SurveyedFile:
    """One file: its guesses in contract order, what is left over, and the required columns that it lacks."""

    name: str
    guesses: tuple[Guess, ...]
    unmapped: tuple[str, ...]
    private: tuple[str, ...]
    missing: tuple[str, ...]
    lacks_payer: bool
    questions: tuple[Question, ...] = ()
    likely: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Whether the file holds all that an audit needs, and nothing of it is open."""
        return not self.missing and not self.lacks_payer and not self.questions


@dataclass(frozen=True, slots=True)
class Survey:
    """The files, and the [columns] table that reads every one of them just as they are read without it."""

    files: tuple[SurveyedFile, ...]
    columns: Mapping[str, str]

    @property
    def is_ready(self) -> bool:
        """Whether every file holds all that an audit needs."""
        return all(file.is_ready for file in self.files)

    @property
    def lacks_nothing_but_payer(self) -> bool:
        """Whether no file names the payer, and nothing else is missing."""
        return all(file.lacks_payer and not file.missing and not file.questions for file in self.files)


def survey(sources: Sequence[Path], given: Given = NOTHING) -> Survey:
    """Look at each file's header and first rows. InputError where a file cannot be opened or two headers claim one column."""
    exports = []
    with present(sources), scratch_folder() as folder, duckdb.connect(":memory:") as con:
        for number, source in enumerate(opened_up(sources, folder)):
            scratch = folder / str(number)
            scratch.mkdir()
            exports.append(open_export(con, source.path, source.name, scratch))
    every = [header for export in exports for header in export.headers]
    refuse(unfound(given.columns, every), every)
    mappings = [_mapped_or_none(export, given) for export in exports]
    files = tuple(_file(export, mapping, given) for export, mapping in zip(exports, mappings, strict=True))

    def reads_alike(columns: Mapping[str, str]) -> bool:
        named = [_mapped_or_none(export, given.with_columns(columns)) for export in exports]
        return all(_readings(one) == _readings(other) for one, other in zip(named, mappings, strict=True))

    return Survey(files, _harmless(_agreed(files), reads_alike))


def _mapped(export: Export, given: Given) -> FileMapping:
    export = laid_out(export, given)
    groups, merged = export.layout.groups, export.opened.merged
    given = given.within(export.folders)
    mapping = map_columns(export.name, export.headers, given, export.sample, groups=groups, merged=merged, require=False)
    return split_cells(mapping, export.name, export.headers, export.sample)


def _mapped_or_none(export: Export, given: Given) -> FileMapping | None:
    try:
        return _mapped(export, given)
    except InputError:
        return None


def _file(export: Export, mapping: FileMapping | None, given: Given) -> SurveyedFile:
    if mapping is None:
        return _unclear(export, given)
    export = laid_out(export, given)
    asked = {question.name for question in mapping.questions}
    missing, lacks_payer = missing_fields({*asked, *(one.name for one in mapping.assignments)})
    left = [header for header in mapping.unmapped if header.strip()]
    return SurveyedFile(
        name=export.name,
        guesses=tuple(_guess(export, one) for one in mapping.assignments if one.index >= 0),
        unmapped=in_words_or_place(export.headers, left),
        private=mapping.private,
        missing=missing,
        lacks_payer=lacks_payer,
        questions=mapping.questions,
        likely=likely_each((*missing, *(PAYER_COLUMNS[:1] if lacks_payer else ())), left),
    )


def _unclear(export: Export, given: Given) -> SurveyedFile:
    """A file whose layout is open: the question is what a run would refuse it with."""
    try:
        _mapped(export, given)
        said = ""
    except InputError as error:
        said = str(error)
    question = Question("procedure_code", (), said, ())
    return SurveyedFile(export.name, (), (), (), (), lacks_payer=False, questions=(question,))


def _guess(export: Export, one: Assignment) -> Guess:
    cells = [row[one.index].strip() for row in export.sample if one.index < len(row) and row[one.index].strip()]
    header = " + ".join(address(export.headers, index) for index in (one.index, *one.joined))
    return Guess(one.name, header, one.how, one.confidence, looks(one.name, cells))


def _agreed(files: Sequence[SurveyedFile]) -> dict[str, str]:
    """Contract columns that every file that has them fills from one and the same header."""
    headers: dict[str, set[str]] = {}
    for file in files:
        for guess in file.guesses:
            headers.setdefault(guess.name, set()).add(guess.header)
    return {name: next(iter(found)) for name, found in headers.items() if len(found) == 1 and "" not in found}


def _harmless(columns: Mapping[str, str], reads_alike: Callable[[Mapping[str, str]], bool]) -> dict[str, str]:
    """Those columns that, named in audit.toml, change nothing: a header may be read in a way that naming it ends."""
    if reads_alike(columns):
        return dict(columns)
    kept: dict[str, str] = {}
    for name, header in columns.items():
        if reads_alike({**kept, name: header}):
            kept[name] = header
    return kept


def _readings(mapping: FileMapping | None) -> list[tuple[str, int, str, str, int | None, tuple[int, ...]]]:
    assignments = mapping.assignments if mapping else ()
    return [(one.name, one.index, one.cell, one.reader, one.fill, one.joined) for one in assignments]


def looks(name: str, cells: Sequence[str]) -> tuple[str, ...]:
    """The first different values of a column of codes, or the first different shapes of any other column."""
    column = BY_NAME[name]
    if column.kind is Kind.TEXT and any(" " in cell and len(cell) > _LONGEST_SHAPE for cell in cells):
        return ("text",)
    pattern = _SHOWN.get(name)
    seen: dict[str, None] = {}
    for cell in cells:
        seen.setdefault(cell if pattern is not None and pattern.fullmatch(cell) else shape(cell))
        if len(seen) == _MOST_SAMPLES:
            break
    return tuple(seen)


def shape(cell: str) -> str:
    """A cell with every digit as # and every letter as A: "C251100001" becomes "A#########"."""
    return shape_of(cell, _LONGEST_SHAPE)
