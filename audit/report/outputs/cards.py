"""Provider report cards: one small document each, fit to send to that provider.

A card holds the provider's own lines and figures, beside the pooled figures of all others; it names no other provider,
and where others are too few to stay unnamed their figures are left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from audit.report.sections import checks, listed
from audit.report.stored import tally
from audit.report.stored.findings import first
from audit.report.stored.source import StoredRun
from audit.report.stored.tally import MINIMUM_LINES, Provider
from audit.report.text import brief, count, day, money, rate, words
from audit.report.view import Cell, Column, Fact, Table
from audit.runs.format.manifest import StoredRule
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


@dataclass(frozen=True, slots=True)
class _Everyone:
    """What the cards of a run share, worked out once: what all providers together have, and where each one's findings stand."""

    rules: Sequence[StoredRule]
    findings: Mapping[tuple[object, ...], int]  # by provider and rule
    of_rule: Mapping[tuple[object, ...], int]
    rows: Mapping[str, pa.Array]
    providers: int  # those with lines
    lines: int
    lines_with_error: int


def cards(run: StoredRun, namer: Namer) -> Iterator[Card]:
    """A card for each provider that gets one, most findings first."""
    providers = tally.providers(run)
    billing = [one for one in providers if one.lines]
    everyone = _Everyone(
        rules=run.rules,
        findings=tally.counts(run.findings, "rendering_npi", "rule_id"),
        of_rule=tally.counts(run.findings, "rule_id"),
        rows=tally.rows_by(run.findings, "rendering_npi"),
        providers=len(billing),
        lines=sum(one.lines for one in billing),
        lines_with_error=sum(one.lines_with_error for one in billing),
    )
    for provider in tally.with_card(providers):
        yield _card(run, provider, str(provider.npi), everyone, namer)


def _card(run: StoredRun, own: Provider, npi: str, everyone: _Everyone, namer: Namer) -> Card:
    facts = run.manifest.run
    is_alone = everyone.providers - bool(own.lines) < PEERS
    peers = 0 if is_alone else everyone.lines - own.lines
    rows = everyone.rows.get(npi)
    mine = run.findings.take(rows) if rows is not None else run.findings.slice(length=0)
    rules = [rule for rule in everyone.rules if everyone.findings.get((npi, rule.id))]
    return Card(
        npi=npi,
        name=brief(own.name, 80),
        role=words(own.role),
        entity=facts.entity or "Entity not stated",
        period=f"{day(facts.first_service_date)} to {day(facts.last_service_date)}",
        run_id=facts.id,
        facts=_facts(own, peers, everyone.lines_with_error),
        peers_note=""
        if peers
        else f"Fewer than {PEERS} other providers: their figures are left out, for they would show one person's.",
        rules=_rules(own, rules, everyone, peers, mine),
        changes=tuple(Change(rule.id, rule.title, rule.why, rule.fix) for rule in rules),
        findings=_findings(mine, namer),
    )


def _facts(own: Provider, peers: int, with_error: int) -> tuple[Fact, ...]:
    """`peers`: lines of all others, 0 where they are not told; `with_error`: such lines of all providers."""
    part = with_error - (own.lines_with_error if own.lines else 0)
    beside = f"all others together {rate(part, peers)}" if peers else ""
    share = rate(own.lines_with_error, own.lines) if own.lines >= MINIMUM_LINES else "too few lines"
    return (
        Fact("Claim lines reviewed", count(own.lines)),
        Fact("Lines with a potential error", f"{count(own.lines_with_error)} ({share})", beside, "none"),
        Fact("Potential overpayment", money(own.over_once), "each line counted once", "over"),
        Fact("Potential underbilling", money(own.under_gross), "never netted", "under"),
    )


def _rules(own: Provider, rules: list[StoredRule], everyone: _Everyone, peers: int, found: pa.Table) -> Table:
    columns = [Column("Rule", "wide"), Column("Your findings", "number"), Column("Per 1,000 of your lines", "number")]
    if peers:
        columns.append(Column("Per 1,000 of all others'", "number"))
    columns += [Column("Potential dollars, gross", "number"), Column("Counted once", "number")]
    amounts, shares = tally.dollars(found), tally.counted_once(found)
    rows = []
    for rule in rules:
        mine = everyone.findings[(own.npi, rule.id)]
        others = everyone.of_rule[(rule.id,)] - mine
        cells = [
            Cell(rule.title, rule.id, href=f"#change-{rule.id}"),
            Cell(count(mine)),
            Cell(_per_thousand(mine, own.lines)),
        ]
        cells += [Cell(_per_thousand(others, peers))] if peers else []
        rows.append((*cells, checks.potential(amounts.get(rule.id, {})), checks.once(shares.get(rule.id))))
    return Table("card-rules", "Your findings by rule", tuple(columns), tuple(rows), style="stack")


def _per_thousand(findings: int, lines: int) -> str:
    if lines < MINIMUM_LINES:
        return "too few lines"
    value = findings * 1000 / lines
    return f"{value:.1f}" if value >= 0.05 or not findings else "< 0.1"


def _findings(mine: pa.Table, namer: Namer) -> Table:
    rows = tuple(listed.row(finding, namer) for finding in first(mine, LINES))
    note = f"First {len(rows)} of {count(mine.num_rows)}, largest amount first." if mine.num_rows > len(rows) else ""
    return Table("card-findings", "Your lines", listed.COLUMNS, rows, note=note, style="stack", search=True)
