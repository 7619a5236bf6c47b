"""All that a run takes from an engine, for holding one engine against another."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from audit import intake
from audit.engine import sql_files
from audit.engine.interface import Engine
from audit.engine.remembered import Remembered
from audit.rules.catalogue import Rule
from audit.runs import outputs
from audit.settings.config import Config

Opener = Callable[[Config, Path], AbstractContextManager[Engine]]


def found(opener: Opener, config: Config, rules: Sequence[Rule], scratch: Path) -> dict[str, Any]:
    """The rows of every file and summary of a run, and what came of each rule, by name."""
    with opener(config, scratch / "spill") as engine:
        sources = intake.find_sources(config.sources)
        given = intake.given(config.columns, config.constants, config.header_names)
        taken = engine.read(lambda con: intake.load(con, sources, given=given, dates=config.dates, scratch=scratch))
        engine.stage(taken, config, rules)
        outcomes = [replace(engine.evaluate(rule), seconds=0) for rule in rules]
        engine.collect(Remembered())
        answers: dict[str, Any] = {outcome.rule_id: outcome for outcome in outcomes}
        answers |= {output.name: engine.rows(output.query) for output in outputs.OUTPUTS}
        answers |= {path.stem: engine.rows(statement.query) for path, statement in sql_files.statements("summary")}
        return answers | {"money_basis": engine.money_basis}


def different(first: dict[str, Any], second: dict[str, Any]) -> list[str]:
    """Names of the answers that two engines give otherwise."""
    return [name for name in first if first[name] != second[name]]
