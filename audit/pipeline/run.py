"""One audit from export to report, readable top to bottom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from audit import intake, report
from audit.engine import sql_files
from audit.engine.engines import open_engine
from audit.engine.interface import Engine
from audit.files.door import make_folder, scratch_folder
from audit.machine import profile
from audit.model import Intake, RuleOutcome
from audit.pipeline import steps, surroundings
from audit.pipeline.oddities import unmatched_providers, with_oddities
from audit.progress import Progress, Silent
from audit.rules.catalogue import Rule
from audit.runs import compose, control_totals, memory, outputs
from audit.runs.folder import run_folder
from audit.runs.format import stored
from audit.runs.format.manifest import Manifest
from audit.runs.format.review_records import Review
from audit.runs.ledgers import losses, review, seals, suppressions
from audit.runs.patient_names import namer_or_reason
from audit.runs.timeline import history, replaced
from audit.settings.config import Config
from audit.terms import plural


@dataclass(frozen=True)
class _Judged:
    """A run whose findings stand, before anything of it is written."""

    label: str
    now: datetime
    service_dates: tuple[date, date]
    taken: Intake
    catalogue: Sequence[Rule]
    outcomes: tuple[RuleOutcome, ...]
    recalled: memory.Recalled


@dataclass(frozen=True)
class RunResult:
    """What a finished run leaves: its folder, an earlier run of its name if one was kept, and what it found."""

    folder: Path
    kept_aside: Path | None
    manifest: Manifest
    outcomes: tuple[RuleOutcome, ...]
    severities: frozenset[str]
    # SHA-256 of manifest.json as it was published.
    manifest_sha256: str
    # What of earlier months was put right, or is damaged and was set aside, a sentence each.
    of_earlier: tuple[str, ...] = ()

    @property
    def not_evaluated(self) -> int:
        """Subjects, over all rules, that could not be judged."""
        return sum(reason.count for outcome in self.outcomes for reason in outcome.not_evaluated)


def run(config: Config, now: datetime, progress: Progress | None = None) -> RunResult:
    """Audit the sources of the config into a new run folder. Raises AuditError; then no run folder is left."""
    progress = progress or Silent()
    catalogue = steps.choose_rules(config)
    sources = intake.find_sources(config.sources)
    with (
        run_folder.under_construction(config.out) as work,
        scratch_folder(config.spill_dir or work.folder, "spill-") as spill,
        open_engine(config, spill, progress) as engine,
    ):
        for sentence in work.recovered:
            progress.step(sentence)
        if config.period:
            replaced.allow(config.out / config.period.label, config.replace)
        surroundings.check_machine(config, sources)
        taken, service_dates = _settled(engine, sources, catalogue, config, work.folder, progress)
        label = config.period.label if config.period else _label(*service_dates)
        replaced.allow(config.out / label, config.replace)
        with profile.part("stage", "rules"):
            outcomes = steps.evaluate(engine, catalogue, progress, f"Running {plural(len(catalogue), 'rule')}")
        recalled = memory.recall(config.out, label, service_dates, now.date(), work.recovered)
        with profile.part("stage", "findings"):
            engine.collect(memory.remember(recalled))
        judged = _Judged(label, now, service_dates, taken, catalogue, outcomes, recalled)
        written = _write(engine, config, judged, work.run, progress)
        severities = _severities(engine)
        work.must_stand()
        losses.note_attempts(config.out, now)
        seal = seals.note(config.out, label, work.run, "run", now)
        target, kept_aside = run_folder.publish(work.run, config.out / label)
        return RunResult(target, kept_aside, written, outcomes, severities, seal.manifest, recalled.of_earlier)


def _settled(
    engine: Engine, sources: Sequence[Path], catalogue: Sequence[Rule], config: Config, folder: Path, progress: Progress
) -> tuple[Intake, tuple[date, date]]:
    """The sources read and made what rules read; gives the first and the last date of service too. AuditError comes through."""
    with profile.part("stage", "read"):
        taken = steps.read(engine, sources, catalogue, config, folder, progress)
    intake.check_rejects(taken, config.max_rejected)
    with profile.part("stage", "settle"):
        steps.stage(engine, taken, catalogue, config, progress)
    dates = steps.service_dates(engine)
    if dates is None:
        raise steps.nothing_to_audit(engine, config)
    return taken, dates


def _write(engine: Engine, config: Config, judged: _Judged, folder: Path, progress: Progress) -> Manifest:
    """Write every file of the run into a new folder; returns the manifest."""
    with profile.part("stage", "summary"):
        summary = _summary(engine)
    progress.step("Writing findings and report")
    namer, unnamed = namer_or_reason(config.phi)
    found = _finding_ids(engine)
    warnings = [*filter(None, (unnamed, report.why_no_charts())), *_warnings(engine, config, judged, found)]
    make_folder(folder)
    written = replaced.with_it(compose.build(_facts(engine, config, judged, summary, found, warnings)), config.out, found)
    with profile.part("stage", "data files"):
        data_files = outputs.write(engine, folder, namer)
    # The report is made from the stored run alone, so the manifest comes before it, and once more with its hashes.
    stored.write(written, folder, data_files)
    with profile.part("stage", "report"):
        pages = report.write_all(folder)
    return stored.write(written, folder, (*data_files, *(str(page.relative_to(folder)) for page in pages)))


def _facts(
    engine: Engine, config: Config, judged: _Judged, summary: compose.Summary, found: frozenset[str], warnings: Sequence[str]
) -> compose.RunFacts:
    (first, last), recalled = judged.service_dates, judged.recalled
    taken = with_oddities(judged.taken, summary, engine.references, last)
    return compose.RunFacts(
        label=judged.label,
        created_at=judged.now,
        first_service_date=first,
        last_service_date=last,
        config=config,
        intake=taken,
        fates=control_totals.of_files(taken, summary["file_totals"]),
        money_basis=engine.money_basis,
        engine=engine.used,
        references=engine.references,
        rules=judged.catalogue,
        outcomes=judged.outcomes,
        summary=summary,
        earlier=recalled.earlier,
        row=recalled.row,
        resolved=_resolved(found, recalled.before, first, last) if recalled.before else None,
        suppressions=recalled.suppressions,
        review=_review(engine, recalled) if recalled.decided else None,
        warnings=warnings,
    )


def _warnings(engine: Engine, config: Config, judged: _Judged, found: frozenset[str]) -> list[str]:
    """What else the reader is to be warned of: settings without use, the clock, and what of the folder's memory is no help."""
    today, recalled = judged.now.date(), judged.recalled
    return [
        *_unmatched_providers(engine, config),
        *surroundings.oddity_of_clock(today, judged.service_dates[1]),
        *suppressions.ended(recalled.every_suppression, today, found),
        *recalled.of_earlier,
    ]


