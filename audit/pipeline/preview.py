"""What an audit of an export would rest on: intake, staging and the rules' own account, with nothing written or kept.

The rules are run, because what they can judge depends on rows and payers and not on columns alone; their findings stay
in the session and go with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from audit import intake
from audit.contract import MONEY_COLUMNS, PAYER_COLUMNS
from audit.engine import sql_files
from audit.engine.engines import open_engine
from audit.engine.interface import Engine
from audit.errors import InputError
from audit.files.door import scratch_folder
from audit.model import Intake, RuleOutcome
from audit.pipeline import oddities, steps
from audit.progress import Progress, Silent
from audit.rules import column_lineage
from audit.rules.catalogue import Rule
from audit.runs import compose, control_totals
from audit.runs.control_totals import Fate
from audit.runs.format.stored import as_json as plain
from audit.settings.config import Config
from audit.terms import Reach, plural

FORMAT = 1
_SUMMARIES = frozenset({"exclusions", "file_totals", *oddities.SUMMARIES})
_CMS = "cms_"


@dataclass(frozen=True)
class Preview:
    """What was read, what became of it, which payers are in it, and what each rule could judge.

    `refusal` says why a run would refuse the export, None where it would not; without audited lines no rule was run.
    `service_dates` are the first and the last of the audited lines; `name_keys` holds each payer's name as it is compared.
    """

    intake: Intake
    fates: Mapping[str, Fate]
    exclusions: Sequence[Mapping[str, Any]]
    payers: Sequence[Mapping[str, Any]]
    money_basis: str
    rules: Sequence[Rule]
    outcomes: Sequence[RuleOutcome]
    service_dates: tuple[date, date] | None
    name_keys: Mapping[str, str]
    refusal: InputError | None = None

    @property
    def failed(self) -> tuple[RuleOutcome, ...]:
        """Rules that broke off with an error."""
        return tuple(outcome for outcome in self.outcomes if outcome.status == "error")


def preview(config: Config, progress: Progress | None = None) -> Preview:
    """Read and stage the sources of the config and run its rules dry. Raises AuditError where the export cannot be read."""
    progress = progress or Silent()
    catalogue = steps.choose_rules(config)
    sources = intake.find_sources(config.sources)
    with scratch_folder() as scratch, open_engine(config, scratch / "spill", progress) as engine:
        taken = steps.read(engine, sources, catalogue, config, scratch, progress)
        steps.stage(engine, taken, catalogue, config, progress)
        found = {
            path.stem: engine.rows(statement.query)
            for path, statement in sql_files.statements("summary")
            if path.stem in _SUMMARIES
        }
        refusal = _refusal(taken, engine, config)
        dates = steps.service_dates(engine)
        doing = f"Asking {plural(len(catalogue), 'rule')} what can be judged"
        outcomes = steps.evaluate(engine, catalogue, progress, doing) if dates else ()
        return Preview(
            intake=oddities.with_oddities(taken, found, engine.references, dates[1] if dates else None),
            fates=control_totals.of_files(taken, found["file_totals"]),
            exclusions=found["exclusions"],
            payers=found["payers"],
            money_basis=engine.money_basis,
            rules=catalogue,
            outcomes=outcomes,
            service_dates=dates,
            name_keys=_name_keys(engine),
            refusal=refusal,
        )


def reach(outcome: RuleOutcome) -> Reach:
    """How far a rule reaches on this export: all, part, none, nothing to examine, or failed."""
    return outcome.reach


@dataclass(frozen=True)
class MissingColumn:
    """A contract column that the export does not fill, with the rules that read it and judge nothing, or not all."""

    name: str
    judge_nothing: tuple[str, ...]
    judge_a_part: tuple[str, ...]


def missing_columns(seen: Preview) -> tuple[MissingColumn, ...]:
    """The columns whose lack may be why rules cannot judge all, in contract order.

    One amount serves for another: where one is there, only the rules that name the missing one itself are listed. Columns
    whose lack keeps no rule from judging are left out, a payer's id where its name is there, and what CMS's feeds alone hold
    where the export is none of them.
    """
    filled = set(seen.intake.filled_columns)
    is_cms = any(name.startswith(_CMS) for name in filled)
    reaches = {outcome.rule_id: reach(outcome) for outcome in seen.outcomes}
    missing = []
    for name, ids in column_lineage.rules_by_column(seen.rules).items():
        if name in filled | column_lineage.PLAIN_WITHOUT or (name in PAYER_COLUMNS and filled & set(PAYER_COLUMNS)):
            continue
        if name.startswith(_CMS) and not is_cms:
            continue
        naming = (
            column_lineage.rules_naming(seen.rules, name) if name in MONEY_COLUMNS and filled & set(MONEY_COLUMNS) else set(ids)
        )
        nothing, part = (tuple(rule for rule in ids if rule in naming and reaches.get(rule) == kind) for kind in ("none", "part"))
        if nothing or part:
            missing.append(MissingColumn(name, nothing, part))
    return tuple(missing)


def as_json(seen: Preview) -> dict[str, Any]:
    """The preview as plain JSON values, in the manifest's words."""
    return {
        "format": FORMAT,
        "would_run": seen.refusal is None,
        "refusal": str(seen.refusal) if seen.refusal else None,
        "inputs": [_without_path(plain(compose.input_of(file, seen.fates[file.name]))) for file in seen.intake.files],
        "control_totals": plain(compose.control_totals(seen.fates)),
        "exclusions": plain(compose.exclusions(seen.exclusions)),
        "rejections": plain(seen.intake.rejections),
        "money_basis": seen.money_basis,
        "payers": plain(compose.payers(seen.payers)),
        "filled_columns": list(seen.intake.filled_columns),
        "missing_columns": [asdict(column) for column in missing_columns(seen)],
        "rules": [_rule(rule, outcome) for rule, outcome in zip(seen.rules, seen.outcomes, strict=False)],
        "warnings": list(seen.intake.warnings),
        "notes": list(seen.intake.notes),
    }


def _without_path(entry: dict[str, Any]) -> dict[str, Any]:
    """A preview tells what an export holds, and not where it lies on this machine."""
    return {name: value for name, value in entry.items() if name != "path"}


def _rule(rule: Rule, outcome: RuleOutcome) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.front.title,
        "subject": rule.front.subject,
        "reach": reach(outcome),
        "population": outcome.population,
        "evaluated": outcome.evaluated,
        "not_evaluated": [asdict(reason) for reason in outcome.not_evaluated],
        "error": outcome.error,
    }


def _name_keys(engine: Engine) -> dict[str, str]:
    """Payers' names as staging compares them (queries/macros/payer.sql)."""
    named = "SELECT DISTINCT payer_name, payer_key(payer_name) AS name_key FROM claim_line WHERE payer_name IS NOT NULL"
    return {row["payer_name"]: row["name_key"] for row in engine.rows(named)}


def _refusal(taken: Intake, engine: Engine, config: Config) -> InputError | None:
    """Why a run would refuse the export."""
    try:
        intake.check_rejects(taken, config.max_rejected)
    except InputError as error:
        return error
    return None if steps.service_dates(engine) else steps.nothing_to_audit(engine, config)
