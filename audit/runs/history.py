"""Runs over time: what is new, what was found before, what is gone, and what a person has set aside.

A finding keeps its id from run to run, so two runs are compared by ids alone. Runs are compared with the run before
them in the same folder: the one whose dates of service end last before this run's do. Suppressions stand in
suppressions.json beside the runs, with who set them and why; a suppressed finding is still listed, and counts nowhere.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.errors import ConfigError, InputError
from audit.files.door import write_text
from audit.runs import stored
from audit.runs.manifest import Suppression

_FILE = "suppressions.json"
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
    """The finished runs in the folder. Runs kept aside are not among them."""
    found, unread = [], []
    for path in sorted(out.glob(f"*/{stored.NAME}")):
        if ".superseded-" not in path.parent.name:
            try:
                found.append(read_run(path.parent))
            except InputError as error:
                unread.append(error.message.replace(str(path.parent), path.parent.name, 1))
    found.sort(key=lambda run: (run.last_service_date, run.first_service_date, run.label))
    return Past(tuple(found), tuple(unread))


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
    )


def finding_ids(run: PastRun, first: date = date.min, last: date = date.max) -> list[str]:
    """The ids of a run's findings on dates of service from first to last, suppressed ones among them."""
    within = (pc.field("service_date") >= first) & (pc.field("service_date") <= last)
    found = pq.read_table(run.folder / "findings.parquet", columns=["finding_id"], filters=within)
    ids: list[str] = found["finding_id"].to_pylist()
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


def suppressions(out: Path) -> tuple[Suppression, ...]:
    """What has been set aside in this folder of runs, in force or not. Raises InputError for a damaged file."""
    path = out / _FILE
    if not path.is_file():
        return ()
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[Suppression, ...])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is damaged: {error}.", "Mend it, or move it away to begin again.") from error


def in_force(entries: Iterable[Suppression], today: date) -> list[Suppression]:
    """The suppressions that still hold on a day."""
    return [entry for entry in entries if entry.until >= today]


def suppress(out: Path, wanted: str, reason: str, until: date, by: str) -> Suppression:
    """Set a finding aside, by its id or the unique beginning of one found in the folder's runs. Raises ConfigError."""
    if not reason.strip():
        raise ConfigError("A suppression needs a reason.", 'Give it with --reason "...".')
    past = look(out)
    known = sorted({finding for run in past.runs for finding in finding_ids(run) if finding.startswith(wanted)})
    if len(known) != 1:
        what = "No finding begins" if not known else f"{len(known)} findings begin"
        hints = ("findings.csv lists the ids.", *(f"Not searched: {why}" for why in past.unread))
        raise ConfigError(f"{what} with {wanted!r} in the runs of {out}.", "\n".join(hints))
    entry = Suppression(known[0], reason.strip(), until, by)
    kept = [old for old in suppressions(out) if old.finding_id != entry.finding_id]
    _write(out / _FILE, [*kept, entry])
    return entry


def _write(path: Path, entries: Sequence[Suppression]) -> None:
    plain = stored.as_json(sorted(entries, key=lambda entry: entry.finding_id))
    text = json.dumps(plain, indent=1, ensure_ascii=False)
    write_text(path, text + "\n")


def _findings(run: PastRun) -> dict[str, Mapping[str, Any]]:
    rows = pq.read_table(run.folder / "findings.parquet", columns=list(SHOWN)).to_pylist()
    return {row["finding_id"]: row for row in rows}