def _summary(engine: Engine) -> compose.Summary:
    return {path.stem: engine.rows(statement.query) for path, statement in sql_files.statements("summary")}


def _label(first: date, last: date) -> str:
    months = sorted({f"{day:%Y-%m}" for day in (first, last)})
    return "_".join(months)


def _resolved(found: frozenset[str], before: history.PastRun, first: date, last: date) -> int:
    """Findings of the run before, within this run's dates of service, that this run does not have."""
    return sum(1 for finding_id in history.finding_ids(before, first, last) if finding_id not in found)


def _review(engine: Engine, recalled: memory.Recalled) -> Review:
    """How far the review has come, over the folder's runs and this one, which stands for an earlier one of its name."""
    others = sorted(recalled.others, key=lambda run: run.created_at)
    own = engine.table(f"SELECT {', '.join(review.COLUMNS)} FROM finding ORDER BY finding_id")
    tables = [*(history.findings_of(run, review.COLUMNS) for run in others), own]
    return review.review(tables, recalled.decided, own)


def _unmatched_providers(engine: Engine, config: Config) -> list[str]:
    if not config.providers:
        return []
    rows = engine.rows("SELECT DISTINCT unnest([rendering_npi, billing_npi]) AS npi FROM claim_line")
    return unmatched_providers(config.providers, {row["npi"] for row in rows})


def _finding_ids(engine: Engine) -> frozenset[str]:
    return frozenset(row["finding_id"] for row in engine.rows("SELECT finding_id FROM finding"))


def _severities(engine: Engine) -> frozenset[str]:
    return frozenset(row["severity"] for row in engine.rows("SELECT DISTINCT severity FROM finding WHERE is_counted"))
