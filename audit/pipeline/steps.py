"""The steps that a run and a preview take alike: the rules asked for, the export read, staged, and each rule run over it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from audit import intake, rules
from audit.engine.interface import Engine
from audit.errors import InputError
from audit.machine import interrupts, profile
from audit.model import Intake, RuleOutcome
from audit.progress import Progress
from audit.rules import column_lineage
from audit.rules.catalogue import Rule
from audit.settings.config import Config


def choose_rules(config: Config) -> tuple[Rule, ...]:
    """The catalogue, the user's own rules included, cut down to what the config selects. Raises RuleError, ConfigError."""
    return rules.choose(rules.load(config.rule_folders, config.rules), config.select, config.ignore)


def read(
    engine: Engine, sources: Sequence[Path], catalogue: Sequence[Rule], config: Config, scratch: Path, progress: Progress
) -> Intake:
    """Read the sources into the engine; files unpacked on the way lie in `scratch`. Raises InputError, ConfigError.

    Where an export lacks a column that an audit needs, the error says which rules of the catalogue rest on it.
    """
    progress.step(f"Reading {len(sources)} file{'s' if len(sources) != 1 else ''}")
    with column_lineage.told(catalogue):
        taken = engine.read(
            lambda con: intake.load(
                con,
                sources,
                given=intake.given(config.columns, config.constants, config.header_names),
                dates=config.dates,
                scratch=scratch,
                progress=progress.bytes_read,
            )
        )
    return replace(taken, warnings=(*taken.warnings, *intake.passed_over(config.sources)))


def stage(engine: Engine, taken: Intake, catalogue: Sequence[Rule], config: Config, progress: Progress) -> None:
    """Settle what was read into the tables that the rules of the catalogue read."""
    progress.step("Settling final actions, visits and edits")
    engine.stage(taken, config, catalogue)


def service_dates(engine: Engine) -> tuple[date, date] | None:
    """The first and the last date of service of the audited lines; None where no line is left to audit."""
    (row,) = engine.rows("SELECT min(service_date) AS first, max(service_date) AS last FROM claim_line")
    return (row["first"], row["last"]) if row["first"] else None


def nothing_to_audit(engine: Engine, config: Config) -> InputError:
    """Why no line is left to audit."""
    (row,) = engine.rows("SELECT count(*) AS n, min(service_date) AS first, max(service_date) AS last FROM claim_row")
    if row["n"] == 0:
        return InputError("Every row of the export was rejected; nothing is left to audit.", "`claims-audit check` lists why.")
    if config.period:
        return InputError(
            f"No claim line is left to audit in {config.period.label}.",
            f"The export holds dates of service from {row['first']} to {row['last']}.",
        )
    return InputError("Every claim line is void, superseded or reversed; nothing is left to audit.")


def evaluate(engine: Engine, catalogue: Sequence[Rule], progress: Progress, doing: str) -> tuple[RuleOutcome, ...]:
    """Run each rule over the staged export. `doing` is what the progress says of it."""
    progress.step(doing)
    outcomes = []
    for number, rule in enumerate(catalogue, 1):
        with profile.part("rule", rule.id):
            outcomes.append(engine.evaluate(rule))
        interrupts.check()
        progress.rule_done(rule.id, number, len(catalogue))
    return tuple(outcomes)
