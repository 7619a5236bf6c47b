"""One audit from export to report, readable top to bottom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from audit import intake, profile, report
from audit.config import Config
from audit.engine import sql_files
from audit.engine.interface import Engine, open_engine
from audit.files.door import make_folder, scratch_folder
from audit.model import Intake, RuleOutcome
from audit.pipeline import steps, surroundings
from audit.pipeline.oddities import unmatched_providers, with_oddities
from audit.progress import Progress, Silent
from audit.rules.catalogue import Rule
from audit.runs import (
    compose,
    control_totals,
    decisions,
    history,
    memory,
    outputs,
    replaced,
    review,
    run_folder,
    seals,
    stored,
    suppressions,
)
from audit.runs.manifest import Manifest
from audit.runs.patient_names import Namer, namer_or_reason
from audit.runs.review_records import Review
from audit.terms import plural

_LEFT_OUT = "An earlier run is left out of what this one is compared with"


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
        taken, (first, last) = _settled(engine, sources, catalogue, config, work.folder, progress)
        label = config.period.label if config.period else _label(first, last)
        replaced.allow(config.out / label, config.replace)
        with profile.part("stage", "rules"):
            outcomes = steps.evaluate(engine, catalogue, progress, f"Running {plural(len(catalogue), 'rule')}")
        past = history.look(config.out)
        earlier = history.before(past.runs, label, last)
        before, row = (earlier[-1] if earlier else None), memory.in_a_row(earlier, first)
        every_aside, illegible = suppressions.legible(config.out)
        set_aside = suppressions.in_force(every_aside, now.date())
        ledger, undecided = decisions.legible(config.out)
        with profile.part("stage", "findings"):
            engine.collect(memory.remember(earlier, row, set_aside, decisions.standing(ledger)))
        with profile.part("stage", "summary"):
            summary = _summary(engine)
        taken = with_oddities(taken, summary, engine.references, last)
        progress.step("Writing findings and report")
        namer, unnamed = namer_or_reason(config.phi)
        found = _finding_ids(engine)
        facts = compose.RunFacts(
            label=label,
            created_at=now,
            first_service_date=first,
            last_service_date=last,
            config=config,
            intake=taken,
            fates=control_totals.of_files(taken, summary["file_totals"]),
            money_basis=engine.money_basis,
            engine=engine.used,
            references=engine.references,
            rules=catalogue,
            outcomes=outcomes,
            summary=summary,
            earlier=earlier,
            row=row,
            resolved=_resolved(found, before, first, last) if before else None,
            suppressions=set_aside,
            review=_review(engine, [run for run in past.runs if run.label != label], ledger) if ledger else None,
            warnings=[
                *filter(None, (unnamed,)),
                *illegible,
                *undecided,
                *_unmatched_providers(engine, config),
                *surroundings.oddity_of_clock(now.date(), last),
                *suppressions.ended(every_aside, now.date(), found),
                *(f"{_LEFT_OUT}: {why}" for why in past.unread),
            ],
        )
        written = _write(engine, facts, found, work.run, namer)
        severities = _severities(engine)
        work.must_stand()
        seal = seals.note(config.out, label, work.run, "run", now)
        target, kept_aside = run_folder.publish(work.run, config.out / label)
        return RunResult(target, kept_aside, written, outcomes, severities, seal.manifest)


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


def _write(engine: Engine, facts: compose.RunFacts, found: frozenset[str], folder: Path, namer: Namer) -> Manifest:
    """Write every file of the run into a new folder; returns the manifest."""
    make_folder(folder)
    written = compose.build(facts)
    written = replaced.with_it(written, facts.config.out, found)
    with profile.part("stage", "data files"):
        data_files = outputs.write(engine, folder, namer)
    # The report is made from the stored run alone, so the manifest comes before it, and once more with its hashes.
    stored.write(written, folder, data_files)
    with profile.part("stage", "report"):
        pages = report.write_all(folder)
    return stored.write(written, folder, (*data_files, *(str(page.relative_to(folder)) for page in pages)))


def _summary(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    return {path.stem: engine.rows(statement.query) for path, statement in sql_files.statements("summary")}


def _label(first: date, last: date) -> str:
    months = sorted({f"{day:%Y-%m}" for day in (first, last)})
    return "_".join(months)


def _resolved(found: frozenset[str], before: history.PastRun, first: date, last: date) -> int:
    """Findings of the run before, within this run's dates of service, that this run does not have."""
    return sum(1 for finding_id in history.finding_ids(before, first, last) if finding_id not in found)


def _review(engine: Engine, others: Sequence[history.PastRun], ledger: Sequence[decisions.Entry]) -> Review:
    """How far the review has come, over the folder's runs and this one, which stands for an earlier one of its name."""
    own = engine.table(f"SELECT {', '.join(review.COLUMNS)} FROM finding ORDER BY finding_id")
    tables = [*(history.findings_of(run, review.COLUMNS) for run in sorted(others, key=lambda run: run.created_at)), own]
    return review.review(tables, ledger, own)


def _unmatched_providers(engine: Engine, config: Config) -> list[str]:
    if not config.providers:
        return []
    rows = engine.rows("SELECT DISTINCT unnest([rendering_npi, billing_npi]) AS npi FROM claim_line")
    return unmatched_providers(config.providers, {row["npi"] for row in rows})


def _finding_ids(engine: Engine) -> frozenset[str]:
    return frozenset(row["finding_id"] for row in engine.rows("SELECT finding_id FROM finding"))


def _severities(engine: Engine) -> frozenset[str]:
    return frozenset(row["severity"] for row in engine.rows("SELECT DISTINCT severity FROM finding WHERE is_counted"))
