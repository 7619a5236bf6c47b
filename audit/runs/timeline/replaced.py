"""The run that a new one replaces: an earlier one of the same name, whether it may go, and what became of its findings.

A run of the same input, rules, tables and settings is the same run made again: it replaces nothing, and is compared with
what the first of them was compared with.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from audit.errors import ConfigError, InputError
from audit.runs.format import stored
from audit.runs.format.manifest import Manifest
from audit.runs.format.review_records import Replaced
from audit.runs.timeline import history, trend


def allow(target: Path, replace: bool) -> None:
    """Raise ConfigError where the run at `target` is on record as final, unless it is to be replaced."""
    if replace:
        return
    try:
        then = stored.read(target)
    except InputError:
        return  # no run, or one that is damaged: it is kept aside as it is
    if then.run.final:
        raise ConfigError(
            f"{target.name} is on record as final: run {then.run.id} of {then.run.created_at:%Y-%m-%d}.",
            "To audit it again give --replace; the run on record is kept beside the new one.",
        )


def with_it(now: Manifest, out: Path, found: frozenset[str]) -> Manifest:
    """The manifest of a new run with the run of its name in `out` that it replaces, if there is one."""
    before = msgspec.structs.replace(now.history, replaced=compared(out, now, found))
    return msgspec.structs.replace(now, history=before)


def compared(out: Path, now: Manifest, found: frozenset[str]) -> Replaced | None:
    """The latest other run of this one's name, against the ids that this run `found`; None where there is none."""
    for folder in _same_name(out / now.run.label):
        try:
            then = stored.read(folder)
        except InputError:
            continue  # the run that lists the folder's runs names what cannot be read
        if _is_other(then, now):
            return _against(folder, then, now, found)
    return None


def _same_name(target: Path) -> Iterable[Path]:
    kept = [path for path in target.parent.glob(f"{target.name}.superseded-*") if path.name.rpartition("-")[2].isdigit()]
    yield from (path for path in (target, *sorted(kept, key=_number, reverse=True)) if os.path.lexists(path / stored.NAME))


def _number(path: Path) -> int:
    return int(path.name.rpartition("-")[2])


def _is_other(then: Manifest, now: Manifest) -> bool:
    files = [[(one.file, one.sha256) for one in manifest.inputs] for manifest in (then, now)]
    return files[0] != files[1] or bool(trend.differences(then, now))


def _against(folder: Path, then: Manifest, now: Manifest, found: frozenset[str]) -> Replaced:
    run = history.read_run(folder)
    before = frozenset(history.finding_ids(run))
    within = history.finding_ids(run, now.run.first_service_date, now.run.last_service_date)
    return Replaced(
        run_id=then.run.id,
        created_at=then.run.created_at,
        new=len(found - before),
        repeated=len(found & before),
        settled=sum(one not in found for one in within),
    )
