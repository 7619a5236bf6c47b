"""The review in the report: cells of what came again, and the order of what was confirmed, each by a figure of its own."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from audit.report.sections.review import _SHOWN, _again_row, _confirmed, _refunds
from audit.report.view import Cell
from audit.runs.format.review_records import ConfirmedFinding, Recurrence, Review

TODAY = date(2026, 1, 5)
AGAIN: dict[str, Any] = {
    "rule_id": "TIM001", "provider": "1234567893", "payer_name": "Medicare Part B", "findings": (3, 5, 1402),
    "lines": (200, 0, 4000), "confirmed": 2, "refunded": 1, "gross": Decimal("61.10"),
}  # fmt: skip


def again(**other: Any) -> tuple[Cell, ...]:
    return _again_row(Recurrence(**{**AGAIN, **other}), {"TIM001": "More units than minutes"})


def test_each_cell_of_what_came_again() -> None:
    assert again() == (
        Cell("More units than minutes", "TIM001", href="#rule-TIM001"),
        Cell("1234567893"),
        Cell("Medicare Part B"),
        Cell("3"),
        Cell("3, 5, 1,402", order="1402"),
        Cell("1.5, \u2013, 35.0", order="35.0"),
        Cell("2 confirmed, 1 paid back"),
        Cell("$61.10", order="61.10"),
    )


def test_what_came_again_without_a_name_an_answer_or_dollars() -> None:
    bare = again(rule_id="MOD001", provider=None, payer_name=None, confirmed=0, refunded=0, gross=Decimal("0.00"))
    assert bare[0] == Cell("MOD001", "", href="#rule-MOD001")
    assert (bare[1], bare[2]) == (Cell("\u2013"), Cell(""))
    assert bare[6:] == (Cell("nothing yet"), Cell("", order="0.00"))
    assert again(confirmed=0)[6] == Cell("1 paid back")


def confirmed(
    finding: str, amount: str = "5.00", on: date = TODAY, refunded: date | None = None, **other: Any
) -> ConfirmedFinding:
    given: dict[str, Any] = {
        "finding_id": finding, "rule_id": "TIM001", "claim_id": f"C-{finding}", "claim_line_number": 2, "payer_name": "Aetna",
        "payer_class": "commercial", "amount": Decimal(amount), "first_seen": date(2025, 12, 1), "confirmed_on": on,
        "refunded_on": refunded, "refunded": Decimal("4.00") if refunded else None,
    }  # fmt: skip
    return ConfirmedFinding(**{**given, **other})


def listed(*found: ConfirmedFinding) -> list[str]:
    return [row[1].note for row in _confirmed(Review((), found, (), 0), TODAY).rows]


def test_what_is_owed_stands_first_then_the_oldest_then_the_dearest_then_by_name() -> None:
    day = timedelta(days=1)
    found = (
        confirmed("z-paid", "99.00", TODAY - 9 * day, refunded=TODAY),
        confirmed("b", rule_id="AAA001"),
        confirmed("a", rule_id="ZZZ001"),
        confirmed("dear", "6.00"),
        confirmed("old", "1.00", TODAY - day),
    )
    assert listed(*found) == listed(*found[::-1]) == ["old", "dear", "a", "b", "z-paid"]


@pytest.mark.parametrize("many", [_SHOWN, _SHOWN + 1])
def test_how_many_of_the_confirmed_are_shown(many: int) -> None:
    table = _confirmed(Review((), tuple(confirmed(f"{at:03}") for at in range(many)), (), 0), TODAY)
    assert len(table.rows) == _SHOWN
    assert table.note.endswith(f" First {_SHOWN} of {many}.") is (many > _SHOWN)


@pytest.mark.parametrize(
    ("days", "payer_class", "deadline", "refund"),
    [
        (60, "medicare_ffs", Cell("2026-01-05", "180 days end 2026-05-30"), Cell("not yet", "", "warn")),
        (61, "medicare_ffs", Cell("2026-01-04", "180 days end 2026-05-30"), Cell("not yet", "past 60 days", "over")),
        (61, "commercial", Cell("\u2013"), Cell("not yet", "", "warn")),
    ],
)
def test_sixty_days_bind_for_federal_payers(days: int, payer_class: str, deadline: Cell, refund: Cell) -> None:
    one = confirmed("a", on=TODAY - timedelta(days=days), payer_class=payer_class)
    (row,) = _confirmed(Review((), (one,), (), 0), TODAY).rows
    assert row[5:] == (deadline, refund)


def test_what_is_paid_back_is_said_with_its_day() -> None:
    (row,) = _confirmed(Review((), (confirmed("a", refunded=date(2026, 1, 2)),), (), 0), TODAY).rows
    assert row[:5] == (
        Cell("C-a", "line 2"),
        Cell("TIM001", "a"),
        Cell("Aetna", "commercial"),
        Cell("$5.00", order="5.00"),
        Cell("2026-01-05", "first seen 2025-12-01"),
    )
    assert row[6] == Cell("$4.00", "2026-01-02", "ok")


def test_a_payer_s_refunds_are_its_own_and_the_sums_are_of_all() -> None:
    long_ago = TODAY - timedelta(days=70)
    found = (
        confirmed("a", "5.00", refunded=TODAY),
        confirmed("b", "7.00", long_ago, payer_name="Medicare", payer_class="medicare_ffs"),
        confirmed("c", "11.00", TODAY, payer_name="Medicare", payer_class="medicare_ffs"),
    )
    table = _refunds(Review((), found, (), 0), TODAY)
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["Aetna", "1", "$5.00", "$4.00", "$1.00", "\u2013"],
        ["Medicare", "2", "$18.00", "$0.00", "$18.00", "2025-12-26"],
    ]
    assert [cell.text for cell in table.total] == ["All payers", "3", "$23.00", "$4.00", "$19.00", ""]
