"""Measures of the summary: how right claims, lines and dollars were, whose money is concerned, what could not be checked."""

from collections import Counter
from decimal import Decimal

from audit.report.stored import tally
from audit.report.stored.source import StoredRun
from audit.report.text import count, money, plural, rate, words
from audit.report.view import Fact
from audit.runs.timeline import digest

_REASONS = 2


def measures(run: StoredRun) -> tuple[Fact, ...]:
    """The measures, each with what it is a share of."""
    totals = run.manifest.totals
    return (
        without_error("Claims without a potential error", totals.claims_with_error, totals.claims, "claims"),
        without_error("Lines without a potential error", totals.lines_with_error, totals.lines, "lines"),
        _dollars(run),
        _not_judged(run),
        _outside(run),
    )


def without_error(label: str, wrong: int, whole: int, noun: str) -> Fact:
    """The share of claims or lines that no finding doubts."""
    right = max(whole - wrong, 0)
    if whole == 0:
        return Fact(label, rate(0, 0), f"no {noun} in the run", "mute")
    return Fact(label, rate(right, whole), f"{count(right)} of {count(whole)}")


def _dollars(run: StoredRun) -> Fact:
    over, whole = run.manifest.totals.over.counted_once, run.manifest.totals.amount
    basis = words(run.manifest.money_basis).removeprefix("amount ")
    return Fact("Dollars potentially overpaid", _share(over, whole), f"{money(over)} of {money(whole)} {basis}")


def federal(run: StoredRun) -> Decimal:
    """What of the potential overpayment, each line counted once, federal payers paid."""
    return digest.federal(run.manifest)


def of_federal_payers(run: StoredRun) -> Fact:
    """What of the potential overpayment federal payers paid, with its share of the whole and the duty that goes with it."""
    amount, whole = federal(run), run.manifest.totals.over.counted_once
    note = f"{_share(amount, whole)} of it; once confirmed, due back within 60 days" if amount else ""
    return Fact("Potentially overpaid by federal payers", money(amount), note, "over" if amount else "")


def _share(part: Decimal, whole: Decimal) -> str:
    return rate(int(part * 100), int(whole * 100))


def unmade(run: StoredRun) -> tuple[int, int]:
    """The checks that could not be made, and all that were to be."""
    return sum(rule.not_judged for rule in run.rules), sum(rule.population for rule in run.rules)


def _not_judged(run: StoredRun) -> Fact:
    left, whole = unmade(run)
    note = f"{count(left)} of {plural(whole, 'check')}"
    return Fact("Checks that could not be made", rate(left, whole), note, "warn" if left else "")


def why_not_judged(run: StoredRun) -> str:
    """The reasons that left most checks unmade, with how many each; empty where all were made."""
    reasons: Counter[str] = Counter()
    for rule in run.rules:
        for item in rule.not_evaluated:
            reasons[item.reason] += item.count
    most = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))[:_REASONS]
    return "; ".join(f"{reason} ({count(number)})" for reason, number in most)


def _outside(run: StoredRun) -> Fact:
    note = f"of {count(run.manifest.totals.providers)}; a reason to look, proof of nothing by itself"
    return Fact("Providers with an unusual pattern", count(len(tally.with_pattern(run))), note)
