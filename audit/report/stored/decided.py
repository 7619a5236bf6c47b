"""What reviewers decided of this run's findings, in words: who, when, what."""

from collections.abc import Mapping

from audit.report.stored.source import StoredRun
from audit.report.text import brief, day, money
from audit.runs.format.review_records import DecidedFinding
from audit.terms import DecisionWord

_SAID: Mapping[DecisionWord, str] = {
    "confirm": "Confirmed",
    "dismiss": "Dismissed",
    "ask for record": "Record asked for",
    "refer": "Referred",
    "refunded": "Paid back",
}
CONFIRMS: frozenset[DecisionWord] = frozenset({"confirm", "refunded"})


def decided(run: StoredRun) -> Mapping[str, DecidedFinding]:
    """What was decided last of each finding of the run that has a decision."""
    review = run.manifest.review
    return {one.finding_id: one for one in (review.decided if review else ())}


def in_words(run: StoredRun) -> Mapping[str, str]:
    """The same in a sentence each: "Confirmed by AB on 2025-10-12, $12.50"."""
    return {key: _words(one) for key, one in decided(run).items()}


def _words(one: DecidedFinding) -> str:
    amount = f", {money(one.amount)}" if one.amount is not None else ""
    back = f" on {day(one.refunded_on)}, recorded" if one.refunded_on else ""
    said = f"{_SAID[one.decision]}{back} by {brief(one.reviewer, 60)} on {day(one.decided_on)}{amount}"
    return said if one.rests else f"{said}; the rule or the lines have changed since"
