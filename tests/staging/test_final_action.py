"""Final action: voids, replacements, reversals, repeated rows, the period. What is left is each claim as it stands."""

from collections.abc import Sequence

import pytest

from audit import assets
from audit.settings.config import Config, period
from tests.claim_rows import completed, staged_in_turn

VOID, VOIDED = "void claim", "voided by a void claim"
SUPERSEDED, REVERSED = "superseded by a replacement", "reversal pair"
TAKEN_BACK = "reversal of a payment"
REPEATED, OUTSIDE = "repeated row", "outside the period"


def reasons(rows: Sequence[dict[str, str]], month: str | None = None) -> list[str | None]:
    """Why each row is not audited, in the rows' order; None for a row that is."""
    config = Config(sources=(), period=period(month) if month else None)
    query = "SELECT reason FROM claim_row LEFT JOIN excluded_line USING (line_id) ORDER BY line_id"
    with staged_in_turn(completed(rows), config, queries=(query, "claim_line")) as session:
        found = session.rows(query)
        audited = session.rows("SELECT line_id FROM claim_line")
    assert len(audited) == sum(row["reason"] is None for row in found), "every row is audited or excluded, never both"
    return [row["reason"] for row in found]


def claim(claim_id: str, frequency: str = "", original: str = "", **cells: str) -> dict[str, str]:
    return {"claim_id": claim_id, "claim_frequency_code": frequency, "original_claim_id": original, **cells}


def test_a_void_removes_itself_and_every_line_of_the_claim_it_names() -> None:
    rows = [claim("A"), claim("A"), claim("B"), claim("V", "8", "A")]
    assert reasons(rows) == [VOIDED, VOIDED, None, VOID]


def test_a_void_that_reuses_the_claim_number_removes_that_claim() -> None:
    assert reasons([claim("A", "1"), claim("B"), claim("A", "8")]) == [VOIDED, None, VOID]


def test_a_void_of_a_claim_outside_the_export_removes_itself_only() -> None:
    assert reasons([claim("A"), claim("V", "8", "X")]) == [None, VOID]


def test_a_replacement_supersedes_the_claim_it_names() -> None:
    assert reasons([claim("A"), claim("B", "7", "A")]) == [SUPERSEDED, None]


def test_a_replacement_that_reuses_the_claim_number_supersedes_the_other_rows_of_that_number() -> None:
    assert reasons([claim("A", "1"), claim("A"), claim("A", "7"), claim("A", "7")]) == [SUPERSEDED, SUPERSEDED, None, None]


def test_a_replacement_of_a_claim_outside_the_export_stands() -> None:
    assert reasons([claim("B", "7", "X")]) == [None]


def test_other_frequency_codes_remove_nothing() -> None:
    assert reasons([claim("A"), claim("B", "1", "A"), claim("C", "", "A"), claim("D", "6", "A")]) == [None] * 4


def test_a_chain_leaves_its_last_link_whatever_the_numbers_and_dates_say() -> None:
    rows = [
        claim("A", submitted_date="2025-11-20"),
        claim("Z", "7", "A", submitted_date="2025-11-19"),
        claim("B", "7", "Z", submitted_date="2025-11-18"),
    ]
    assert reasons(rows) == [SUPERSEDED, SUPERSEDED, None]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"submitted_date": "2025-11-20"}, {"submitted_date": "2025-11-10"}),
        ({"submitted_date": "2025-11-10"}, {}),
        ({"paid_date": "2025-11-20"}, {"paid_date": "2025-11-10"}),
        (
            {"submitted_date": "2025-11-20", "paid_date": "2025-11-21"},
            {"submitted_date": "2025-11-10", "paid_date": "2025-11-30"},
        ),
    ],
    ids=["sent last", "dated before undated", "paid last", "sent last before paid last"],
)
def test_of_several_replacements_of_one_claim_the_last_one_stands(first: dict[str, str], second: dict[str, str]) -> None:
    rows = [claim("A"), claim("B", "7", "A", **first), claim("C", "7", "A", **second)]
    assert reasons(rows) == [SUPERSEDED, None, SUPERSEDED]


