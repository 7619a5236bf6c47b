"""Whether a line is live, denied or void, and what it can put at risk: settled once, from words, codes and amounts."""

from datetime import date
from typing import Any

import pytest

from audit.settings.config import Config, Period
from tests.claim_rows import asked, completed, staged_in_turn

PAID = {"claim_id": "PAID", "patient_id": "P9", "paid_amount": "30.00"}
NO_AMOUNTS = {"paid_amount": "", "allowed_amount": ""}


def states(*rows: dict[str, str]) -> list[str]:
    """The state of each row, as line_state has it."""
    return [row["line_state"] for row in asked("SELECT line_state FROM line_state ORDER BY line_id", completed(list(rows)))]


def line(cells: dict[str, str], *others: dict[str, str]) -> dict[str, Any]:
    """The first row as claim_line has it."""
    return asked("SELECT * FROM claim_line WHERE line_id = 1", completed([cells, *others]))[0]


@pytest.mark.parametrize(
    "status",
    [
        "Void", "VOIDED", "void - billed in error", "Cancelled", "canceled", "Deleted", "Reversed", "Reversal", "22",
        "Replaced", "Superseded", "Void/Denied", "Denied - voided",
    ],
)  # fmt: skip
def test_void_words(status: str) -> None:
    assert states({"claim_status": status}) == ["void"]


@pytest.mark.parametrize(
    "status",
    [
        "Denied", "DENIED - CO-97", "4 - Denied", "Denied by payer", "denial", "Denials", "Rejected", "Non-covered", "noncovered",
        "Not covered", "Zero pay", "Zero-Pay", "No pay", "4", "D", "Claim denied, see EOB",
    ],
)  # fmt: skip
def test_denied_words(status: str) -> None:
    assert states({"claim_status": status, **NO_AMOUNTS}) == ["denied"]
    assert states({"claim_status": status, "paid_amount": "0"}) == ["denied"]
    assert states({"claim_status": status, "paid_amount": "30"}) == ["live"]


@pytest.mark.parametrize(
    "status",
    ["Paid", "pending", "Submitted", "Open", "Replacement", "Replacement of prior claim", "1", "Unpaid", "ZQ7", "40", "Duval"],
)
def test_live_words_and_words_that_no_list_knows(status: str) -> None:
    assert states({"claim_status": status, **NO_AMOUNTS}) == ["live"]


@pytest.mark.parametrize("status", ["Denied - paid on appeal", "Denial reversed", "Partially denied"])
def test_a_denial_with_a_word_against_it_is_judged_by_amounts_or_not_at_all(status: str) -> None:
    assert states({"claim_status": status, **NO_AMOUNTS}) == ["live"]
    assert states({"claim_status": status, "paid_amount": "0"}) == ["denied"]
    assert states({"claim_status": status, "paid_amount": "1"}) == ["live"]


def test_noughts_are_a_denial_where_the_export_states_payments() -> None:
    nothing = {"paid_amount": "0", "allowed_amount": "0"}
    assert states(nothing, PAID) == ["denied", "live"]
    assert states(nothing) == ["live"], "an export in which nobody paid anything states no payments"
    assert states({**nothing, "units": "0"}, PAID) == ["live", "live"], "a line without a unit bills nothing"
    assert states({"paid_amount": "0", "allowed_amount": "40"}, PAID) == ["live", "live"], "the patient may owe it"
    assert states({"paid_amount": "0", "allowed_amount": ""}, PAID) == ["live", "live"], "a blank is no nought"
    assert states({"paid_amount": "", "allowed_amount": "0"}, PAID) == ["live", "live"], "a payment may still come"
    assert states({"paid_amount": "0", "allowed_amount": ""}, {**PAID, "allowed_amount": ""}) == ["denied", "live"]


def test_a_live_line_risks_its_basis_and_a_denied_one_what_was_paid() -> None:
    assert line({})["line_amount"] == line({})["basis_amount"] == 30
    blank = line({"paid_amount": ""}, PAID)
    assert (blank["basis_amount"], blank["line_amount"], blank["counts_units"]) == (0, 0, True)
    charged = {"claim_status": "denied", **NO_AMOUNTS}
    denied = line(charged, {**PAID, **NO_AMOUNTS})
    assert (denied["basis_amount"], denied["line_amount"], denied["counts_units"]) == (60, 0, False)


@pytest.mark.parametrize("modifier", ["GY", "GX", "GZ"])
@pytest.mark.parametrize(
    ("payer", "denied"),
    [("Medicare Part B", True), ("Humana Medicare Advantage", True), ("Aetna", False), ("State Medicaid", False)],
)
def test_billed_to_be_denied_speaks_to_medicare_only(payer: str, modifier: str, denied: bool) -> None:
    found = line({"payer_name": payer, "modifier_1": modifier})
    assert (found["is_billed_to_be_denied"], found["counts_units"]) == (denied, not denied)
    assert found["line_amount"] == 30, "it was paid all the same"
    unpaid = line({"payer_name": payer, "modifier_1": modifier, "paid_amount": ""}, PAID)
    assert unpaid["line_amount"] == 0


def test_the_basis_is_chosen_once_and_a_column_without_a_payment_is_none() -> None:
    def basis(*rows: dict[str, str]) -> str:
        with staged_in_turn(completed(list(rows)), queries=("money_basis",)) as session:
            return session.money_basis

    assert basis({}) == "paid_amount"
    assert basis({"paid_amount": "0"}) == "allowed_amount"
    assert basis({"paid_amount": "", "allowed_amount": ""}) == "charge_amount"
    assert basis({"paid_amount": "0", "allowed_amount": "0"}) == "charge_amount"
    assert basis({"paid_amount": ""}, PAID) == "paid_amount"


def test_lines_outside_the_period_are_context() -> None:
    period = Period("2025-11", date(2025, 11, 1), date(2025, 11, 30))
    rows = completed([{"service_date": day} for day in ("2025-10-31", "2025-11-01", "2025-12-01")])
    with staged_in_turn(rows, Config(sources=(), period=period)) as session:
        assert [row["in_period"] for row in session.rows("SELECT in_period FROM export_line ORDER BY line_id")] == [
            False,
            True,
            False,
        ]
        assert [row["line_id"] for row in session.rows("SELECT line_id FROM claim_line")] == [2]
        assert [row["line_id"] for row in session.rows("SELECT line_id FROM year_line ORDER BY line_id")] == [1, 2]
