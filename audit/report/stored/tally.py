"""Counts over findings.parquet that the manifest does not hold. Works on columns, so a million findings take a second."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from audit import npi
from audit.report.stored.source import StoredRun
from audit.runs.format.manifest import Figures, ProviderFigures

MINIMUM_LINES = 30  # below that chance speaks louder than practice
CARDS = 1_000
Group = TypeVar("Group", bound=Figures)


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider in all roles: NPI (None where the export has none), name by audit.toml or the export, roles, figures."""

    npi: str | None
    name: str
    role: str
    lines: int
    visits: int
    amount: Decimal
    findings: int
    lines_with_error: int
    over_gross: Decimal
    over_once: Decimal
    under_gross: Decimal


def of_rule(table: pa.Table, rule_id: str) -> pa.Table:
    """The findings of one rule."""
    return table.filter(pc.equal(table["rule_id"], rule_id))


def counts(table: pa.Table, *names: str) -> dict[tuple[Any, ...], int]:
    """Findings by the values of one or more columns."""
    if table.num_rows == 0:
        return {}
    group = table.select(list(names)).group_by(list(names), use_threads=False)
    found = group.aggregate([([], "count_all")]).to_pylist()
    return {tuple(row[name] for name in names): int(row["count_all"]) for row in found}


def rows_by(table: pa.Table, name: str) -> dict[str, pa.Array]:
    """Where the rows of each value of a column stand; those without one are left out."""
    if table.num_rows == 0:
        return {}
    places = pa.table({"value": table[name], "place": pa.array(range(table.num_rows), pa.int64())})
    found = places.group_by("value", use_threads=False).aggregate([("place", "list")])
    values, rows = found["value"].to_pylist(), found["place_list"]
    return {value: rows[at].values for at, value in enumerate(values) if value is not None}


def claims(run: StoredRun) -> dict[str, int]:
    """Claims with a potential error by direction: those with a line that a finding doubts; patterns are proof of nothing."""
    doubted = run.findings.filter(pc.not_equal(run.findings["confidence"], "pattern"))
    sides = pa.table({"finding_id": doubted["finding_id"], "direction": doubted["direction"]})
    joined = run.lines.select(["finding_id", "claim_id"]).join(sides, "finding_id", join_type="inner", use_threads=False)
    rows = joined.group_by("direction", use_threads=False).aggregate([("claim_id", "count_distinct")]).to_pylist()
    return {str(row["direction"]): int(row["claim_id_count_distinct"]) for row in rows}


def dollars(table: pa.Table) -> dict[str, dict[str, Decimal]]:
    """Potential dollars by rule and direction: {"TIM001": {"over": Decimal("12.30")}}; nothing where they are zero."""
    if table.num_rows == 0:
        return {}
    group = table.select(["rule_id", "direction", "amount_at_risk"]).group_by(["rule_id", "direction"], use_threads=False)
    found: dict[str, dict[str, Decimal]] = {}
    for row in group.aggregate([("amount_at_risk", "sum")]).to_pylist():
        if row["amount_at_risk_sum"]:
            found.setdefault(str(row["rule_id"]), {})[str(row["direction"])] = row["amount_at_risk_sum"]
    return found


def whole(table: pa.Table, name: str) -> Decimal:
    """The sum of a column of dollars."""
    found: Decimal | None = pc.sum(table[name]).as_py()
    return found if found is not None else Decimal("0.00")


def counted_once(table: pa.Table) -> dict[str, Decimal]:
    """Each rule's share of the potential overpayment, every line counted once; nothing where it has none."""
    group = table.select(["rule_id", "counted_once"]).group_by(["rule_id"], use_threads=False)
    rows = group.aggregate([("counted_once", "sum")]).to_pylist() if table.num_rows else []
    return {str(row["rule_id"]): row["counted_once_sum"] for row in rows if row["counted_once_sum"]}


def providers(run: StoredRun) -> Sequence[Provider]:
    """The providers of the summary, one entry an NPI: who bills in two roles is one provider. Most dollars first."""
    by_npi: dict[str | None, list[ProviderFigures]] = {}
    for entry in run.manifest.summary.by_provider:
        by_npi.setdefault(entry.rendering_npi, []).append(entry)
    # What audit.toml calls a provider goes before what the export does.
    names = {one.rendering_npi: one.provider_name for one in run.manifest.summary.by_provider_name}
    names |= {one.npi: one.name for one in run.manifest.config.providers}
    roles = {one.npi: one.role for one in run.manifest.config.providers if one.role}
    merged = [reduce(_with, map(_provider, entries)) for entries in by_npi.values()]
    merged = [replace(one, name=names.get(one.npi or "", ""), role=roles.get(one.npi or "", one.role)) for one in merged]
    return sorted(merged, key=lambda provider: (-provider.over_once, -provider.findings, str(provider.npi)))


def by_weight(entries: Sequence[Group]) -> Sequence[Group]:
    """Groups of lines, those with most dollars first."""
    return sorted(entries, key=lambda entry: (-entry.over_once, -entry.findings))


def with_card(providers: Sequence[Provider]) -> Sequence[Provider]:
    """Of the providers those that get a card, most findings first, at most CARDS: with findings and an NPI that is one."""
    ordered = sorted(providers, key=lambda provider: (-provider.findings, str(provider.npi)))
    return [one for one in ordered if one.findings and npi.is_valid(one.npi or "")][:CARDS]


def with_pattern(run: StoredRun) -> set[str]:
    """NPIs of the providers that a pattern of their own is found of."""
    found = run.findings
    of_provider = pc.and_(pc.equal(found["confidence"], "pattern"), pc.equal(found["subject"], "provider"))
    return {str(name) for name in found.filter(of_provider)["rendering_npi"].to_pylist() if name}


def _provider(entry: ProviderFigures) -> Provider:
    return Provider(
        entry.rendering_npi,
        "",
        entry.provider_role or "",
        entry.lines,
        entry.visits,
        entry.amount,
        entry.findings,
        entry.lines_with_error,
        entry.over_gross,
        entry.over_once,
        entry.under_gross,
    )


def _with(one: Provider, other: Provider) -> Provider:
    roles = dict.fromkeys(filter(None, (one.role, other.role)))
    return Provider(
        one.npi,
        one.name,
        " and ".join(roles),
        one.lines + other.lines,
        one.visits + other.visits,
        one.amount + other.amount,
        one.findings + other.findings,
        one.lines_with_error + other.lines_with_error,
        one.over_gross + other.over_gross,
        one.over_once + other.over_once,
        one.under_gross + other.under_gross,
    )