def test_of_several_replacements_without_dates_the_highest_claim_number_stands() -> None:
    assert reasons([claim("C", "7", "A"), claim("A"), claim("B", "7", "A")]) == [None, SUPERSEDED, SUPERSEDED]


def test_a_chain_beside_another_replacement_leaves_one_claim() -> None:
    rows = [claim("A"), claim("B", "7", "A"), claim("C", "7", "A"), claim("D", "7", "B")]
    assert reasons(rows) == [SUPERSEDED, SUPERSEDED, SUPERSEDED, None]
    later = {"submitted_date": "2025-11-20"}
    rows = [claim("A"), claim("B", "7", "A"), claim("C", "7", "A", **later), claim("D", "7", "B")]
    assert reasons(rows) == [SUPERSEDED, SUPERSEDED, None, SUPERSEDED]


def test_two_families_do_not_touch() -> None:
    rows = [claim("A"), claim("B", "7", "A"), claim("C"), claim("D", "7", "C")]
    assert reasons(rows) == [SUPERSEDED, None, SUPERSEDED, None]


def test_claims_that_name_each_other_leave_one_of_them() -> None:
    assert reasons([claim("A", "7", "B"), claim("B", "7", "A")]) == [SUPERSEDED, None]


def test_a_claim_that_names_itself_stands() -> None:
    assert reasons([claim("A", "7", "A")]) == [None]


def test_a_voided_replacement_leaves_nothing() -> None:
    assert reasons([claim("A"), claim("B", "7", "A"), claim("V", "8", "B")]) == [SUPERSEDED, VOIDED, VOID]


def test_void_is_the_reason_where_both_hold() -> None:
    assert reasons([claim("A"), claim("B", "7", "A"), claim("V", "8", "A")]) == [VOIDED, None, VOID]


def line(charge: str = "60.00", paid: str = "30.00", number: str = "1", **cells: str) -> dict[str, str]:
    return {
        "claim_id": "A", "claim_line_number": number, "charge_amount": charge, "paid_amount": paid, "allowed_amount": "", **cells,
    }  # fmt: skip


def test_a_reversal_cancels_its_line() -> None:
    assert reasons([line(), line("-60.00", "-30.00"), line(number="2")]) == [REVERSED, REVERSED, None]


def test_a_reversal_may_stand_before_its_line() -> None:
    assert reasons([line("-60.00", "-30.00"), line()]) == [REVERSED, REVERSED]


def test_units_may_be_reversed_with_the_amounts_or_not() -> None:
    assert reasons([line(units="2"), line("-60.00", "-30.00", units="-2")]) == [REVERSED, REVERSED]
    assert reasons([line(units="2"), line("-60.00", "-30.00", units="2")]) == [REVERSED, REVERSED]


def test_payment_alone_decides_where_there_is_no_charge() -> None:
    assert reasons([line("", "30.00"), line("", "-30.00")]) == [REVERSED, REVERSED]
    assert reasons([line("0.00", "30.00"), line("0.00", "-30.00")]) == [REVERSED, REVERSED]


def test_units_alone_decide_where_there_is_no_money() -> None:
    assert reasons([line("", "", units="2"), line("", "", units="-2")]) == [REVERSED, REVERSED]
    # A part that is taken back takes no more than itself: two of four units still stand.
    assert reasons([line("", "", units="4"), line("", "", units="-2")]) == [None, None]


@pytest.mark.parametrize(
    "other",
    [
        {"charge": "-60.01"}, {"paid": "-29.99"}, {"claim_id": "B"}, {"patient_id": "P2"},
        {"service_date": "2025-11-04"}, {"procedure_code": "97112"}, {"modifier_1": "GP"},
    ],
    ids=lambda other: next(iter(other)),
)  # fmt: skip
def test_what_differs_in_one_key_does_not_cancel(other: dict[str, str]) -> None:
    assert reasons([line(), line(**{"charge": "-60.00", "paid": "-30.00", **other})])[0] is None


