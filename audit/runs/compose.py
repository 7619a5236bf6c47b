"""A run's facts in, its manifest out: each part made of what intake, the rules and the summary's queries say."""

import hashlib
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import msgspec

from audit import __version__
from audit.model import EngineUsed, Intake, RuleOutcome, SourceFile
from audit.reference.loaded import Edition
from audit.rules.catalogue import Rule
from audit.runs.control_totals import Fate, total
from audit.runs.format import manifest as stored
from audit.runs.format.manifest import FORMAT, Manifest, Suppression
from audit.runs.format.review_records import Review
from audit.runs.timeline import recurrence, trend
from audit.runs.timeline.history import PastRun
from audit.settings import config as configuration
from audit.settings.config import Config, EngineName
from audit.terms import DIRECTIONS

Row = Mapping[str, Any]
# The rows of queries/summary/*.sql by file stem.
Summary = Mapping[str, Sequence[Row]]
_NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class RunFacts:
    """All that the manifest is made of.

    `earlier` holds the runs of the folder that came before, oldest first, `row` those of them in a row before this one, last
    first, `warnings` what else the reader is to be warned of.
    """

    label: str
    created_at: datetime
    first_service_date: date
    last_service_date: date
    config: Config
    intake: Intake
    fates: Mapping[str, Fate]
    money_basis: str
    engine: EngineUsed
    references: Sequence[Edition]
    rules: Sequence[Rule]
    outcomes: Sequence[RuleOutcome]
    summary: Summary
    earlier: Sequence[PastRun] = ()
    row: Sequence[PastRun] = ()
    resolved: int | None = None
    suppressions: Sequence[Suppression] = ()
    review: Review | None = None
    warnings: Sequence[str] = ()


def build(facts: RunFacts) -> Manifest:
    """The manifest, without its list of outputs."""
    intake, summary = facts.intake, facts.summary
    built = Manifest(
        format=FORMAT,
        free_keys=(),
        run=_run(facts),
        software=_software(facts.engine),
        config=msgspec.convert(configuration.as_json(facts.config), stored.Settings),
        inputs=tuple(input_of(file, facts.fates[file.name]) for file in intake.files),
        control_totals=control_totals(facts.fates),
        exclusions=exclusions(summary["exclusions"]),
        rejections=intake.rejections,
        warnings=(*intake.warnings, *facts.warnings),
        notes=intake.notes,
        money_basis=msgspec.convert(facts.money_basis, stored.MoneyColumn),
        payers=payers(summary["payers"]),
        filled_columns=intake.filled_columns,
        references=tuple(facts.references),
        rules=_rules(facts),
        history=_history(facts),
        suppressions=tuple(facts.suppressions),
        review=facts.review,
        totals=_totals(summary),
        summary=msgspec.convert({name: rows for name, rows in summary.items() if name.startswith("by_")}, stored.Summary),
        outputs=(),
    )
    figures = trend.beside([run.folder for run in facts.earlier], built)
    return msgspec.structs.replace(built, history=msgspec.structs.replace(built.history, trend=figures))


def _history(facts: RunFacts) -> stored.History:
    """The runs before this one, but for figures beside those of this run, which only its manifest tells."""
    again = facts.summary["recurrences"]
    own = msgspec.convert(facts.summary["by_provider"], list[stored.ProviderFigures])
    return stored.History(
        previous=facts.earlier[-1].label if facts.earlier else None,
        resolved=facts.resolved,
        replaced=None,
        recurring=len(again),
        recurrences=recurrence.recurrences(again, facts.row, own),
        trend=(),
    )


def input_of(file: SourceFile, fate: Fate) -> stored.Input:
    """A file that was read, and what became of its rows and dollars."""
    return stored.Input(
        file=file.name,
        path=str(file.path),
        format=file.format,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        rows=_rows_of(fate),
        dollars=_dollars_of(fate),
        mapping=file.mapping,
        unmapped_columns=file.unmapped_columns,
        private_columns=file.private_columns,
    )


