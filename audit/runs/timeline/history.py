"""Runs over time: what is new, what was found before, what is gone.

A finding keeps its id from run to run, so two runs are compared by ids alone. Runs are compared with the run before
them in the same folder: the one whose dates of service end last before this run's do.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from audit.errors import InputError
from audit.files.tables import read_parquet, schema_of
from audit.machine.troubles import pass_on
from audit.runs.format import stored

FINDINGS = "findings.parquet"
# In the name of a folder whose run another one took the place of.
SUPERSEDED = ".superseded-"
# What every run's findings have, and later runs read of them.
_READ = pa.schema([(name, pa.string()) for name in ("finding_id", "rule_id", "status")] + [("service_date", pa.date32())])
# What a comparison tells of a finding.
SHOWN = ("finding_id", "rule_id", "claim_id", "claim_line_number", "service_date", "amount_at_risk", "message")


@dataclass(frozen=True, slots=True)
class PastRun:
    """A finished run, as its manifest tells it."""

    folder: Path
    label: str
    run_id: str
    created_at: datetime
    first_service_date: date
    last_service_date: date
    findings: int
    over_counted_once: Decimal
    final: bool
    # Of findings.parquet, as the manifest has it; "" where it lists none.
    findings_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Findings of two runs by id: only in the later, in both, only in the earlier though the later covers their dates."""

    new: tuple[Mapping[str, Any], ...]
    repeated: tuple[Mapping[str, Any], ...]
    resolved: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Past:
    """The finished runs of a folder, oldest dates of service first, and why others of its runs cannot be read."""

    runs: tuple[PastRun, ...]
    unread: tuple[str, ...]


def look(out: Path) -> Past:
    """The finished runs in the folder. Runs kept aside, and the link `latest`, are not among them."""
    found, unread = [], []
    for folder in _folders(out):
        try:
            run = read_run(folder)
            _prove(run)
            found.append(run)
        except InputError as error:
            unread.append(error.message.replace(str(folder), folder.name, 1))
    found.sort(key=lambda run: (run.last_service_date, run.first_service_date, run.label))
    return Past(tuple(found), tuple(unread))


def known(out: Path) -> tuple[PastRun, ...]:
    """The runs in the folder whose manifests can be read, in no order, whatever their findings are like."""
    return _readable(_folders(out))


def kept_beside(run: PastRun, aside: Sequence[PastRun]) -> tuple[PastRun, ...]:
    """Those of the runs kept aside that this one took the place of."""
    return tuple(one for one in aside if one.label.startswith(f"{run.label}{SUPERSEDED}"))


def kept(out: Path) -> tuple[PastRun, ...]:
    """The runs kept aside, that others took the place of, oldest first; one that cannot be read is left out."""
    aside = (path for path in _entries(out) if SUPERSEDED in path.name and os.path.lexists(path / stored.NAME))
    return tuple(sorted(_readable(aside), key=lambda run: run.created_at))


def before(runs: Sequence[PastRun], label: str, last_service_date: date) -> tuple[PastRun, ...]:
    """The runs that come before one of that label that ends on that day; it is compared with the last of them."""
    return tuple(run for run in runs if run.label != label and run.last_service_date < last_service_date)


def read_run(folder: Path) -> PastRun:
    """One run by its folder. Raises InputError where it is none, or its manifest cannot be read."""
    manifest = stored.read(folder)
    return PastRun(
        folder,
        folder.name,
        manifest.run.id,
        manifest.run.created_at,
        manifest.run.first_service_date,
        manifest.run.last_service_date,
        manifest.totals.findings,
        manifest.totals.over.counted_once,
        manifest.run.final,
        next((entry.sha256 for entry in manifest.outputs if entry.file == FINDINGS), ""),
    )


def findings_of(run: PastRun, columns: Sequence[str], where: Callable[[pa.RecordBatch], pa.Array] | None = None) -> pa.Table:
    """Columns of a run's findings, those that count nowhere among them; a column that an older run lacks is left out.

    Raises InputError, without a word of what they hold, where they cannot be read.
    """
    path, mend = run.folder / FINDINGS, "Run the audit of that period again."
    try:
        held = set(schema_of(path).names)
        return read_parquet(path, [name for name in columns if name in held], where=where)
    except FileNotFoundError:
        raise InputError(f"{path} is missing.", mend) from None
    except (OSError, pa.ArrowException, LookupError) as error:
        pass_on(error)
        raise _misshapen(path) from None


def finding_ids(run: PastRun, first: date = date.min, last: date = date.max) -> list[str]:
    """The ids of a run's findings on dates of service from first to last, those that count nowhere among them.

    Raises InputError where they cannot be read.
    """

    def within(rows: pa.RecordBatch) -> pa.Array:
        day = rows["service_date"]
        return pc.and_(pc.greater_equal(day, first), pc.less_equal(day, last))

    ids: list[str] = findings_of(run, ["finding_id", "service_date"], within)["finding_id"].to_pylist()
    return ids


def compare(earlier: PastRun, later: PastRun) -> Comparison:
    """What came, stayed and went between two runs. A finding outside the later run's dates is neither gone nor there."""
    before, after = _findings(earlier), _findings(later)
    covered = range_of(later)
    return Comparison(
        new=tuple(row for key, row in after.items() if key not in before),
        repeated=tuple(row for key, row in after.items() if key in before),
        resolved=tuple(
            row for key, row in before.items() if key not in after and covered[0] <= row["service_date"] <= covered[1]
        ),
    )


def range_of(run: PastRun) -> tuple[date, date]:
    """First and last date of service of a run."""
    return run.first_service_date, run.last_service_date


def _readable(folders: Iterable[Path]) -> tuple[PastRun, ...]:
    found = []
    for folder in folders:
        with suppress(InputError):
            found.append(read_run(folder))
    return tuple(found)


def _findings(run: PastRun) -> dict[str, Mapping[str, Any]]:
    found = findings_of(run, SHOWN)
    if found.num_columns < len(SHOWN):
        raise _misshapen(run.folder / FINDINGS)
    return {row["finding_id"]: row for row in found.to_pylist()}


def _prove(run: PastRun) -> None:
    """Raise InputError where a run's findings are not there, whole, and of the shape that later runs read."""
    try:
        findings_of(run, _READ.names).cast(_READ)
    except (pa.ArrowException, ValueError) as error:
        pass_on(error)
        raise _misshapen(run.folder / FINDINGS) from None


def _misshapen(path: Path) -> InputError:
    return InputError(f"{path} cannot be read: it is damaged, or of another shape.", "Run the audit of that period again.")


def _folders(out: Path) -> list[Path]:
    """The folders of runs, also of one that has lost its manifest, or that this user may not enter."""
    return [path for path in _entries(out) if SUPERSEDED not in path.name and (_is_marked(path) or not _is_open(path))]


def _entries(out: Path) -> list[Path]:
    """The folders in the folder of runs, hidden ones and links left out. OSError comes through: a glob would pass it over."""
    if not out.is_dir():
        return []
    return sorted(path for path in out.iterdir() if path.name[0] != "." and not path.is_symlink() and path.is_dir())


def _is_marked(folder: Path) -> bool:
    return any(os.path.lexists(folder / name) for name in (stored.NAME, FINDINGS))


def _is_open(folder: Path) -> bool:
    return os.access(folder, os.R_OK | os.X_OK)
