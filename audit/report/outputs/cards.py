"""Provider report cards: one small document each, fit to send to that provider.

A card holds the provider's own lines and figures, beside the pooled figures of all others; it names no other provider,
and where others are too few to stay unnamed their figures are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow.compute as pc

from audit.report.options import Namer
from audit.report.sections import checks
from audit.report.sections.breakdown import MINIMUM_LINES
from audit.report.stored import tally
from audit.report.stored.source import Entry, StoredRun
from audit.report.text import clean, count, day, money, rate, words
from audit.report.view import Cell, Column, Fact, Table

PEERS = 3
LINES = 300
LIMIT = 1_000
_SAFE = re.compile(r"[0-9][0-9A-Z]{0,19}")  # no reserved file name, and none that differs from another by case alone


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
    """A card for each provider with findings and a usable NPI, most findings first, at most 1,000."""
    found = tally.counts(run.findings, "rendering_npi", "rule_id")
    ordered = sorted(tally.providers(run), key=lambda entry: (-int(entry.get("findings") or 0), str(entry.get("rendering_npi"))))
    for entry in ordered[:LIMIT]:
        npi = str(entry.get("rendering_npi") or "")
        if entry.get("findings") and _SAFE.fullmatch(npi):
            yield _card(run, entry, npi, found, namer)


def _card(run: StoredRun, entry: Entry, npi: str, found: dict[tuple[object, ...], int], namer: Namer) -> Card:
    facts, lines = run.entry("run"), int(entry.get("lines") or 0)
    others = [other for other in tally.providers(run) if other.get("rendering_npi") != npi and other.get("lines")]
    mine = run.findings.filter(pc.fill_null(pc.equal(run.findings["rendering_npi"], npi), False))
    rules = [rule for rule in run.rules() if found.get((npi, rule.get("id")))]
    peers = sum(int(other.get("lines") or 0) for other in others) if len(others) >= PEERS else 0
    return Card(
        npi=npi,
        role=words(entry.get("provider_role")),
        entity=clean(facts.get("entity")) or "Entity not stated",
        period=f"{day(facts.get('first_service_date'))} to {day(facts.get('last_service_date'))}",
        run_id=clean(facts.get("id")),
        facts=_facts(entry, others if peers else [], lines),
        peers_note=""
        if peers
        else f"Fewer than {PEERS} other providers: their figures are left out, for they would show one person's.",
        rules=_rules(npi, rules, found, lines, peers),
        changes=tuple(
            Change(clean(r.get("id")), clean(r.get("title")), clean(r.get("why"), 2000), clean(r.get("fix"), 2000)) for r in rules
        ),
        findings=_findings(mine, namer),
    )


def _facts(entry: Entry, others: list[Entry], lines: int) -> tuple[Fact, ...]:
    flagged = int(entry.get("lines_with_error") or 0)
    enough = lines >= MINIMUM_LINES
    beside = ""
    if others:
        whole, part = (sum(int(other.get(name) or 0) for other in others) for name in ("lines", "lines_with_error"))
        beside = f"all others together {rate(part, whole)}"
    share = rate(flagged, lines) if enough else "too few lines"
    return (
        Fact("Claim lines reviewed", count(lines)),
        Fact("Lines with a potential error", f"{count(flagged)} ({share})", beside, "none"),
        Fact("Potential overpayment", money(entry.get("over_once")), "each line counted once", "over"),
        Fact("Potential underbilling", money(entry.get("under_gross")), "never netted", "under"),
    )


def _rules(npi: str, rules: list[Entry], found: dict[tuple[object, ...], int], lines: int, peers: int) -> Table:
    columns = [Column("Rule", "wide"), Column("Your findings", "number"), Column("Per 1,000 of your lines", "number")]
    if peers:
        columns.append(Column("Per 1,000 of all others'", "number"))
    rows = []
    for rule in rules:
        name = rule.get("id")
        own = found[(npi, name)]
        others = sum(number for key, number in found.items() if key[1] == name) - own
        cells = [
            Cell(clean(rule.get("title")), clean(name), href=f"#change-{clean(name)}"),
            Cell(count(own)),
            Cell(_per_thousand(own, lines)),
        ]
        rows.append((*cells, Cell(_per_thousand(others, peers))) if peers else tuple(cells))
    return Table("card-rules", "Your findings by rule", tuple(columns), tuple(rows), style="stack")


def _per_thousand(findings: int, lines: int) -> str:
    if lines < MINIMUM_LINES:
        return "too few lines"
    value = findings * 1000 / lines
    return f"{value:.1f}" if value >= 0.05 or not findings else "< 0.1"


def _findings(mine: object, namer: Namer) -> Table:
    rows = tuple(checks.example_row(row, namer) for row in tally.first(mine, LINES))
    whole = int(getattr(mine, "num_rows", 0))
    note = f"First {len(rows)} of {count(whole)}, largest amount first." if whole > len(rows) else ""
    return Table("card-findings", "Your lines", checks.COLUMNS, rows, note=note, style="stack", search=True)
