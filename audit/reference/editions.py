"""What an imported edition of a CMS table is: its parts, how far it reaches, and what to be warned of. Reads no file."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from audit.reference.cms_names import PTP, WHOLE

USUAL_PARTS = 4  # CMS publishes each PTP table in four parts, by column 1 code
THERAPY_PART = "f4"  # where 97140 and the other therapy codes stand as column 1


@dataclass(frozen=True, slots=True)
class Part:
    """One imported file of an edition.

    `name` is f1 to f9, or "whole". `file` is the Parquet file's name in the edition's folder, `file_sha256` its hash.
    `source*` describe the file the user gave, `member` the member within it. `live` counts rows in force without end
    (ptp). First and last code are of column 1 (ptp) or of the code column (mue: ""); `ordered` says that the source
    ascends by it.
    """

    name: str
    rows: int
    file: str
    file_sha256: str
    source: str
    member: str
    source_sha256: str
    source_bytes: int
    version: str = ""
    live: int = 0
    repeated: int = 0
    ends_before_start: int = 0
    first_code: str = ""
    last_code: str = ""
    newest_effective: str = ""
    has_manual_therapy: bool = False
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of one table for one setting: `kind` ptp or mue, `setting` practitioner, hospital or dme.

    `edition` is the first day it is effective. PTP tables hold their own history (deleted rows stay); MUE tables hold
    only the values of their quarter.
    """

    kind: str
    setting: str
    edition: date
    parts: tuple[Part, ...]
    imported_by: str
    folder: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """The Parquet files to read, all with the same columns."""
        return tuple(self.folder / part.file for part in self.parts)

    @property
    def rows(self) -> int:
        """Rows over all parts."""
        return sum(part.rows for part in self.parts)

    @property
    def sha256(self) -> str:
        """The source's own hash where there is one source; else the hash of the sources' hashes in order of part."""
        hashes = list(dict.fromkeys(part.source_sha256 for part in self.parts))
        return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()

    @property
    def missing(self) -> tuple[str, ...]:
        """Parts that CMS publishes and this edition lacks; empty for MUE tables and a table imported whole."""
        held = {part.name for part in self.parts}
        if self.kind != PTP or WHOLE in held:
            return ()
        last = max(USUAL_PARTS, *(int(name[1:]) for name in held))
        return tuple(name for name in (f"f{n}" for n in range(1, last + 1)) if name not in held)

    @property
    def complete(self) -> bool:
        """Whether a pair (or code) that stands nowhere in it has no edit."""
        return not self.missing

    @property
    def has_manual_therapy(self) -> bool:
        """Whether 97140 stands as a column 1 code (always False for MUE tables)."""
        return any(part.has_manual_therapy for part in self.parts)

    def covers(self, code: str) -> bool:
        """Whether every PTP row with this column 1 code is loaded. A pair needs it of both its codes.

        In an incomplete edition only codes strictly between the first and last column 1 code of neighbouring parts
        count, since CMS may cut a code's rows across two parts; the first part also reaches down and the last up.
        """
        if self.complete:
            return True
        if not all(part.ordered for part in self.parts):
            return False
        last = f"f{max(USUAL_PARTS, *(int(part.name[1:]) for part in self.parts))}"
        return any(
            (run[0].name == "f1" or run[0].first_code < code) and (run[-1].name == last or code < run[-1].last_code)
            for run in _runs(self.parts)
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What an auditor must know before relying on it, in plain sentences."""
        return tuple(_warnings(self))


def _runs(parts: Sequence[Part]) -> list[list[Part]]:
    runs: list[list[Part]] = []
    for part in parts:
        if runs and int(part.name[1:]) == int(runs[-1][-1].name[1:]) + 1:
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs


def _spans(parts: Sequence[Part]) -> str:
    names = [run[0].name if len(run) == 1 else f"{run[0].name}-{run[-1].name}" for run in _runs(parts)]
    return f"{'part' if len(parts) == 1 else 'parts'} {', '.join(names)}"


def _warnings(edition: Edition) -> Iterator[str]:
    parts = edition.parts
    if edition.kind != PTP:
        return
    if edition.missing:
        therapy = edition.has_manual_therapy or THERAPY_PART not in edition.missing
        yield f"{_spans(parts)} only: {'pairs of other parts are not evaluated' if therapy else 'no therapy edits'}"
    if not edition.has_manual_therapy and THERAPY_PART not in edition.missing:
        yield "97140 stands nowhere as a column 1 code: this is not the full table"
    if parts[0].name == WHOLE:
        yield "the file's name names no part: taken as the whole table"
    versions = sorted({part.version for part in parts if part.version})
    if len(versions) > 1:
        yield f"parts of different versions stand together: {', '.join(versions)}"
    late = max(part.newest_effective for part in parts)
    if late > edition.edition.isoformat():
        yield f"holds edits effective from {late}, after the edition's date: check the edition"
    for count, text in (
        (sum(part.repeated for part in parts), "rows repeated, kept once"),
        (sum(part.ends_before_start for part in parts), "rows that end before they begin, never in force"),
    ):
        if count:
            yield f"{text}: {count:,}"
