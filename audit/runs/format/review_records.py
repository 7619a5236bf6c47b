"""What a run stores of what came before it: the run that it replaces, findings back again, and what reviewers decided."""

from datetime import date, datetime
from decimal import Decimal

from audit.runs.format.record import Count, Part
from audit.terms import DecisionWord, PayerClass


class Replaced(Part, frozen=True):
    """An earlier run of the same name, of other input or settings, and its findings against this run's.

    `settled` are its findings, within this run's dates of service, that this run has not.
    """

    run_id: str
    created_at: datetime
    new: Count
    repeated: Count
    settled: Count


class Recurrence(Part, frozen=True):
    """A kind of finding (a rule, a provider, a payer) that the run before had too.

    `findings` and `lines` (of the provider, whatever the payer) have one figure a run in a row, oldest first, this run
    last. `confirmed` and `refunded` count what reviewers said of the earlier ones; `gross` are this run's dollars.
    """

    rule_id: str
    provider: str | None
    payer_name: str | None
    findings: tuple[Count, ...]
    lines: tuple[Count, ...]
    confirmed: Count
    refunded: Count
    gross: Decimal


class ReviewOfRule(Part, frozen=True):
    """Findings of a rule in all runs of the folder, each in one count.

    `returned`: dismissed, but what they rest on has changed; they are open too. `set_aside`: suppressed in the latest run that
    has them, and not decided.
    """

    rule_id: str
    open: Count = 0
    returned: Count = 0
    confirmed: Count = 0
    dismissed: Count = 0
    asked_or_referred: Count = 0
    set_aside: Count = 0


class ConfirmedFinding(Part, frozen=True):
    """A potential overpayment that a reviewer confirmed, and whether it was paid back."""

    finding_id: str
    rule_id: str
    claim_id: str
    claim_line_number: int | None
    payer_name: str | None
    payer_class: PayerClass | None
    amount: Decimal
    first_seen: date
    confirmed_on: date
    refunded_on: date | None
    refunded: Decimal | None


class DecidedFinding(Part, frozen=True):
    """What was decided last of a finding of this run; `rests`: it is what it was then."""

    finding_id: str
    decision: DecisionWord
    amount: Decimal | None
    refunded_on: date | None
    reviewer: str
    decided_on: date
    rests: bool


class Review(Part, frozen=True):
    """How far the review of the folder's findings has come. `gone`: decided findings that no run has any more."""

    rules: tuple[ReviewOfRule, ...]
    confirmed: tuple[ConfirmedFinding, ...]
    decided: tuple[DecidedFinding, ...]
    gone: Count