def test_a_reversal_is_no_service_where_its_claim_bills_none() -> None:
    other = {"procedure_code": "97140"}
    assert reasons([line("-60.00", "-30.00", units="-1"), line(**other)]) == [TAKEN_BACK, None]
    alone = [line("0.00", "-30.00"), line("", "-30.00", number="2"), line("-60.00", "", number="3")]
    assert reasons([*alone, line(claim_id="B")]) == [TAKEN_BACK] * 3 + [None]


def test_what_takes_a_part_of_a_line_back_stays_beside_it() -> None:
    assert reasons([line(units="3"), line("-20.00", "-10.00", units="-1")]) == [None, None]


def test_a_charge_of_which_money_was_taken_back_and_units_alone_below_zero_are_lines() -> None:
    assert reasons([line("60.00", "-5.00"), line("0.00", "0.00", units="-1"), line("", "", units="-1")]) == [None, None, None]


def test_reversals_cancel_one_to_one() -> None:
    again = {"paid_date": "2025-11-20"}
    assert reasons([line(), line("-60.00", "-30.00"), line(**again)]) == [REVERSED, REVERSED, None]
    assert reasons([line(), line("-60.00", "-30.00"), line("-60.00", "-30.00", **again)]) == [REVERSED, REVERSED, TAKEN_BACK]


def test_billed_taken_back_and_billed_again_alike_leaves_one_line() -> None:
    assert reasons([line(), line("-60.00", "-30.00"), line()]) == [REVERSED, REVERSED, None]


def test_a_whole_export_that_stands_twice_cancels_twice() -> None:
    both = [line(), line("-60.00", "-30.00")]
    assert reasons([*both, *both]) == [REVERSED] * 4


def test_a_row_that_stands_twice_counts_once() -> None:
    assert reasons([line(), line(), line()]) == [None, REPEATED, REPEATED]


@pytest.mark.parametrize(
    "other", [{"number": "2"}, {"claim_id": "B"}, {"paid": "30.01"}, {"location": "north"}, {"note_text": "seen"}],
    ids=lambda other: next(iter(other)),
)  # fmt: skip
def test_rows_that_differ_anywhere_are_not_repeated(other: dict[str, str]) -> None:
    assert reasons([line(), line(**other)]) == [None, None]


def test_a_blank_cell_is_like_a_blank_cell() -> None:
    assert reasons([line(paid=""), line(paid="")]) == [None, REPEATED]


def test_the_period_holds_both_its_days() -> None:
    days = ["2025-10-31", "2025-11-01", "2025-11-30", "2025-12-01"]
    rows = [{"service_date": day} for day in days]
    assert reasons(rows, "2025-11") == [OUTSIDE, None, None, OUTSIDE]
    assert reasons(rows) == [None] * 4


def test_a_correction_outside_the_period_still_acts_on_a_claim_within_it() -> None:
    rows = [
        claim("A"), claim("V", "8", "A", service_date="2025-12-01"),
        claim("B"), claim("C", "7", "B", service_date="2025-12-01"),
    ]  # fmt: skip
    assert reasons(rows, "2025-11") == [VOIDED, VOID, SUPERSEDED, OUTSIDE]


MARKED, DELETED = "marked void in the export", "marked deleted in the export"


def test_a_line_that_the_system_marks_goes_alone() -> None:
    rows = [
        claim("A", is_void="true"),
        claim("A", is_deleted="true"),
        claim("A", is_void="false", is_deleted="false"),
        claim("A"),
    ]
    assert reasons(rows) == [MARKED, DELETED, None, None]


def test_a_void_or_replacement_that_is_marked_acts_on_no_other_claim() -> None:
    assert reasons([claim("A"), claim("V", "8", "A", is_deleted="true")]) == [None, DELETED]
    assert reasons([claim("A"), claim("B", "7", "A", is_void="true")]) == [None, MARKED]


