"""A third stored run for the golden files: every figure of it stands at a bound, and no two figures that differ are alike.

A run as an audit leaves it has a rule's findings on as many lines, and providers with twice as many lines as visits: where a
page shows the one for the other, nobody sees it. Here nothing adds up, and everything can be told apart.
"""

import random
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from audit.runs.format.manifest import (
    DayLines,
    Dollars,
    Found,
    FoundOver,
    Manifest,
    PairedLines,
    PastFigures,
    ProviderFigures,
    StoredRule,
    Suppression,
    TimedMinutes,
)
from audit.settings.config import ProviderSetting
from audit.terms import COUNT_NOWHERE
from tests.report.fixture import DAYS, figures_of, finding_rows, manifest_of, past
from tests.report.fixture_rules import RULES
from tests.report.golden_data import Kept, kept
from tests.report.golden_review import RECURRENCES, REPLACED, review

# As many findings as are shown, one more, and as many as are printed; the rest have two.
_COUNTS = (4, 3, 2)
SATURDAY = date(2025, 11, 8)


def edges(folder: Path) -> Kept:
    """The run, with its findings."""
    rng = random.Random(5)
    rows = []
    for at, rule in enumerate(RULES):
        found = finding_rows(rule, min(rule.count, _COUNTS[at] if at < len(_COUNTS) else 2), rng)
        rows += found
    rows[2].update(units_billed=Decimal(1), units_supported=Decimal(0))
    rows[0].update(units_billed=Decimal(12), units_supported=Decimal(11))
    rows[1].update(units_billed=Decimal(13), units_supported=Decimal(12))
    for row in rows[-4:]:
        row["status"] = "suppressed"
    aside = tuple(Suppression(row["finding_id"], "reviewed", date(2026, 6, 30), "desk") for row in rows[-4:])
    rows[-5]["status"] = "dismissed"
    rows[-6]["status"] = "again"
    live = [row for row in rows if row["status"] not in COUNT_NOWHERE]
    made = manifest_of(live)
    made = msgspec.structs.replace(
        made,
        suppressions=aside,
        history=msgspec.structs.replace(made.history, replaced=REPLACED, recurring=4, recurrences=RECURRENCES),
        config=msgspec.structs.replace(
            made.config,
            providers=(ProviderSetting("1234567893", "Therapist of desk 4"), ProviderSetting("1003000126", "Desk 5", "lead")),
        ),
        review=review(made.run.created_at.date(), rows[-5]["finding_id"]),
    )
    return kept(folder, _at_bounds(made, rows, live), rows)


def _at_bounds(made: Manifest, rows: list[dict[str, Any]], live: list[dict[str, Any]]) -> Manifest:
    replace = msgspec.structs.replace
    numbers = count(101)
    apart = ("visits", "findings", "lines_with_error")
    money = ("amount", "over_gross", "over_once", "under_gross")

    def told_apart(entry: Any, **other: Any) -> Any:
        figures: dict[str, Any] = {name: next(numbers) for name in apart}
        figures |= {name: Decimal(next(numbers)) + Decimal("0.25") for name in money}
        return replace(entry, **{**figures, "lines": next(numbers) * 10, **other})

    summary, control = made.summary, made.control_totals
    untied = Dollars(*map(Decimal, ("900.00", "500.00", "200.00", "100.00", "0.00")))
    first, second, third, fourth, *_ = summary.by_provider
    nobody = ProviderFigures(**figures_of([], 30), rendering_npi="1003000183", provider_role="physical therapist")
    providers = (
        told_apart(first, lines=1000, findings=4, lines_with_error=0, over_once=Decimal("0.00")),
        told_apart(second, lines=100, findings=0, lines_with_error=6),
        told_apart(third, lines=30, findings=1, lines_with_error=3),
        told_apart(fourth, lines=29, findings=2),
        nobody,
        told_apart(first, lines=20, provider_role="massage therapist"),
    )
    medicare, *others = summary.by_payer
    return replace(
        made,
        run=replace(made.run, label="November, both clinics", patients="pseudonym", entity=None, auditor=None),
        control_totals=replace(control, dollars=replace(control.dollars, charge_amount=untied)),
        totals=replace(
            made.totals,
            claims=0,
            claims_with_error=0,
            lines=20,
            lines_with_error=1,
            over=FoundOver(31, Decimal("310.10"), Decimal("300.30")),
            under=Found(32, Decimal("320.20")),
            coding=Found(33, Decimal("330.30")),
            none=Found(34, Decimal("0.00")),
        ),
        rules=tuple(_rule(rule, at, rows) for at, rule in enumerate(made.rules)),
        history=replace(made.history, trend=_trend(made), resolved=None),
        summary=replace(
            summary,
            by_provider=providers,
            by_payer=(told_apart(medicare, over_once=Decimal("0.00")), *map(told_apart, others)),
            by_code=tuple(map(told_apart, summary.by_code)),
            by_location=tuple(map(told_apart, summary.by_location)),
            by_month=tuple(map(told_apart, summary.by_month)),
            by_day=tuple(DayLines(entry.service_date, entry.lines) for entry in summary.by_day if entry.service_date != SATURDAY),
            by_modifier_59=(PairedLines("1234567893", 30, 3), PairedLines("1003000126", 31, 4), PairedLines("1003000134", 90, 9)),
            by_timed_minutes=tuple(TimedMinutes(minutes, minutes) for minutes in range(30, 40)),
        ),
    )


def _rule(rule: StoredRule, at: int, rows: list[dict[str, Any]]) -> StoredRule:
    """Flagged as the findings say, on another number of lines, under a name that sorts the other way."""
    flagged = sum(row["rule_id"] == rule.id for row in rows)
    return msgspec.structs.replace(rule, name=f"rule-{99 - at}", flagged=flagged, lines_flagged=100 + at)


def _trend(made: Manifest) -> Any:
    """Two runs, the earlier one judged otherwise in every way, their dates meeting on one day."""
    otherwise = {
        "rules": ("MAN004", "TIM001"),
        "references": ("mue", "ptp_edit", "procedure"),
        "settings": ("payer",),
        "program": ("0.0.9",),
        "money_basis": ("charge_amount",),
        "entity": ("another",),
    }
    figures = {
        "findings": 611,
        "claims": 13,
        "claims_with_error": 2,
        "lines": 47,
        "lines_with_error": 5,
        "under_gross": Decimal("7.70"),
    }
    return (
        past("October", date(2025, 10, 1), DAYS[0], made.totals, run_id="a" * 16, differs=otherwise, **figures),
        past("November, both clinics", *DAYS, made.totals, run_id=made.run.id, **{**figures, "findings": 55, "lines": 46}),
    )


def past_runs() -> dict[str, tuple[PastFigures, ...]]:
    """Runs beside each other: one alone, two that follow each other, three and four of which some were judged otherwise."""
    totals = manifest_of([]).totals

    def month(number: int, **other: Any) -> PastFigures:
        return past(f"2025-0{number}", date(2025, number, 1), date(2025, number, 28), totals, **other)

    otherwise = {"differs": {"program": ("0.0.9",)}}
    return {
        "one": (month(1),),
        "two": (month(1), month(2)),
        "three, one judged otherwise": (month(1, **otherwise), month(2), month(3)),
        "four, two judged otherwise": (month(1, **otherwise), month(2, **otherwise), month(3), month(4)),
        "two of one month": (month(1), month(1)),
    }
