"""Provider report cards: one small document each, fit to send to that provider.

A card holds the provider's own lines and figures, beside the pooled figures of all others; it names no other provider,
and where others are too few to stay unnamed their figures are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from audit.report.sections import checks
from audit.report.stored import tally
from audit.report.stored.findings import first
from audit.report.stored.source import StoredRun
from audit.report.stored.tally import MINIMUM_LINES, Provider
from audit.report.text import brief, count, day, money, rate, words
from audit.report.view import Cell, Column, Fact, Table
from audit.runs.manifest import StoredRule
from audit.runs.patient_names import Namer

PEERS = 3
LINES = 300


@dataclass(frozen=True, slots=True)
class Change:
    """What one rule asks of the provider."""

    id: str
    title: str
    why: str
    fix: str


@dataclass(frozen=True, slots=True)
class Card:
    """One provider's card; `npi` is safe as a file name."""

    npi: str
    name: str
    role: str
    entity: str
    period: str
    run_id: str
    facts: tuple[Fact, ...]
    peers_note: str
    rules: Table
    changes: tuple[Change, ...]
    findings: Table


def cards(run: StoredRun, namer: Namer) -> Iterator[Card]:
    """A card for each provider that gets one, most findings first."""
    found = tally.counts(run.findings, "rendering_npi", "rule_id")
    for provider in tally.with_card(run):
        yield _card(run, provider, str(provider.npi), found, namer)


def _card(run: StoredRun, own: Provider, npi: str, found: dict[tuple[object, ...], int], namer: Namer) -> Card:
    facts = run.manifest.run
    others = [other for other in tally.providers(run) if other.npi != npi and other.lines]
    mine = run.findings.filter(pc.fill_null(pc.equal(run.findings["rendering_npi"], npi), False))
    rules = [rule for rule in run.rules if found.get((npi, rule.id))]
    peers = sum(other.lines for other in others) if len(others) >= PEERS else 0
    return Card(
        npi=npi,
        name=brief(own.name, 80),
        role=words(own.role),
        entity=facts.entity or "Entity not stated",
        period=f"{day(facts.first_service_date)} to {day(facts.last_service_date)}",
        run_id=facts.id,
        facts=_facts(own, others if peers else []),
        peers_note=""
        if peers
        else f"Fewer than {PEERS} other providers: their figures are left out, for they would show one person's.",
        rules=_rules(own, rules, found, peers),
        changes=tuple(Change(rule.id, rule.title, rule.why, rule.fix) for rule in rules),
        findings=_findings(mine, namer),
    )


def _facts(own: Provider, others: list[Provider]) -> tuple[Fact, ...]:
    beside = ""
    if others:
        whole, part = (sum(counted) for counted in zip(*((other.lines, other.lines_with_error) for other in others), strict=True))
        beside = f"all others together {rate(part, whole)}"
    share = rate(own.lines_with_error, own.lines) if own.lines >= MINIMUM_LINES else "too few lines"
    return (
        Fact("Claim lines reviewed", count(own.lines)),
        Fact("Lines with a potential error", f"{count(own.lines_with_error)} ({share})", beside, "none"),
        Fact("Potential overpayment", money(own.over_once), "each line counted once", "over"),
        Fact("Potential underbilling", money(own.under_gross), "never netted", "under"),
    )


def _rules(own: Provider, rules: list[StoredRule], found: dict[tuple[object, ...], int], peers: int) -> Table:
    columns = [Column("Rule", "wide"), Column("Your findings", "number"), Column("Per 1,000 of your lines", "number")]
    if peers:
        columns.append(Column("Per 1,000 of all others'", "number"))
    rows = []
    for rule in rules:
        mine = found[(own.npi, rule.id)]
        others = sum(number for key, number in found.items() if key[1] == rule.id) - mine
        cells = [
            Cell(rule.title, rule.id, href=f"#change-{rule.id}"),
            Cell(count(mine)),
            Cell(_per_thousand(mine, own.lines)),
        ]
        rows.append((*cells, Cell(_per_thousand(others, peers))) if peers else tuple(cells))
    return Table("card-rules", "Your findings by rule", tuple(columns), tuple(rows), style="stack")


def _per_thousand(findings: int, lines: int) -> str:
    if lines < MINIMUM_LINES:
        return "too few lines"
    value = findings * 1000 / lines
    return f"{value:.1f}" if value >= 0.05 or not findings else "< 0.1"


def _findings(mine: pa.Table, namer: Namer) -> Table:
    rows = tuple(checks.example_row(finding, namer) for finding in first(mine, LINES))
    note = f"First {len(rows)} of {count(mine.num_rows)}, largest amount first." if mine.num_rows > len(rows) else ""
    return Table("card-findings", "Your lines", checks.COLUMNS, rows, note=note, style="stack", search=True)