def test_a_marked_line_is_taken_back_before_another_and_a_deleted_reversal_takes_nothing_back() -> None:
    assert reasons([line(), line(is_void="true"), line("-60.00", "-30.00")]) == [None, MARKED, REVERSED]
    assert reasons([line(), line("-60.00", "-30.00", is_deleted="true")]) == [None, DELETED]
    assert reasons([line(), line("-60.00", "-30.00", is_deleted="true", is_void="true")]) == [None, MARKED]


def test_a_row_below_zero_that_is_marked_void_is_the_void_and_takes_its_line_back() -> None:
    void = line("-60.00", "-30.00", is_void="true")
    assert reasons([line(), void]) == [REVERSED, MARKED]
    # Both sides marked: a line billed anew stands. One void takes back one line.
    assert reasons([line(), line(is_void="true"), void]) == [None, MARKED, MARKED]
    assert reasons([line(), void, line()]) == [REVERSED, MARKED, None]
    # Of another amount it takes nothing back, and alone it leaves nothing.
    assert reasons([line(), line("-61.00", "-30.00", is_void="true")]) == [None, MARKED]
    assert reasons([void]) == [MARKED]


CANCELLATION, LATER = "cancellation of a claim", "superseded by a later version of the claim"


def version(claim_id: str, kind: str, effective: str, control: str = "K1", **cells: str) -> dict[str, str]:
    """A row of CMS's claim feed: 0 original, 1 cancellation, 2 adjustment."""
    cms = {"cms_adjustment_type": kind, "cms_effective_date": effective, "cms_control_number": control}
    return {"claim_id": claim_id, "claim_line_number": "1", **cms, **cells}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # Cancelled and adjusted on one day: the larger claim id stands.
        ([("1", "0", "2025-11-20"), ("2", "1", "2025-12-02"), ("3", "2", "2025-12-02")], [LATER, CANCELLATION, None]),
        # Nothing stands of a claim whose last version is a cancellation, by its date or by its number.
        ([("1", "0", "2025-11-20"), ("2", "1", "2025-12-02")], [LATER, CANCELLATION]),
        ([("2", "2", "2025-12-02"), ("3", "1", "2025-12-02")], [LATER, CANCELLATION]),
        ([("1", "1", "2025-11-20"), ("2", "0", "2025-12-02")], [CANCELLATION, None]),
        # Numbers are compared as numbers: 1000 is later than 999.
        ([("999", "0", "2025-12-02"), ("1000", "2", "2025-12-02")], [LATER, None]),
        ([("1", "0", "2025-12-03"), ("2", "2", "2025-12-02")], [None, LATER]),
        ([("1", "0", "2025-11-20")], [None]),
    ],
)
def test_of_cmss_versions_of_a_line_the_latest_stands(rows: list[tuple[str, str, str]], expected: list[str | None]) -> None:
    assert reasons([version(*row) for row in rows]) == expected


def test_cmss_versions_are_of_one_control_number_patient_and_line() -> None:
    first = version("1", "0", "2025-11-20")
    assert reasons([first, version("2", "1", "2025-12-02", control="K2")]) == [None, CANCELLATION]
    assert reasons([first, version("2", "2", "2025-12-02", patient_id="P2")]) == [None, None]
    assert reasons([first, version("2", "2", "2025-12-02") | {"claim_line_number": "2"}]) == [None, None]


def test_the_same_version_twice_is_a_repeated_row() -> None:
    assert reasons([version("1", "0", "2025-11-20"), version("1", "0", "2025-11-20")]) == [None, REPEATED]


def test_an_adjustment_type_without_a_control_number_settles_nothing() -> None:
    assert reasons([version("1", "0", "2025-11-20", control=""), version("2", "1", "2025-12-02", control="")]) == [None, None]


@pytest.mark.parametrize(
    ("bill_type", "found"),
    [
        ("0137", [SUPERSEDED, None]),
        ("137", [SUPERSEDED, None]),
        ("0858", [VOIDED, VOID]),
        ("858", [VOIDED, VOID]),
        *((other, [None, None]) for other in ("0131", "0132", "0139", "013A", "13", "7", "01378", "1370")),
    ],
)
def test_the_last_digit_of_a_bill_type_is_the_claim_s_frequency(bill_type: str, found: list[str | None]) -> None:
    assert reasons([claim("A", bill_type="0131"), claim("B", "", "A", bill_type=bill_type)]) == found


