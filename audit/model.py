"""Frozen records that the modules hand to each other.

Amounts are `Decimal` dollars with two places, counts are rows of the export unless a name says otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from audit.terms import Reach, Status, reach


@dataclass(frozen=True, slots=True)
class EngineUsed:
    """What judged a run: the engine, and of a cluster its master and the parts into which the lines were split."""

    engine: str = "duckdb"
    master: str | None = None
    partitions: int | None = None


@dataclass(frozen=True, slots=True)
class Dollars:
    """The three amounts of a set of claim lines; None where the export has no such column."""

    charge_amount: Decimal | None = None
    allowed_amount: Decimal | None = None
    paid_amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A contract column and the export's column that fills it; `how` says why they were matched."""

    name: str
    source_column: str
    how: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the export as it was read. `name` is what findings carry in source_file; `rows` counts data rows.

    `left_out_rows` are those among them that are no claim lines: entries of a ledger, lines of a revenue code alone.
    """

    name: str
    path: Path
    format: str
    size_bytes: int
    sha256: str
    rows: int
    rejected_rows: int
    dollars: Dollars
    rejected_dollars: Dollars
    mapping: tuple[MappedColumn, ...]
    unmapped_columns: tuple[str, ...]
    private_columns: tuple[str, ...] = ()
    left_out_rows: int = 0


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why rows were refused, and how many of them (a row with two faults counts under both)."""

    column: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class Intake:
    """All that intake read. The rows themselves stand in the tables `claim_row` and `rejected_row` of the session."""

    files: tuple[SourceFile, ...]
    rejections: tuple[Rejection, ...]
    filled_columns: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    # What is good to know and asks nothing of anybody: totals of the export that its rows add up to.
    notes: tuple[str, ...] = ()
    # By the column and reason of a rejection: where its first rows stand, (file, row).
    rejected_at: Mapping[tuple[str, str], Sequence[tuple[str, int]]] = field(default_factory=dict)
    # Files in which no column holds modifiers: that a line of theirs has none is not known.
    files_without_modifiers: tuple[str, ...] = ()
    # By a column that is filled somewhere, the files that have none for it: what their lines lack nobody asked them for.
    files_without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def places_of(self, rejection: Rejection) -> str:
        """Where the first rows of a rejection stand, as the file's own editor numbers them: "rows 13, 17 and 3 more"."""
        at = self.rejected_at.get((rejection.column, rejection.reason), ())
        if not at:
            return ""
        is_one_file = len(self.files) == 1
        named = ", ".join(str(row) if is_one_file else f"{row} of {file}" for file, row in at)
        more = f" and {rejection.rows - len(at):,} more" if rejection.rows > len(at) else ""
        return f"{'row' if rejection.rows == 1 else 'rows'} {named}{more}"

    @property
    def rows(self) -> int:
        """Data rows read over all files."""
        return sum(file.rows for file in self.files)

    @property
    def rejected_rows(self) -> int:
        """Rows refused over all files."""
        return sum(file.rejected_rows for file in self.files)

    @property
    def left_out_rows(self) -> int:
        """Rows over all files that are no claim lines."""
        return sum(file.left_out_rows for file in self.files)


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """A reason for which a rule could not judge some subjects, and how many."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What one rule did: subjects examined (`population`), judged, flagged, and not judged by reason."""

    rule_id: str
    status: Status
    population: int = 0
    evaluated: int = 0
    flagged: int = 0
    not_evaluated: tuple[NotEvaluated, ...] = ()
    error: str = ""
    seconds: float = field(default=0.0, compare=False)

    @property
    def reach(self) -> Reach:
        """How much of what it examined the rule could judge."""
        return reach(self.status, self.population, self.evaluated)
