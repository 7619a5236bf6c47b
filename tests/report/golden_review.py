"""What a golden run remembers: findings back again, a run that it replaces, a review with each kind of answer and date."""

from datetime import UTC, date, datetime
from decimal import Decimal

from audit.runs.format.review_records import ConfirmedFinding, DecidedFinding, Recurrence, Replaced, Review, ReviewOfRule

REPLACED = Replaced("c0ffee0123456789", datetime(2025, 12, 2, 6, tzinfo=UTC), new=2, repeated=91, settled=1)
RECURRENCES = (
    Recurrence(
        "TIM001", "1234567893", "Medicare Part B", (3, 5, 4), (210, 250, 0), confirmed=2, refunded=1, gross=Decimal("61.00")
    ),
    Recurrence("MAN004", "1003000126", "Aetna", (2, 2), (50, 50), confirmed=1, refunded=0, gross=Decimal("8.00")),
    Recurrence("MOD001", None, None, (1, 1), (0, 40), confirmed=0, refunded=0, gross=Decimal("0.00")),
)


def _confirmed(
    claim: str,
    payer: tuple[str | None, str | None],
    amount: str,
    confirmed_on: date,
    refund: tuple[date, Decimal] | None = None,
    line: int | None = 1,
) -> ConfirmedFinding:
    return ConfirmedFinding(
        finding_id=claim.lower(),
        rule_id="TIM001",
        claim_id=claim,
        claim_line_number=line,
        payer_name=payer[0],
        payer_class=payer[1],  # type: ignore[arg-type]
        amount=Decimal(amount),
        first_seen=date(2025, 8, 3),
        confirmed_on=confirmed_on,
        refunded_on=refund[0] if refund else None,
        refunded=refund[1] if refund else None,
    )


def review(created: date, dismissed: str) -> Review:
    """A review seen from the day `created`, with one finding of the run dismissed."""
    last_day, past = date.fromordinal(created.toordinal() - 60), date.fromordinal(created.toordinal() - 61)
    medicare, plan = ("Medicare Part B", "medicare_ffs"), ("Sample Health Plan", "commercial")
    return Review(
        rules=(
            ReviewOfRule("CLM001", open=3),
            ReviewOfRule("MOD001", open=7, returned=1, confirmed=0, dismissed=3, asked_or_referred=2),
            ReviewOfRule("MOD002", open=5, returned=2),
            ReviewOfRule("MOD003", open=6, set_aside=2),
            ReviewOfRule("MOD004", asked_or_referred=1),
            ReviewOfRule("TIM001", open=4, confirmed=8, dismissed=2),
        ),
        confirmed=(
            _confirmed("LATE", medicare, "50.00", past),
            _confirmed("ONTIME", medicare, "20.00", last_day),
            _confirmed("PAID", medicare, "31.00", past, (date(2025, 11, 30), Decimal("30.00")), line=None),
            _confirmed("TODAY", ("Tricare East", "tricare"), "20.00", last_day),
            _confirmed("PRIVATE", plan, "12.00", past),
            _confirmed("NOBODY", (None, None), "9.00", past),
        ),
        decided=(DecidedFinding(dismissed, "dismiss", None, None, "AB", date(2025, 12, 5), rests=True),),
        gone=2,
    )
