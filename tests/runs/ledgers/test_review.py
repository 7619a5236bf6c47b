"""How far a review has come: every finding counts in one place, what is confirmed keeps its dates, a share has its interval."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from audit.runs.format.review_records import ReviewOfRule
from audit.runs.ledgers import decisions, review
from audit.terms import DecisionWord

FIRST = date(2025, 12, 1)


def entry(
    finding_id: str, word: DecisionWord, day: int = 1, amount: str | None = None, refunded_on: date | None = None
) -> decisions.Entry:
    what = decisions.Decision(
        finding_id=finding_id,
        decision=word,
        amount=Decimal(amount) if amount else None,
        refunded_on=refunded_on,
        reviewer="AB",
        decided_on=date(2026, 1, day),
    )
    return decisions.Entry(
        what=what,
        imported_at=datetime(2026, 1, day, tzinfo=UTC),
        file_name="a.csv",
        file_sha256=f"{finding_id}{word}{day}",
        rule_id="TIM001",
        rule_version=1,
        rests_on="ab",
        first_seen=FIRST,
    )


def run_of(*ids: str, direction: str = "over", **changes: object) -> pa.Table:
    row = {
        "rule_id": "TIM001",
        "rule_version": 1,
        "rests_on": "ab",
        "direction": direction,
        "amount_at_risk": Decimal("40.00"),
        "claim_id": "C1",
        "claim_line_number": 2,
        "payer_name": "Medicare",
        "payer_class": "medicare_ffs",
        "status": "new",
        **changes,
    }
    return pa.Table.from_pylist([{"finding_id": one, **row} for one in ids])


def test_each_finding_counts_once_whatever_the_number_of_its_runs() -> None:
    said: dict[str, DecisionWord] = {
        "a": "confirm",
        "b": "refunded",
        "c": "dismiss",
        "d": "dismiss",
        "e": "refer",
        "f": "ask for record",
    }
    ledger = [entry(key, word) for key, word in said.items()]
    found = review.review([run_of(*"abc"), run_of(*"abcefg"), run_of("d", rule_version=2)], ledger)
    assert found.rules == (ReviewOfRule("TIM001", open=2, returned=1, confirmed=2, dismissed=1, asked_or_referred=2),)


def test_what_is_set_aside_is_not_open() -> None:
    aside = run_of("a", "b", status="suppressed")
    assert review.review([aside, run_of("c")], []).rules == (ReviewOfRule("TIM001", open=1, set_aside=2),)
    # The latest run that has it says how it stands, both ways.
    assert review.review([aside, run_of("a")], []).rules == (ReviewOfRule("TIM001", open=1, set_aside=1),)
    assert review.review([run_of("a", "b"), aside], []).rules == (ReviewOfRule("TIM001", set_aside=2),)
    # A run before statuses were kept sets nothing aside.
    assert review.review([aside.drop_columns(["status"])], []).rules == (ReviewOfRule("TIM001", open=2),)


def test_a_decision_goes_before_what_is_set_aside() -> None:
    aside = run_of("a", "b", "c", status="suppressed")
    ledger = [entry("a", "confirm"), entry("b", "dismiss")]
    assert review.review([aside], ledger).rules == (ReviewOfRule("TIM001", confirmed=1, dismissed=1, set_aside=1),)
    # A dismissal that no longer holds leaves it set aside, and not open.
    changed = run_of("b", status="suppressed", rests_on="ac")
    assert review.review([changed], ledger).rules == (ReviewOfRule("TIM001", set_aside=1),)


@pytest.mark.parametrize("changed", [{"rule_version": 2}, {"rests_on": "ac"}])
def test_a_dismissal_stands_while_what_it_rests_on_is_as_it_was(changed: dict[str, object]) -> None:
    ledger = [entry("a", "dismiss")]
    assert review.review([run_of("a")], ledger).rules[0].dismissed == 1
    # The latest run's word counts.
    back = review.review([run_of("a"), run_of("a", **changed)], ledger).rules[0]
    assert (back.dismissed, back.returned, back.open) == (0, 1, 1)


def test_a_confirmed_overpayment_keeps_when_it_was_confirmed_and_for_how_much() -> None:
    ledger = [
        entry("a", "confirm", 2),
        entry("a", "refer", 3),
        entry("a", "confirm", 5, "30.00"),
        entry("a", "refunded", 9, "29.00", date(2026, 1, 8)),
    ]
    (one,) = review.review([run_of("a")], ledger).confirmed
    assert (one.amount, one.confirmed_on, one.first_seen) == (Decimal("30.00"), date(2026, 1, 5), FIRST)
    assert (one.refunded, one.refunded_on) == (Decimal("29.00"), date(2026, 1, 8))


def test_without_an_amount_all_of_it_is_confirmed() -> None:
    (one,) = review.review([run_of("a")], [entry("a", "confirm")]).confirmed
    assert (one.amount, one.refunded) == (Decimal("40.00"), None)


@pytest.mark.parametrize("direction", ["under", "coding", "none"])
def test_only_overpayments_are_to_be_paid_back(direction: str) -> None:
    found = review.review([run_of("a", direction=direction)], [entry("a", "confirm")])
    assert (found.confirmed, found.rules[0].confirmed) == ((), 1)


def test_what_was_decided_of_the_runs_own_findings_is_listed() -> None:
    own = run_of("a", "b", rests_on="new")
    found = review.review([run_of("a", "c"), own], [entry("a", "dismiss"), entry("c", "confirm"), entry("x", "refer")], own)
    assert [(one.finding_id, one.decision, one.rests) for one in found.decided] == [("a", "dismiss", False)]
    assert found.gone == 1


def test_the_share_has_its_interval() -> None:
    # Wilson's interval of 8 in 10 at 95 %, as printed in textbooks.
    said = review.share(ReviewOfRule("TIM001", confirmed=8, dismissed=2))
    assert said is not None
    assert (said.share, said.low, said.high) == pytest.approx((0.8, 0.4902, 0.9433), abs=1e-4)
    assert review.share(ReviewOfRule("TIM001", open=3)) is None
