"""One audit from export to report, readable top to bottom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from audit import intake, report
from audit.config import Config
from audit.engine import sql_files
from audit.engine.duckdb_session import Session, open_session
from audit.errors import InputError
from audit.model import RuleOutcome
from audit.pipeline import steps
from audit.pipeline.unmatched import with_unmatched
from audit.progress import Progress, Silent
from audit.runs import control_totals, history, manifest, outputs, run_folder

SEVERITIES = ("info", "low", "medium", "high")


@dataclass(frozen=True)
class RunResult:
    """What a finished run leaves: its folder, an earlier run of its name if one was kept, and what it found."""

    folder: Path
    kept_aside: Path | None
    manifest: Mapping[str, Any]
    outcomes: tuple[RuleOutcome, ...]
    severities: frozenset[str]

    @property
    def not_evaluated(self) -> int:
        """Subjects, over all rules, that could not be judged."""
        return sum(reason.count for outcome in self.outcomes for reason in outcome.not_evaluated)


def run(config: Config, now: datetime, progress: Progress | None = None) -> RunResult:
    """Audit the sources of the config into a new run folder. Raises AuditError; then no run folder is left."""
    progress = progress or Silent()
    catalogue = steps.choose_rules(config)
    sources = intake.find_sources(config.sources)
    with run_folder.under_construction(config.out) as work, open_session(config, work / "spill") as session:
        taken = steps.read(session, sources, catalogue, config, work, progress)
        intake.check_rejects(taken, config.max_rejected)
        steps.stage(session, taken, config, progress)
        first, last = _service_dates(session, config)
        outcomes = steps.evaluate(session, catalogue, progress, f"Running {len(catalogue)} rules")
        label = config.period.label if config.period else _label(first, last)
        earlier = history.runs_before(config.out, label, last)
        before = earlier[-1] if earlier else None
        set_aside = history.in_force(history.suppressions(config.out), now.date())
        session.collect(history.finding_ids(before) if before else (), [entry.finding_id for entry in set_aside])
        summary = _summary(session)
        taken = with_unmatched(taken, summary["unmatched_patterns"], summary["payers"])
        progress.step("Writing findings and report")
        facts = manifest.RunFacts(
            label=label,
            created_at=now,
            first_service_date=first,
            last_service_date=last,
            config=config,
            intake=taken,
            fates=control_totals.of_files(taken, summary["file_totals"]),
            money_basis=session.money_basis,
            references=session.references,
            rules=catalogue,
            outcomes=outcomes,
            summary=summary,
            earlier=earlier,
            resolved=_resolved(session, before, first, last) if before else None,
            suppressions=set_aside,
        )
        written = _write(session, facts, work / "run")
        target, kept_aside = run_folder.publish(work / "run", config.out / label)
        return RunResult(target, kept_aside, written, outcomes, _severities(session))


def _write(session: Session, facts: manifest.RunFacts, folder: Path) -> Mapping[str, Any]:
    """Write every file of the run into a new folder; returns the manifest."""
    folder.mkdir(mode=0o700)
    written = manifest.build(facts)
    data_files = outputs.write(session, folder)
    # The report is made from the stored run alone, so the manifest comes before it, and once more with its hashes.
    manifest.write(written, folder, data_files)
    pages = report.write_all(folder, report.ReportOptions(patients=facts.config.phi, final=facts.config.final))
    manifest.write(written, folder, (*data_files, *(str(page.relative_to(folder)) for page in pages)))
    return written


def _summary(session: Session) -> dict[str, list[dict[str, Any]]]:
    return {path.stem: session.rows(statement.query) for path, statement in sql_files.statements("summary")}


def _service_dates(session: Session, config: Config) -> tuple[date, date]:
    row = session.rows("SELECT min(service_date) AS first, max(service_date) AS last FROM claim_line")[0]
    if row["first"] is None:
        raise _nothing_to_audit(session, config)
    return row["first"], row["last"]


def _nothing_to_audit(session: Session, config: Config) -> InputError:
    row = session.rows("SELECT count(*) AS n, min(service_date) AS first, max(service_date) AS last FROM claim_row")[0]
    if row["n"] == 0:
        return InputError("Every row of the export was rejected; nothing is left to audit.", "See `claims-audit run --help`.")
    if config.period:
        return InputError(
            f"No claim line is left to audit in {config.period.label}.",
            f"The export holds dates of service from {row['first']} to {row['last']}.",
        )
    return InputError("Every claim line is void, superseded or reversed; nothing is left to audit.")


def _label(first: date, last: date) -> str:
    months = sorted({f"{day:%Y-%m}" for day in (first, last)})
    return "_".join(months)


def _resolved(session: Session, before: history.PastRun, first: date, last: date) -> int:
    """Findings of the run before, within this run's dates of service, that this run does not have."""
    now_found = {row["finding_id"] for row in session.rows("SELECT finding_id FROM finding")}
    return sum(1 for finding_id in history.finding_ids(before, first, last) if finding_id not in now_found)


def _severities(session: Session) -> frozenset[str]:
    return frozenset(
        row["severity"] for row in session.rows("SELECT DISTINCT severity FROM finding WHERE status <> 'suppressed'")
    )
