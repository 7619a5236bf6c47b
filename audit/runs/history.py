"""Runs over time: what is new, what was found before, what is gone, and what a person has set aside.

A finding keeps its id from run to run, so two runs are compared by ids alone. Runs are compared with the run before
them in the same folder: the one whose dates of service end last before this run's do. Suppressions stand in
suppressions.json beside the runs, with who set them and why; a suppressed finding is still listed, and counts nowhere.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.errors import ConfigError, InputError

_FILE = "suppressions.json"
# What a comparison tells of a finding.
SHOWN = ("finding_id", "rule_id", "claim_id", "claim_line_number", "service_date", "amount_at_risk", "message")


@dataclass(frozen=True, slots=True)
class PastRun:
    """A finished run, as its manifest tells it."""

    folder: Path
    label: str
    run_id: str
    created_at: str
    first_service_date: str
    last_service_date: str
    findings: int
    over_counted_once: str


@dataclass(frozen=True, slots=True)
class Suppression:
    """A finding that a person has set aside until a day (inclusive), and why."""

    finding_id: str
    reason: str
    until: str
    by: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Findings of two runs by id: only in the later, in both, only in the earlier though the later covers their dates."""

    new: tuple[Mapping[str, Any], ...]
    repeated: tuple[Mapping[str, Any], ...]
    resolved: tuple[Mapping[str, Any], ...]


def runs(out: Path) -> tuple[PastRun, ...]:
    """Every finished run in the folder, oldest dates of service first. Runs kept aside are not among them."""
    found = [_past_run(path.parent) for path in out.glob("*/manifest.json") if ".superseded-" not in path.parent.name]
    return tuple(
        sorted((run for run in found if run), key=lambda run: (run.last_service_date, run.first_service_date, run.label))
    )


def runs_before(out: Path, label: str, last_service_date: date) -> tuple[PastRun, ...]:
    """The runs that come before one of that label that ends on that day; it is compared with the last of them."""
    return tuple(run for run in runs(out) if run.label != label and run.last_service_date < last_service_date.isoformat())


def read_run(folder: Path) -> PastRun:
    """One run by its folder. Raises InputError where it is none."""
    run = _past_run(folder)
    if run is None:
        raise InputError(f"{folder} is not the folder of a finished run.", "`claims-audit history list` names them.")
    return run


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
            row for key, row in before.items() if key not in after and covered[0] <= str(row["service_date"]) <= covered[1]
        ),
    )


def range_of(run: PastRun) -> tuple[str, str]:
    """First and last date of service of a run, as ISO text."""
    return run.first_service_date, run.last_service_date


def suppressions(out: Path) -> tuple[Suppression, ...]:
    """What has been set aside in this folder of runs, in force or not. Raises InputError for a damaged file."""
    path = out / _FILE
    if not path.is_file():
        return ()
    try:
        return tuple(Suppression(**entry) for entry in json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise InputError(f"{path} is damaged: {error}.", "Mend it, or move it away to begin again.") from error


def in_force(entries: Iterable[Suppression], today: date) -> list[Suppression]:
    """The suppressions that still hold on a day."""
    return [entry for entry in entries if entry.until >= today.isoformat()]


def suppress(out: Path, wanted: str, reason: str, until: date, by: str) -> Suppression:
    """Set a finding aside, by its id or the unique beginning of one found in the folder's runs. Raises ConfigError."""
    if not reason.strip():
        raise ConfigError("A suppression needs a reason.", 'Give it with --reason "...".')
    known = sorted({finding for run in runs(out) for finding in finding_ids(run) if finding.startswith(wanted)})
    if len(known) != 1:
        what = "No finding begins" if not known else f"{len(known)} findings begin"
        raise ConfigError(f"{what} with {wanted!r} in the runs of {out}.", "findings.csv lists the ids.")
    entry = Suppression(known[0], reason.strip(), until.isoformat(), by)
    kept = [old for old in suppressions(out) if old.finding_id != entry.finding_id]
    _write(out / _FILE, [*kept, entry])
    return entry


def _write(path: Path, entries: Sequence[Suppression]) -> None:
    text = json.dumps([asdict(entry) for entry in sorted(entries, key=lambda e: e.finding_id)], indent=1, ensure_ascii=False)
    unfinished = path.with_suffix(".partial")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    unfinished.replace(path)


def _findings(run: PastRun) -> dict[str, Mapping[str, Any]]:
    rows = pq.read_table(run.folder / "findings.parquet", columns=list(SHOWN)).to_pylist()
    return {row["finding_id"]: row for row in rows}


def _past_run(folder: Path) -> PastRun | None:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        run, totals = manifest["run"], manifest["totals"]
        findings = sum(totals[direction]["findings"] for direction in ("over", "under", "coding", "none"))
        return PastRun(
            folder,
            folder.name,
            run["id"],
            run["created_at"],
            run["first_service_date"],
            run["last_service_date"],
            findings,
            totals["over"]["counted_once"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
