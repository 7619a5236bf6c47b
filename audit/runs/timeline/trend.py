"""This run and the runs before it: their figures as their manifests hold them, and in what each was judged otherwise.

The answer is kept in the manifest of the later run, so that its report can be rendered from that run alone. Figures of
two runs compare only where the same rules, reference tables and settings judged them; what differs is named.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from audit.runs.format import stored
from audit.runs.format.manifest import Judge, Manifest, PastFigures

LIMIT = 36


def beside(earlier: Sequence[Path], now: Manifest) -> tuple[PastFigures, ...]:
    """Figures of the last 36 run folders of `earlier`, in that order, then of this run, whose manifest is `now`.

    Raises InputError for a folder whose manifest cannot be read.
    """
    return (*(_figures(folder.name, stored.read(folder), now) for folder in earlier[-LIMIT:]), _figures(now.run.label, now, now))


def _figures(label: str, then: Manifest, now: Manifest) -> PastFigures:
    totals, rules = then.totals, then.rules
    return PastFigures(
        label=label,
        run_id=then.run.id,
        first_service_date=then.run.first_service_date,
        last_service_date=then.run.last_service_date,
        claims=totals.claims,
        lines=totals.lines,
        claims_with_error=totals.claims_with_error,
        lines_with_error=totals.lines_with_error,
        amount=totals.amount,
        findings=totals.findings,
        over_once=totals.over.counted_once,
        under_gross=totals.under.gross,
        judged=sum(rule.evaluated for rule in rules),
        not_judged=sum(rule.not_judged for rule in rules),
        failed_rules=sum(rule.status == "error" for rule in rules),
        differs=differences(then, now),
    )


def differences(then: Manifest, now: Manifest) -> dict[Judge, tuple[str, ...]]:
    """What judged the two runs otherwise: names of rules, tables and settings, and the earlier run's own words."""
    found: dict[Judge, tuple[str, ...]] = {
        "rules": _unlike(_rules(then), _rules(now)),
        "references": _unlike(_references(then), _references(now)),
        "settings": _unlike(_settings(then), _settings(now)),
        "program": _otherwise(then.software.program, now.software.program),
        "money_basis": _otherwise(then.money_basis, now.money_basis),
        "entity": _otherwise(then.run.entity, now.run.entity),
    }
    return {part: names for part, names in found.items() if names}


def _unlike(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))


def _otherwise(before: str | None, after: str | None) -> tuple[str, ...]:
    return () if before == after else (before or "",)


def _rules(manifest: Manifest) -> dict[str, object]:
    return {rule.id: [rule.sql_sha256, rule.params] for rule in manifest.rules}


def _references(manifest: Manifest) -> dict[str, object]:
    return {edition.table: edition.sha256 for edition in manifest.references}


def _settings(manifest: Manifest) -> dict[str, object]:
    config = manifest.config
    return {"payers": config.payers, "lexicon": config.lexicon, "constants": config.constants}
