"""Whether a run's folder is as the run wrote it. Faults come as sentences that name files, and no cell.

Every file is held against its hash in the manifest, the manifest against the list beside the runs, and the totals against
what the tables hold.
"""

import csv
import stat
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from audit import __version__
from audit.files.door import scratch_folder
from audit.files.tables import read_parquet, write_csv
from audit.machine.troubles import pass_on
from audit.runs.format import stored
from audit.runs.format.manifest import DollarsRead, Manifest, Rows
from audit.runs.ledgers import seals
from audit.runs.ledgers.seals import Seal
from audit.runs.timeline.history import FINDINGS, SUPERSEDED, PastRun
from audit.terms import COUNT_NOWHERE, DIRECTIONS

_FINDINGS, _LINES, _SHEET = "findings.parquet", "finding_lines.parquet", "findings.csv"
_NOTHING = Decimal("0.00")
# What of a mode is for others than the owner.
_OTHERS = 0o077

_NOT_AS_WRITTEN = "is not as the run wrote it, and was read as it is: `claims-audit verify` says more, a new run of it mends it."


def faults(folder: Path, manifest: Manifest) -> list[str]:
    """What is wrong in the folder; empty where nothing is."""
    found = [*_name(folder, manifest), *_files(folder, manifest), *_seal(folder, manifest), *_control_totals(manifest)]
    try:
        found += _findings(folder, manifest)
    except (OSError, pa.ArrowException, LookupError, csv.Error, UnicodeDecodeError) as error:
        pass_on(error)
        found.append("The tables of findings cannot be read.")
    return found


def opened_up(folder: Path) -> list[str]:
    """Which of the run's files others than their owner may read now: said, and no fault, for a copy may have lost its modes."""
    modes = {path: stat.S_IMODE(path.lstat().st_mode) for path in (folder, *sorted(folder.rglob("*"))) if not path.is_symlink()}
    wide = [f"{path.relative_to(folder.parent)} (mode {mode:o})" for path, mode in modes.items() if mode & _OTHERS]
    more = f" and {len(wide) - 1:,} more" if len(wide) > 1 else ""
    return [f"{wide[0]}{more} may be read by others; the run wrote it for its owner alone."] if wide else []


def altered(runs: Iterable[PastRun], written: Sequence[Seal]) -> Iterator[str]:
    """Of runs that can be read, what is not as the program wrote it, a sentence each. OSError comes through.

    `written` is the list of manifests beside the runs; of a run that it does not name nothing is said.
    """
    for run in runs:
        known = {seal.manifest for seal in written if seal.label == run.label}
        if known and stored.sha256_of(run.folder / stored.NAME) not in known:
            yield f"{run.label}/{stored.NAME} {_NOT_AS_WRITTEN}"
        elif run.findings_sha256 and stored.sha256_of(run.folder / FINDINGS) != run.findings_sha256:
            yield f"{run.label}/{FINDINGS} {_NOT_AS_WRITTEN}"


def _name(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Whether the folder has the name that the run gave it, or the one under which it is kept beside another."""
    name, label = folder.resolve().name, manifest.run.label
    if name != label and not name.startswith(f"{label}{SUPERSEDED}"):
        yield f"The folder is named {name}, and the run in it is of {label}."


def _files(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Files that are missing, changed, or none of the run's."""
    listed = {entry.file: entry for entry in manifest.outputs}
    for name, entry in listed.items():
        path = folder / name
        try:
            if path.is_symlink() or not path.is_file():
                yield f"{name} is missing."
            elif path.stat().st_size != entry.size_bytes or stored.sha256_of(path) != entry.sha256:
                yield f"{name} is not as the run wrote it."
        except OSError as error:
            pass_on(error)
            yield f"{name} cannot be read: {error.strerror}."
    folders = {str(parent) for name in (*listed, stored.NAME) for parent in Path(name).parents}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if name not in {*listed, *folders, stored.NAME}:
            yield f"{name} is none of the run's files."
        elif path.is_symlink() and name not in listed:
            yield f"{name} is a link, and leads to what can be changed elsewhere."


def _seal(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Whether the list beside the runs has this manifest."""
    known = [seal.manifest for seal in seals.read(folder.resolve().parent) if seal.label == manifest.run.label]
    if not known:
        yield f"{stored.NAME} stands in no {seals.NAME} beside the run, so nothing tells whether it was changed."
    elif stored.sha256_of(folder / stored.NAME) not in known:
        yield f"{stored.NAME} is none of those that {seals.NAME} has of {manifest.run.label}."


def _control_totals(manifest: Manifest) -> Iterator[str]:
    whole = manifest.control_totals
    for name, rows, dollars in (
        *((entry.file, entry.rows, entry.dollars) for entry in manifest.inputs),
        ("The export", whole.rows, whole.dollars),
    ):
        if not _rows_tie(rows) or not _dollars_tie(dollars):
            yield f"{name} does not tie out: what was read is not what was audited, excluded and rejected."
    if whole.rows.read != sum(entry.rows.read for entry in manifest.inputs):
        yield "The rows read of all files are not those of each added up."


def _rows_tie(rows: Rows) -> bool:
    return rows.read == rows.audited + rows.excluded + rows.rejected


def _dollars_tie(dollars: DollarsRead) -> bool:
    held = [one for one in (dollars.charge_amount, dollars.allowed_amount, dollars.paid_amount) if one]
    return all(one.read == one.audited + one.excluded + one.rejected + one.claim_totals for one in held)


def _findings(folder: Path, manifest: Manifest) -> list[str]:
    """Whether the tables hold as many findings and dollars as the manifest says, and agree with each other."""
    table = read_parquet(folder / _FINDINGS)
    counted = table.filter(pc.invert(pc.is_in(table["status"], pa.array(sorted(COUNT_NOWHERE)))))
    found = []
    for direction in DIRECTIONS:
        part = counted.filter(pc.equal(counted["direction"], direction))
        stated = getattr(manifest.totals, direction)
        if (part.num_rows, _sum(part, "amount_at_risk")) != (stated.findings, stated.gross):
            found.append(f"{_FINDINGS} holds other findings or dollars than the totals say ({direction}).")
    once = _sum(counted.filter(pc.equal(counted["direction"], "over")), "counted_once")
    if once != manifest.totals.over.counted_once:
        found.append(f"The dollars counted once in {_FINDINGS} are not the total of the run.")
    if _sum(read_parquet(folder / _LINES, ["counted_once"]), "counted_once") != _sum(table, "counted_once"):
        found.append(f"The dollars counted once in {_LINES} are not those in {_FINDINGS}.")
    return found + _sheet(folder, table, manifest)


def _sheet(folder: Path, table: pa.Table, manifest: Manifest) -> list[str]:
    """Whether the CSV says what the table says: to the byte, where this very program wrote it, else of the same findings."""
    with (folder / _SHEET).open(encoding="utf-8", newline="") as file:
        shown = [row["finding_id"] for row in csv.DictReader(file)]
    if shown != table["finding_id"].to_pylist():
        return [f"{_SHEET} lists other findings than {_FINDINGS}."]
    if manifest.software.program == __version__:
        with scratch_folder() as scratch:
            if stored.sha256_of(write_csv(table, scratch / _SHEET)) != stored.sha256_of(folder / _SHEET):
                return [f"{_SHEET} does not say what {_FINDINGS} says."]
    return []


def _sum(table: pa.Table, column: str) -> Decimal:
    values: Sequence[Decimal | None] = table[column].to_pylist()
    return sum((value for value in values if value is not None), _NOTHING)
