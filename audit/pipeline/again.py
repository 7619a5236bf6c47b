"""A stored run's audit once more, from the same inputs under the same settings: are its findings the same?"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from audit import __version__, intake
from audit.engine import remembered
from audit.engine.engines import open_engine
from audit.engine.interface import Engine
from audit.engine.remembered import Remembered
from audit.files.door import scratch_folder
from audit.files.tables import read_parquet
from audit.machine import interrupts
from audit.model import RuleOutcome
from audit.pipeline import steps
from audit.progress import Progress, Silent
from audit.rules.catalogue import Rule
from audit.runs import outputs
from audit.runs.format.manifest import Manifest
from audit.settings.config import Config, period
from audit.terms import COUNT_NOWHERE

# What is not of the findings themselves: the name that a key gives a patient, and what stood in the run before.
_LEFT_OUT = ("patient_id", "status")


@dataclass(frozen=True)
class Again:
    """What came of it: why it could not be done, what is another than then (said, no fault), and what differs."""

    undone: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ready:
    """The run's inputs, read and staged as then; `said` is what is another than then, and no fault by itself."""

    engine: Engine
    catalogue: tuple[Rule, ...]
    said: tuple[str, ...]


@contextmanager
def staged_again(manifest: Manifest, config: Config, progress: Progress) -> Iterator[Ready | tuple[str, ...]]:
    """The inputs of a stored run, staged under its settings; or why they cannot be, a sentence each. AuditError comes through.

    `config` says where things lie on this machine: rule folders, tables, memory, and sources where they are elsewhere now.
    """
    asked = as_then(manifest, config)
    absent = [source for source in asked.sources if not Path(source).exists()]
    if absent:
        yield tuple(f"{source} is not there any more." for source in absent)
        return
    with scratch_folder() as scratch, open_engine(asked, scratch / "spill", progress) as engine:
        catalogue = steps.choose_rules(asked)
        taken = steps.read(engine, intake.find_sources(asked.sources), catalogue, asked, scratch, progress)
        changed = _changed(manifest, [file.sha256 for file in taken.files])
        if changed:
            yield tuple(changed)
            return
        steps.stage(engine, taken, catalogue, asked, progress)
        said = (*_other_program(manifest), *_other_rules(manifest, catalogue), *_other_tables(manifest, engine.references))
        yield Ready(engine, catalogue, said)


def audit_again(folder: Path, manifest: Manifest, config: Config, progress: Progress | None = None) -> Again:
    """Audit the inputs of a stored run again, and hold what is found against what it found. AuditError comes through."""
    progress = progress or Silent()
    with staged_again(manifest, config, progress) as ready:
        if not isinstance(ready, Ready):
            return Again(undone=ready)
        then = read_parquet(folder / "findings.parquet")
        outcomes = steps.evaluate(ready.engine, ready.catalogue, progress, f"Running {len(ready.catalogue)} rules")
        ready.engine.collect(_as_decided(then))
        found = ready.engine.table(outputs.FINDINGS)
        said, counted = ready.said, tuple(_other_counts(manifest, ready.catalogue, outcomes))
    interrupts.check()
    differences = _differences(*(table.drop_columns(_LEFT_OUT).to_pylist() for table in (then, found)))
    return Again(said=said, faults=(*differences, *counted))


def _as_decided(then: pa.Table) -> Remembered:
    """What counted nowhere then counts nowhere again, whoever decided it, and whatever has been decided since."""
    rows = [{"finding_id": row["finding_id"]} for row in then.to_pylist() if row["status"] in COUNT_NOWHERE]
    return Remembered(suppressed_finding=remembered.table_of(remembered.SUPPRESSED, rows))


def as_then(manifest: Manifest, config: Config) -> Config:
    """The settings of the stored run, with what this machine's config says of places and of nothing else."""
    then = manifest.config
    return replace(
        config,
        sources=config.sources or tuple(dict.fromkeys(map(_on_disk, (entry.path for entry in manifest.inputs)))),
        period=period(then.period) if then.period else None,
        select=then.select,
        ignore=then.ignore,
        max_rejected=then.max_rejected,
        dates=then.dates,
        columns=then.columns,
        header_names=then.header_names,
        constants=then.constants,
        payers=then.payers,
        providers=then.providers,
        lexicon=then.lexicon,
        rules=then.rules,
    )


def _on_disk(path: str) -> str:
    """The file itself, or the archive that it lies in."""
    for one in (Path(path), *Path(path).parents):
        if one.is_file():
            return str(one)
    return path


def _changed(manifest: Manifest, now: Sequence[str]) -> list[str]:
    then = [entry.sha256 for entry in manifest.inputs]
    if sorted(then) == sorted(now):
        return []
    named = [f"{entry.file} is another file than the run read." for entry in manifest.inputs if entry.sha256 not in now]
    return named or ["There are more files than the run read."]


def _other_program(manifest: Manifest) -> Iterator[str]:
    if manifest.software.program != __version__:
        yield f"The run was made by claims-audit {manifest.software.program}; this is {__version__}."


def _other_rules(manifest: Manifest, catalogue: Sequence[Any]) -> Iterator[str]:
    then = {rule.id: rule.sql_sha256 for rule in manifest.rules}
    now = {rule.id: rule.sha256 for rule in catalogue}
    other = sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))
    if other:
        yield f"Rules that are not as they were then: {', '.join(other)}."


def _other_tables(manifest: Manifest, editions: Sequence[Any]) -> Iterator[str]:
    then = {entry.table: entry.sha256 for entry in manifest.references}
    now = {entry.table: entry.sha256 for entry in editions}
    other = sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))
    if other:
        yield f"Reference tables of another edition than then: {', '.join(other)}."


def _other_counts(manifest: Manifest, catalogue: Sequence[Rule], outcomes: Sequence[RuleOutcome]) -> Iterator[str]:
    """Rules, unchanged since, that examined, judged or flagged another number of subjects than the manifest says."""
    then = {rule.id: (rule.sql_sha256, rule.population, rule.evaluated, rule.flagged) for rule in manifest.rules}
    for rule, now in zip(catalogue, outcomes, strict=True):
        if then.get(rule.id, ("",))[0] == rule.sha256 and then[rule.id][1:] != (now.population, now.evaluated, now.flagged):
            yield f"{rule.id} examined, judged or flagged another number than the run says."


def _differences(then: Sequence[dict[str, Any]], now: Sequence[dict[str, Any]]) -> Iterator[str]:
    before, after = ({row["finding_id"]: row for row in rows} for rows in (then, now))
    gone, new = before.keys() - after.keys(), after.keys() - before.keys()
    other = [name for name in before.keys() & after.keys() if before[name] != after[name]]
    for ids, what in ((gone, "are not found again"), (new, "were not found then"), (other, "are found with other figures")):
        if ids:
            yield f"{len(ids):,} findings {what}: {', '.join(sorted(ids)[:3])}{' and others' if len(ids) > 3 else ''}."
