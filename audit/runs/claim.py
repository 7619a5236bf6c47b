"""What a run's folder holds of one claim: its findings with their lines and dollars, its rows left out, its sources.

The folder stores what was flagged and what was left out. What passed, or was not evaluated, is not in it line by line:
`audit.pipeline.claim_again` judges the sources once more for that.
"""

import csv
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from audit.errors import InputError
from audit.files import inert
from audit.files.tables import read_parquet
from audit.runs.format import stored
from audit.runs.format.manifest import Manifest
from audit.terms import plural

Row = Mapping[str, Any]
State = Literal["unchanged", "changed", "not found"]
_FINDINGS, _LINES, _EXCLUDED = "findings.parquet", "finding_lines.parquet", "excluded_rows.csv"


@dataclass(frozen=True)
class Source:
    """A file that the run read, and whether it is still what it was."""

    file: str
    state: State


@dataclass(frozen=True)
class Claim:
    """One claim, or one line of it, as the folder holds it; `rejected` counts the whole run's rows, which carry no claim."""

    run: str
    claim_id: str
    line: int | None
    findings: tuple[Row, ...]
    lines: tuple[Row, ...]
    excluded: tuple[Row, ...]
    rejected: int
    sources: tuple[Source, ...]
    # Claims of which the folder holds something.
    others: int = field(default=0, repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether the folder holds nothing of the claim: it may be clean, or not in the export at all."""
        return not self.findings and not self.excluded


def read(folder: Path, wanted: str, elsewhere: Container[str] = ()) -> Claim:
    """The claim `wanted`, or its line where it ends in /LINE; empty where the folder holds nothing of it.

    `elsewhere` are the hashes of sources that were found in another place than the run read them in.

    Raises InputError where a file of the folder is not as the run wrote it.
    """
    manifest = stored.read(folder)
    _prove(folder, manifest)
    findings, lines = (read_parquet(folder / name).to_pylist() for name in (_FINDINGS, _LINES))
    with (folder / _EXCLUDED).open(encoding="utf-8", newline="") as stream:
        excluded = list(csv.DictReader(stream))
    known = {row["claim_id"] for row in (*findings, *lines)} - {None}
    # An id that the CSV made inert is known by its inert form there.
    left_out = {row["claim_id"] for row in excluded} - {"", *map(inert.text, known)}

    def is_held(claim: str) -> bool:
        return claim in known or inert.text(claim) in left_out

    claim, line = parted(wanted, is_held)
    touched = [row for row in lines if row["claim_id"] == claim and line in (None, row["claim_line_number"])]
    ids = {row["finding_id"] for row in touched}
    ids |= {row["finding_id"] for row in findings if row["claim_id"] == claim and line in (None, row["claim_line_number"])}
    rows = [r for r in excluded if r["claim_id"] == inert.text(claim) and (line is None or r["claim_line_number"] == str(line))]
    return Claim(
        manifest.run.label,
        claim,
        line,
        tuple(row for row in findings if row["finding_id"] in ids),
        tuple(touched),
        tuple(rows),
        manifest.control_totals.rows.rejected,
        tuple(
            Source(one.file, "unchanged" if one.sha256 in elsewhere else _state(Path(one.path), one.sha256))
            for one in manifest.inputs
        ),
        len(known) + len(left_out),
    )


def nothing_held(folder: Path, claim: Claim, *, sources_asked: bool) -> InputError:
    """That the folder holds nothing of the claim, nor the sources where they were read again; no other claim's id is told."""
    said = (
        f"{folder} holds no finding and no excluded row of that claim or line; it holds some of {plural(claim.others, 'claim')}."
    )
    why = (
        "The run's own sources were read again, and they hold no row of it either that could be read."
        if sources_asked
        else "A claim without findings is not stored, so this does not tell a clean claim from one that was never read: where "
        "the sources are as the run read them, they are asked."
    )
    return InputError(said, f"{why}\nWrite the id as the export has it, with /LINE for one line, for example CLAIM/2.")


def parted(wanted: str, is_held: Callable[[str], bool]) -> tuple[str, int | None]:
    """Claim and line. An id may hold a slash itself: one that the folder holds whole is taken whole."""
    claim, slash, line = wanted.rpartition("/")
    if slash and line.isdecimal() and not is_held(wanted):
        return claim, int(line)
    return wanted, None


def _prove(folder: Path, manifest: Manifest) -> None:
    listed = {entry.file: entry.sha256 for entry in manifest.outputs}
    for name in (_FINDINGS, _LINES, _EXCLUDED):
        if name not in listed or _state(folder / name, listed[name]) != "unchanged":
            raise InputError(f"{folder / name} is not as the run wrote it.", "Run the audit again.")


def _state(path: Path, sha256: str) -> State:
    try:
        return "unchanged" if stored.sha256_of(path) == sha256 else "changed"
    except OSError:
        return "not found"
