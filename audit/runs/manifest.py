"""manifest.json: what a run read, decided and found, complete enough to render its report from it again."""

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from audit import __version__, config as configuration
from audit.config import Config
from audit.model import Intake, RuleOutcome, SourceFile
from audit.reference.loaded import Edition
from audit.rules.catalogue import Rule
from audit.runs import trend
from audit.runs.control_totals import Fate, total
from audit.runs.history import PastRun, Suppression
from audit.runs.run_folder import sha256_of

FORMAT = 2


@dataclass(frozen=True)
class RunFacts:
    """All that the manifest is made of.

    `summary` holds the rows of queries/summary/*.sql by file stem, `earlier` the runs of the folder that came before,
    oldest first.
    """

    label: str
    created_at: datetime
    first_service_date: date
    last_service_date: date
    config: Config
    intake: Intake
    fates: Mapping[str, Fate]
    money_basis: str
    references: Sequence[Edition]
    rules: Sequence[Rule]
    outcomes: Sequence[RuleOutcome]
    summary: Mapping[str, Sequence[Mapping[str, Any]]]
    earlier: Sequence[PastRun] = ()
    resolved: int | None = None
    suppressions: Sequence[Suppression] = ()


def build(facts: RunFacts) -> dict[str, Any]:
    """The manifest as plain JSON values, without its list of outputs."""
    built: dict[str, Any] = {
        "format": FORMAT,
        "run": _run(facts),
        "software": {"claims-audit": __version__, "duckdb": duckdb.__version__, "python": platform.python_version()},
        "config": configuration.as_json(facts.config),
        "inputs": [_input(file, facts.fates[file.name]) for file in facts.intake.files],
        "control_totals": {**total(facts.fates.values()).as_json(), "ties": True},
        "exclusions": plain(facts.summary["exclusions"]),
        "rejections": [asdict(rejection) for rejection in facts.intake.rejections],
        "warnings": list(facts.intake.warnings),
        "money_basis": facts.money_basis,
        "payers": plain(facts.summary["payers"]),
        "filled_columns": list(facts.intake.filled_columns),
        "references": [asdict(edition) for edition in facts.references],
        "rules": _rules(facts),
        "history": {"previous": facts.earlier[-1].label if facts.earlier else None, "resolved": facts.resolved},
        "suppressions": [asdict(entry) for entry in facts.suppressions],
        "totals": _totals(facts.summary),
        "summary": {name: plain(rows) for name, rows in facts.summary.items() if name.startswith("by_")},
    }
    built["history"]["trend"] = trend.beside([run.folder for run in facts.earlier], built)
    return built


def write(manifest: Mapping[str, Any], folder: Path, outputs: Sequence[str]) -> None:
    """Write manifest.json into the folder, with size and SHA-256 of the data files that stand there."""
    listed = [
        {"file": name, "size_bytes": (folder / name).stat().st_size, "sha256": sha256_of(folder / name)} for name in outputs
    ]
    text = json.dumps({**manifest, "outputs": listed}, indent=1, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def plain(value: Any) -> Any:
    """Rows of a query as JSON values: amounts as text with two places, dates as ISO text."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def _run(facts: RunFacts) -> dict[str, Any]:
    return {
        "id": _run_id(facts),
        "label": facts.label,
        "created_at": facts.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "auditor": facts.config.auditor,
        "entity": facts.config.entity,
        "period": facts.config.period.label if facts.config.period else None,
        "first_service_date": facts.first_service_date.isoformat(),
        "last_service_date": facts.last_service_date.isoformat(),
    }


def _run_id(facts: RunFacts) -> str:
    """The same inputs, settings, rules, reference tables and earlier runs make the same run, whenever it is done."""
    identity = [
        __version__,
        [(file.name, file.sha256) for file in facts.intake.files],
        [(rule.id, rule.sha256, dict(rule.values)) for rule in facts.rules],
        [(edition.table, edition.sha256) for edition in facts.references],
        configuration.as_json(facts.config),
        [facts.config.entity, facts.config.auditor],
        [[(run.label, run.run_id) for run in facts.earlier], [asdict(entry) for entry in facts.suppressions]],
    ]
    return hashlib.sha256(msgspec.json.encode(identity)).hexdigest()[:16]


def _input(file: SourceFile, fate: Fate) -> dict[str, Any]:
    return {
        "file": file.name,
        "path": str(file.path),
        "format": file.format,
        "size_bytes": file.size_bytes,
        "sha256": file.sha256,
        **fate.as_json(),
        "mapping": [asdict(column) for column in file.mapping],
        "unmapped_columns": list(file.unmapped_columns),
        "private_columns": list(file.private_columns),
    }


def _rules(facts: RunFacts) -> list[dict[str, Any]]:
    dollars = {row["rule_id"]: row for row in facts.summary["rules"]}
    entries = []
    for rule, outcome in zip(facts.rules, facts.outcomes, strict=True):
        priced = dollars.get(rule.id, {"lines_flagged": 0, "gross_at_risk": Decimal("0.00")})
        entries.append(
            {
                **{key: value for key, value in msgspec.to_builtins(rule.front).items() if key != "params"},
                "params": dict(rule.values),
                "sql": rule.sql,
                "sql_sha256": rule.sha256,
                "status": outcome.status,
                "error": outcome.error,
                "population": outcome.population,
                "evaluated": outcome.evaluated,
                "flagged": outcome.flagged,
                "not_evaluated": [asdict(reason) for reason in outcome.not_evaluated],
                "lines_flagged": priced["lines_flagged"],
                "gross_at_risk": str(priced["gross_at_risk"]),
            }
        )
    return entries


def _totals(summary: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    whole = dict(summary["totals"][0])
    by_direction = {row["direction"]: row for row in summary["directions"]}
    once = whole.pop("over_once")
    totals: dict[str, Any] = plain(whole)
    for direction in ("over", "under", "coding", "none"):
        row = by_direction.get(direction, {"findings": 0, "gross": Decimal("0.00")})
        totals[direction] = {"findings": row["findings"], "gross": str(row["gross"])}
    totals["over"]["counted_once"] = str(once)
    return totals
