"""Whether a line is live, denied or void, and what it can put at risk: settled once, from words, codes and amounts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from audit.settings.config import Config, Period
from tests.claim_rows import OTHER_FILE, asked, completed, staged_in_turn

PAID = {"claim_id": "PAID", "patient_id": "P9", "paid_amount": "30.00"}
NO_AMOUNTS = {"paid_amount": "", "allowed_amount": ""}


def states(*rows: dict[str, str]) -> list[str]:
    """The state of each row, as line_state has it."""
    return [row["line_state"] for row in asked("SELECT line_state FROM line_state ORDER BY line_id", completed(list(rows)))]


def each(column: str, words: Sequence[str], *others: dict[str, str], **cells: str) -> dict[str, str]:
    """The state of a row for each word that stands in the column, staged together, beside other rows; `cells`: what all have."""
    rows = completed([*({column: word, **cells} for word in words), *others])
    found = asked("SELECT line_state FROM line_state ORDER BY line_id", rows)
    return {word: row["line_state"] for word, row in zip(words, found, strict=False)}


def all_of(words: Sequence[str], state: str) -> dict[str, str]:
    """Each word with that state."""
    return dict.fromkeys(words, state)


def line(cells: dict[str, str], *others: dict[str, str]) -> dict[str, Any]:
    """The first row as claim_line has it."""
    return asked("SELECT * FROM claim_line WHERE line_id = 1", completed([cells, *others]))[0]


VOID = (
    "Void", "VOIDED", "void - billed in error", "Cancelled", "canceled", "Deleted", "Reversed", "Reversal", "22",
    "Replaced", "Superseded", "Void/Denied", "Denied - voided",
)  # fmt: skip


def test_void_words() -> None:
    assert each("claim_status", VOID) == all_of(VOID, "void")


DENIED = (
    "Denied", "DENIED - CO-97", "4 - Denied", "Denied by payer", "denial", "Denials", "Rejected", "Non-covered",
    "noncovered", "Not covered", "Zero pay", "Zero-Pay", "No pay", "4", "D", "Claim denied, see EOB", "04", "4.0",
    "Paid-0", "Paid $0.00", "Closed - zero paid", "Disallowed", "Not allowed", "Declined", "F2", "A3",
    "Appealed - denied", "DEN", "Den-CO16", "REJ 45", "Non-payable", "Returned to provider", "Hold - denied",
    "Payment Denied", "Denied payment", "payment was rejected", "A3 - Acknowledgement/Returned as unprocessable claim",
    "A3:21", "F2:585", "A7*562*85", "Not accepted", "Disapproved", "Unallowable", "RJT", "Den'd", "25",
)  # fmt: skip


def test_denied_words() -> None:
    assert each("claim_status", DENIED, **NO_AMOUNTS) == all_of(DENIED, "denied")
    assert each("claim_status", DENIED, paid_amount="0") == all_of(DENIED, "denied")
    assert each("claim_status", DENIED, paid_amount="30") == all_of(DENIED, "live")


LIVE = (
    "Paid", "PD", "pending", "Submitted", "Open", "Replacement", "Replacement of prior claim", "1", "Unpaid", "ZQ7", "40",
    "Duval", "Not denied", "No denials", "Not voided", "Processed as Primary", "23", "F1", "Write-off", "Paid 0.05",
    "Corrected", "Denver 4", "F3F", "R0", "Stop payment", "Unable to process", "Not approved", "F2 Region 585", "A3 of 21",
)  # fmt: skip


def test_live_words_and_words_that_no_list_knows() -> None:
    assert each("claim_status", LIVE, **NO_AMOUNTS) == all_of(LIVE, "live")


def test_what_is_not_so_is_no_word_of_it() -> None:
    words = ("Not received", "Unable to process", "Stop payment", "Not closed", "Failed to post", "Not approved", "Inactive")
    said = "SELECT says FROM line_state ORDER BY line_id"
    found = asked(said, completed([{"claim_status": word, **NO_AMOUNTS} for word in words]))
    assert [row["says"] for row in found] == ["not known"] * len(words)


@pytest.mark.parametrize(
    "status", ["Denied - paid on appeal", "Denial reversed", "Partially denied", "Denied - payment received"]
)
def test_a_denial_with_a_word_against_it_is_judged_by_amounts_or_not_at_all(status: str) -> None:
    assert states({"claim_status": status, **NO_AMOUNTS}) == ["live"]
    assert states({"claim_status": status, "paid_amount": "0"}) == ["denied"]
    assert states({"claim_status": status, "paid_amount": "1"}) == ["live"]


STILL_TO_ANSWER = (
    "Pending", "Open", "In process", "Submitted", "P1", "Applied to deductible", "Capitated", "A1:20", "R3", "Not adjudicated",
    "Unprocessed",
)  # fmt: skip


def test_noughts_are_no_denial_where_the_payer_has_still_to_answer() -> None:
    found = each("claim_status", STILL_TO_ANSWER, PAID, paid_amount="0", allowed_amount="0")
    assert found == all_of(STILL_TO_ANSWER, "live")


@pytest.mark.parametrize("status", ["Closed", "Unpaid", "Processed - pending", "Write-off"])
def test_noughts_are_a_denial_beside_words_that_say_that_the_payer_answered_or_nothing(status: str) -> None:
    assert states({"claim_status": status, "paid_amount": "0", "allowed_amount": "0"}, PAID) == ["denied", "live"]


@pytest.mark.parametrize(
    "status",
    [
        "Draft", "Ready to bill", "On hold", "Not billed", "Unbilled", "Never submitted", "To be billed", "Non-billable",
        "MGRHOLD", "DROP", "Queued", "Pending submission", "Awaiting billing",
    ],
)  # fmt: skip
def test_a_line_that_was_never_sent_is_judged_without_dollars(status: str) -> None:
    found = line({"claim_status": status, **NO_AMOUNTS})
    assert (found["status_says"], found["is_denied"], found["counts_units"]) == ("unsent", False, True)
    assert (found["basis_amount"], found["line_amount"]) == (60, 0)
    assert line({"line_status": status, "claim_status": "Open", **NO_AMOUNTS})["line_amount"] == 0
    assert line({"claim_status": status})["line_amount"] == 30, "it was paid all the same"


@pytest.mark.parametrize(
    "status",
    ["Ready to bill secondary", "Paid - hold", "Queued for resubmission", "Bill patient", "Pending", "Pending bill review"],
)
def test_what_is_sent_once_more_or_to_the_next_payer_has_been_sent(status: str) -> None:
    assert line({"claim_status": status, **NO_AMOUNTS})["line_amount"] == 60


@pytest.mark.parametrize(
    ("of_line", "of_claim", "state"),
    [
        ("Denied", "Paid", "denied"), ("Paid", "Denied", "live"), ("", "Denied", "denied"), ("ZQ7", "Denied", "denied"),
        ("Denied", "Pending", "denied"), ("Paid", "Void", "void"), ("Voided", "Paid", "void"), ("Paid", "Reversed", "void"),
        ("Reversed", "Paid", "void"), ("Pending", "Denied", "live"),
    ],
)  # fmt: skip
def test_a_line_s_own_status_goes_before_its_claim_s_but_where_the_claim_is_void(of_line: str, of_claim: str, state: str) -> None:
    assert states({"line_status": of_line, "claim_status": of_claim, **NO_AMOUNTS}) == [state]


MARKED = (
    "Y", "yes", "TRUE", "1", "X", "Denied", "D", "11/20/2025", "2025-11-20", "Rejected",
)  # fmt: skip


def test_a_mark_of_denial() -> None:
    assert each("denial_mark", MARKED, **NO_AMOUNTS) == all_of(MARKED, "denied")
    assert each("denial_mark", MARKED, claim_status="Closed", **NO_AMOUNTS) == all_of(MARKED, "denied")
    assert each("denial_mark", MARKED, claim_status="Void", **NO_AMOUNTS) == all_of(MARKED, "void")
    assert each("denial_mark", MARKED, paid_amount="30") == all_of(MARKED, "live")


UNMARKED = (
    "N", "no", "FALSE", "0", "0000-00-00", "Paid", "Not denied",
)  # fmt: skip


def test_a_mark_that_says_no() -> None:
    nought = {"paid_amount": "0", "allowed_amount": "0"}
    assert each("denial_mark", UNMARKED, **NO_AMOUNTS) == all_of(UNMARKED, "live")
    assert each("denial_mark", UNMARKED, claim_status="Denied", **NO_AMOUNTS) == all_of(UNMARKED, "denied")
    assert each("denial_mark", UNMARKED, line_status="Draft", **NO_AMOUNTS) == all_of(UNMARKED, "live")
    assert each("denial_mark", UNMARKED, PAID, {"denial_mark": "Y", **NO_AMOUNTS}, **nought) == all_of(UNMARKED, "live")
    # A mark that is set nowhere is one that nobody keeps.
    assert each("denial_mark", UNMARKED, PAID, **nought) == all_of(UNMARKED, "denied")


def test_a_mark_that_says_no_leaves_what_else_is_said() -> None:
    draft = {"denial_mark": "N", "claim_status": "Draft", **NO_AMOUNTS}
    assert asked("SELECT says FROM line_state ORDER BY line_id", completed([draft, {"denial_mark": "Y"}]))[0]["says"] == "unsent"


NOT_PAID_FOR = (
    "CO-50", "CO50", "co 50", "50", "050", "50 - Not deemed necessary", "CO-45; CO-97", "45, 97", "PR-96", "OA-18", "B7",
    "A1", "CO-16 MA130", "N115", "Not medically necessary", "Denied: timely filing", "50.0",
    "P4", "CO-P14", "PI-B8", "CO-287", "PI-283", "CO*97*60.00", "CAS*CO*97*60", "CO_97", "['45', '97']",
)  # fmt: skip


def test_a_reason_for_which_payers_do_not_pay() -> None:
    assert each("denial_reason", NOT_PAID_FOR, **NO_AMOUNTS) == all_of(NOT_PAID_FOR, "denied")
    assert each("denial_reason", NOT_PAID_FOR, paid_amount="0", allowed_amount="40") == all_of(NOT_PAID_FOR, "denied")
    assert each("denial_reason", NOT_PAID_FOR, paid_amount="30") == all_of(NOT_PAID_FOR, "live")


PART_OF_THE_PRICE = (
    "CO-45", "PR-1", "PR-2", "PR-3", "CO-253", "CO-45, PR-1", "1", "45 - Charge exceeds fee schedule", "OA-23", "CO-24",
    "CO-59", "Deductible", "Co-pay", "Contractual adjustment", "None", "N", "0", "999", "Paid",
    "P12", "OA-P12", "P23 - Schedule of the state", "CO-223", "PR-238", "OA-277",
    "CO*45*20.00~PR*1*5.00", "[45]", '{"CO": "45"}', "MPPR", "PPO discount", "Usual and customary",
)  # fmt: skip


def test_a_reason_of_a_part_of_the_price_denies_nothing() -> None:
    assert each("denial_reason", PART_OF_THE_PRICE, **NO_AMOUNTS) == all_of(PART_OF_THE_PRICE, "live")


def test_noughts_are_a_denial_where_the_export_states_payments() -> None:
    nothing = {"paid_amount": "0", "allowed_amount": "0"}
    assert states(nothing, PAID) == ["denied", "live"]
    assert states(nothing) == ["live"], "an export in which nobody paid anything states no payments"
    assert states({**nothing, "units": "0"}, PAID) == ["live", "live"], "a line without a unit bills nothing"
    assert states({"paid_amount": "0", "allowed_amount": "40"}, PAID) == ["live", "live"], "the patient may owe it"
    assert states({"paid_amount": "0", "allowed_amount": ""}, PAID) == ["live", "live"], "a blank is no nought"
    assert states({"paid_amount": "", "allowed_amount": "0"}, PAID) == ["live", "live"], "a payment may still come"
    assert states({"paid_amount": "0", "allowed_amount": ""}, {**PAID, "allowed_amount": ""}) == ["denied", "live"]
    theirs = {"paid_amount": "0", "allowed_amount": "", OTHER_FILE: "yes"}
    assert states(theirs, PAID) == ["denied", "live"], "a file that has no column of it leaves none blank"


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
