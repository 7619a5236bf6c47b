"""What fills the contract's columns in one file, and the mapping while it is being made."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from audit.intake.columns.addresses import address
from audit.intake.columns.entries import Entries
from audit.intake.columns.headers import Candidate
from audit.intake.columns.names import Names
from audit.intake.columns.private import is_private
from audit.intake.columns.shapes import cells_of


@dataclass(frozen=True, slots=True)
class Assignment:
    """Contract column `name` is read from field `index`. `how` says why; `confidence` runs from 0 to 1.

    `cell` is SQL over `{cell}`, the raw text of the field, where the text needs work before it is read; `reader` is the
    macro that reads it where that is not the column's usual one; `fill` is a second field for rows that leave it blank, or, of
    a mark, do not set it; `joined` are further fields whose texts follow the first one's, where none is blank; `beside` are
    such of which any may be blank; `constant` stands in rows where all of that is blank.
    """

    name: str
    index: int
    header: str
    how: str
    confidence: float = 1.0
    cell: str = "{cell}"
    reader: str = ""
    fill: int | None = None
    joined: tuple[int, ...] = ()
    beside: tuple[int, ...] = ()
    constant: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the user about a contract column: the addresses of the fields that may fill it, a sentence, the mend."""

    name: str
    candidates: tuple[str, ...]
    sentence: str
    mend: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileMapping:
    """A file's assignments in contract order, the headers that fill nothing, and those of patients' data, left out.

    `questions` are open where the mapping was made without asking; `entries` tells rows of a ledger that are no services.
    """

    assignments: tuple[Assignment, ...]
    unmapped: tuple[str, ...]
    private: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    entries: Entries | None = None

    def named(self, name: str) -> Assignment | None:
        """The assignment of a contract column, None where the file has nothing for it."""
        return next((assignment for assignment in self.assignments if assignment.name == name), None)


@dataclass(slots=True)
class Draft:
    """A mapping in the making.

    `set_apart` are fields that the file's layout has spoken for, `left_over` fields that it keeps from being read, `merged`
    fields with cells that are merged over several rows;
    `doubts` are contract columns that several fields could fill, `questions` what else is not clear: the user is asked.
    """

    file: str
    headers: Sequence[str]
    sample: Sequence[Sequence[str]]
    chosen: dict[str, Assignment]
    names: Names
    set_apart: Collection[int] = ()
    left_over: Collection[int] = frozenset()
    merged: frozenset[int] = frozenset()
    warnings: list[str] = field(default_factory=list)
    doubts: dict[str, list[int]] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)

    def taken(self) -> set[int]:
        """Fields that are spoken for: filled in, settled by the file's layout, or asked about."""
        asked = {index for indices in self.doubts.values() for index in indices}
        # A field that is joined to others for one column is still free to be a column of its own.
        filled = {one.index for one in self.chosen.values() if not one.joined}
        return filled | {*self.set_apart, *self.left_over} | asked

    def left(self) -> list[str]:
        """The headers of fields that fill nothing yet."""
        taken = self.taken()
        return [header for index, header in enumerate(self.headers) if index not in taken]

    def free(self) -> list[int]:
        """Fields that may still be guessed by value: patients' names and addresses never are."""
        taken = self.taken()
        return [index for index, header in enumerate(self.headers) if index not in taken and not is_private(header)]

    def assign(self, candidate: Candidate, because: str = "", confidence: float | None = None) -> None:
        """Take a header that goes by the column's name; `because` says what else spoke for it."""
        sure = candidate.confidence if confidence is None else confidence
        header = self.headers[candidate.index]
        self.chosen[candidate.name] = Assignment(candidate.name, candidate.index, header, f"{candidate.how}{because}", sure)

    def shown(self, index: int) -> str:
        """A field in a sentence: its header and where it stands."""
        return f"{self.headers[index].strip()!r} (column {index + 1})"

    def is_name(self, index: int) -> bool:
        """Whether a field whose header says "Patient" holds names and no numbers, as far as its first cells tell."""
        header = self.headers[index]
        if not is_private(header):
            return False
        cells = cells_of(self.sample, index)
        numbered = sum(any(sign.isdigit() for sign in cell) for cell in cells)
        return 2 * numbered <= len(cells) if cells else "#" not in header

    def address(self, index: int) -> str:
        """A field as audit.toml may name it."""
        return address(self.headers, index)