def control_totals(fates: Mapping[str, Fate]) -> stored.ControlTotals:
    """All files together; a run that does not tie never comes this far."""
    whole = total(fates.values())
    return stored.ControlTotals(_rows_of(whole), _dollars_of(whole), ties=True)


def exclusions(rows: Sequence[Row]) -> tuple[stored.Exclusion, ...]:
    """What was left out and why, of the rows of queries/summary/exclusions.sql."""
    return msgspec.convert(rows, tuple[stored.Exclusion, ...])


def payers(rows: Sequence[Row]) -> tuple[stored.Payer, ...]:
    """The payers and the policy applied to each, of the rows of queries/summary/payers.sql."""
    return msgspec.convert(rows, tuple[stored.Payer, ...])


def _rows_of(fate: Fate) -> stored.Rows:
    return msgspec.convert(fate.rows, stored.Rows)


def _dollars_of(fate: Fate) -> stored.DollarsRead:
    return msgspec.convert(fate.dollars, stored.DollarsRead)


def _software(used: EngineUsed) -> stored.Software:
    engine = msgspec.convert(used.engine, EngineName)
    return stored.Software(__version__, duckdb.__version__, platform.python_version(), engine, used.master, used.partitions)


def _run(facts: RunFacts) -> stored.Run:
    return stored.Run(
        id=_run_id(facts),
        label=facts.label,
        created_at=facts.created_at.astimezone(UTC).replace(microsecond=0),
        auditor=facts.config.auditor,
        entity=facts.config.entity,
        period=facts.config.period.label if facts.config.period else None,
        first_service_date=facts.first_service_date,
        last_service_date=facts.last_service_date,
        patients=facts.config.phi,
        final=facts.config.final,
    )


def _run_id(facts: RunFacts) -> str:
    """The same inputs, settings, rules, reference tables and earlier runs make the same run, whenever it is done."""
    identity = [
        __version__,
        [(file.name, file.sha256) for file in facts.intake.files],
        [(rule.id, rule.sha256, dict(rule.values)) for rule in facts.rules],
        [(edition.table, edition.sha256) for edition in facts.references],
        configuration.as_json(facts.config),
        [facts.config.entity, facts.config.auditor],
        [[(run.label, run.run_id) for run in facts.earlier], list(facts.suppressions)],
        facts.review.decided if facts.review else (),
    ]
    return hashlib.sha256(msgspec.json.encode(identity)).hexdigest()[:16]


def _rules(facts: RunFacts) -> tuple[stored.StoredRule, ...]:
    dollars = {row["rule_id"]: row for row in facts.summary["rules"]}
    entries = []
    for rule, outcome in zip(facts.rules, facts.outcomes, strict=True):
        priced = dollars.get(rule.id, {"lines_flagged": 0, "gross_at_risk": _NOTHING})
        said = {name: value for name, value in msgspec.structs.asdict(rule.front).items() if name != "params"}
        entries.append(
            stored.StoredRule(
                **said,
                params=dict(rule.values),
                param_help={name: param.help for name, param in rule.front.params.items()},
                sql=rule.sql,
                sql_sha256=rule.sha256,
                status=outcome.status,
                error=outcome.error,
                population=outcome.population,
                evaluated=outcome.evaluated,
                flagged=outcome.flagged,
                not_evaluated=outcome.not_evaluated,
                lines_flagged=priced["lines_flagged"],
                gross_at_risk=priced["gross_at_risk"],
            )
        )
    return tuple(entries)


def _totals(summary: Summary) -> stored.Totals:
    whole = dict(summary["totals"][0])
    once = whole.pop("over_once")
    by_direction = {row["direction"]: row for row in summary["directions"]}
    none = {"findings": 0, "gross": _NOTHING}
    found: dict[str, Any] = {
        direction: {name: by_direction.get(direction, none)[name] for name in none} for direction in DIRECTIONS
    }
    found["over"]["counted_once"] = once
    return msgspec.convert({**whole, **found}, stored.Totals)