def test_a_frequency_that_is_stated_goes_before_the_bill_type() -> None:
    assert reasons([claim("A"), claim("B", "1", "A", bill_type="0138")]) == [None, None]
    assert reasons([claim("A"), claim("B", "7", "A", bill_type="0131")]) == [SUPERSEDED, None]


NAMES_NONE = "superseded by a replacement that names no claim and can be of no other"
VOIDS_NONE = "voided by a void claim that names no claim and can be of no other"


def test_a_replacement_that_names_no_claim_takes_out_the_only_one_that_it_can_be_of() -> None:
    assert reasons([claim("A", units="4"), claim("B", "7", units="3")]) == [NAMES_NONE, None]
    assert reasons([claim("A"), claim("A", procedure_code="97140"), claim("B", "7")]) == [NAMES_NONE, NAMES_NONE, None]
    assert reasons([claim("A"), claim("V", "8")]) == [VOIDS_NONE, VOID]
    assert reasons([claim("A", claim_status="denied", paid_amount="0"), claim("B", "7")]) == [NAMES_NONE, None]


_OTHERS: list[dict[str, str]] = [
    {"patient_id": "P2"},
    {"service_date": "2025-11-04"},
    {"procedure_code": "97140"},
    {"billing_npi": "1992000000"},
    {"payer_name": "Aetna"},
    {"payer_id": "60054"},
    {"payer_sequence": "S"},
    {"submitted_date": "2025-11-21"},
    {"is_void": "true"},
]


@pytest.mark.parametrize("other", _OTHERS, ids=lambda cells: next(iter(cells)))
def test_a_claim_that_differs_is_not_what_a_nameless_replacement_replaces(other: dict[str, str]) -> None:
    first, second = reasons([claim("A", **other), claim("B", "7", submitted_date="2025-11-20")])
    assert (first in (None, "marked void in the export"), second) == (True, None)


@pytest.mark.parametrize("day", ["2025-11-19", "2025-11-20", ""])
def test_a_claim_sent_no_later_may_be_what_is_replaced(day: str) -> None:
    assert reasons([claim("A", submitted_date=day), claim("B", "7", submitted_date="2025-11-20")]) == [NAMES_NONE, None]


def test_of_several_that_it_can_be_of_none_is_taken_out_and_that_is_said() -> None:
    rows = [claim("A"), claim("B"), claim("C", "7")]
    assert reasons(rows) == [None, None, None]
    (said,) = doubts(rows)
    assert said.startswith("1 replacement or void names no claim, and several of the export can be meant: none of them was taken")
    assert doubts([*rows, claim("D", "8")])[0].startswith("2 replacements or voids name no claim, and several")
    assert doubts([claim("A"), claim("B", "7")]) == doubts([claim("A"), claim("C", "7", "X")]) == []


def test_two_replacements_that_name_no_claim_are_one_family() -> None:
    rows = [claim("A"), claim("B", "7", submitted_date="2025-11-20"), claim("C", "7", submitted_date="2025-11-21")]
    assert reasons(rows) == [NAMES_NONE, SUPERSEDED, None]


def test_a_claim_that_one_replacement_names_and_another_may_mean_is_superseded_by_name() -> None:
    assert reasons([claim("A"), claim("B", "7", "A"), claim("C", "7")])[0] == SUPERSEDED


def doubts(rows: Sequence[dict[str, str]]) -> list[str]:
    """What the summary of oddities says of claims that name no other."""
    query = (assets.queries() / "summary" / "oddities.sql").read_text(encoding="utf-8")
    with staged_in_turn(completed(rows)) as session:
        return [
            row["sentence"]
            for row in session.rows(query)
            if "names no claim" in row["sentence"] or "name no claim" in row["sentence"]
        ]
