"""Audited lines: modifier sets, roles, disciplines, visits, the money basis, pairs under an edit."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from tests.claim_rows import asked, completed


def lines(rows: Sequence[dict[str, str]], query: str = "SELECT * FROM claim_line ORDER BY line_id") -> list[dict[str, Any]]:
    """Rows of a query over the staged lines."""
    return asked(query, completed(rows))


def marks(*modifiers: str, day: str = "2025-11-03") -> dict[str, Any]:
    """What staging says of one line with these modifiers, in these places."""
    cells = {f"modifier_{place}": modifier for place, modifier in enumerate(modifiers, 1)}
    return lines([{**cells, "service_date": day}])[0]


FLAGS = (
    "has_distinct_service", "has_distinct_service_x", "has_plain_59", "has_ncci_bypass", "has_repeat_service", "has_assistant",
    "has_plan_of_care", "has_physical_plan", "has_liability_notice", "is_billed_to_be_denied",
)  # fmt: skip


@pytest.mark.parametrize(
    ("modifier", "expected"),
    [
        ("59", {"has_distinct_service", "has_plain_59", "has_ncci_bypass"}),
        ("XE", {"has_distinct_service", "has_distinct_service_x", "has_ncci_bypass"}),
        ("XU", {"has_distinct_service", "has_distinct_service_x", "has_ncci_bypass"}),
        ("25", set()), ("RT", {"has_ncci_bypass"}), ("E4", {"has_ncci_bypass"}), ("T9", {"has_ncci_bypass"}),
        ("91", {"has_repeat_service"}), ("76", {"has_repeat_service"}), ("77", {"has_repeat_service"}),
        ("CQ", {"has_assistant"}), ("CO", {"has_assistant"}),
        ("GP", {"has_plan_of_care", "has_physical_plan"}), ("GO", {"has_plan_of_care", "has_physical_plan"}),
        ("GN", {"has_plan_of_care"}),
        ("GA", {"has_liability_notice"}), ("GY", {"has_liability_notice", "is_billed_to_be_denied"}),
        ("GX", {"has_liability_notice", "is_billed_to_be_denied"}), ("GZ", {"has_liability_notice", "is_billed_to_be_denied"}),
        ("22", set()), ("KX", set()), ("", set()),
    ],
)  # fmt: skip
def test_what_each_modifier_says(modifier: str, expected: set[str]) -> None:
    found = marks(modifier)
    assert {flag for flag in FLAGS if found[flag]} == expected
    assert all(found[flag] is not None for flag in FLAGS), "a NULL would drop lines out of every test"


def test_the_set_is_sorted_and_without_repeats_or_gaps() -> None:
    assert marks("KX", "GP", "KX", "59")["modifiers"] == ["59", "GP", "KX"]
    assert marks("", "59", "", "GP")["modifiers"] == ["59", "GP"]
    assert marks()["modifiers"] == []


def test_modifiers_mean_nothing_before_they_began() -> None:
    assert not marks("XS", day="2014-12-31")["has_distinct_service"]
    assert marks("XS", day="2015-01-01")["has_distinct_service"]
    assert not marks("CQ", day="2019-12-31")["has_assistant"]
    assert marks("CQ", day="2020-01-01")["has_assistant"]


@pytest.mark.parametrize(
    ("taxonomy", "role"),
    [
        ("225700000X", "massage_therapist"), ("2251X0800X", "physical_therapist"), ("225200000X", "physical_therapist_assistant"),
        ("225XH1200X", "occupational_therapist"), ("224Z00000X", "occupational_therapy_assistant"),
        ("111N00000X", "chiropractor"),
        ("2255A2300X", "athletic_trainer"), ("172V00000X", None), ("", None),
    ],
)  # fmt: skip
def test_roles_of_taxonomies(taxonomy: str, role: str | None) -> None:
    assert lines([{"rendering_taxonomy": taxonomy}])[0]["provider_role"] == role


def disciplines(rows: Sequence[dict[str, str]]) -> list[str]:
    return [row["discipline"] for row in lines(rows)]


def test_a_line_without_discipline_joins_the_only_one_stated() -> None:
    assert disciplines([{"modifier_1": "GP"}, {}, {"modifier_1": "KX"}]) == ["GP", "GP", "GP"]


def test_a_line_without_discipline_joins_none_of_two() -> None:
    assert disciplines([{"modifier_1": "GP"}, {"modifier_1": "GO"}, {}]) == ["GP", "GO", "unstated"]


def test_no_line_states_a_discipline() -> None:
    assert disciplines([{}, {"modifier_1": "59"}]) == ["unstated", "unstated"]


def test_two_disciplines_on_one_line_are_none() -> None:
    assert disciplines([{"modifier_1": "GP", "modifier_2": "GO"}]) == ["unstated"]
    assert disciplines([{"modifier_1": "GP", "modifier_2": "GO"}, {"modifier_1": "GN"}]) == ["GN", "GN"]


@pytest.mark.parametrize(
    "other", [{"patient_id": "P2"}, {"service_date": "2025-11-04"}, {"billing_npi": "1444444446"}],
    ids=["patient", "date", "practice"],
)  # fmt: skip
def test_disciplines_do_not_spread_to_another(other: dict[str, str]) -> None:
    assert disciplines([{"modifier_1": "GP"}, other]) == ["GP", "unstated"]


def test_disciplines_spread_across_claims_payers_and_therapists_of_a_practice() -> None:
    rows = [{"modifier_1": "GO"}, {"claim_id": "B", "payer_name": "Aetna", "rendering_npi": "1333333338"}]
    assert disciplines(rows) == ["GO", "GO"]


def test_disciplines_spread_among_lines_without_npi() -> None:
    nobody = {"rendering_npi": "", "billing_npi": ""}
    assert disciplines([{**nobody, "modifier_1": "GP"}, nobody]) == ["GP", "GP"]


def visits(rows: Sequence[dict[str, str]]) -> list[int]:
    return [row["visit_id"] for row in lines(rows)]


def test_a_visit_is_named_by_its_first_line() -> None:
    assert visits([{}, {"claim_id": "B"}, {"rendering_npi": "1333333338"}, {"procedure_code": "99213"}]) == [1, 1, 1, 1]


@pytest.mark.parametrize(
    "other",
    [
        {"patient_id": "P2"}, {"service_date": "2025-11-04"}, {"billing_npi": "1444444446"}, {"payer_name": "Aetna"},
        {"payer_sequence": "S"},
    ],
    ids=lambda other: next(iter(other)),
)  # fmt: skip
def test_what_makes_another_visit(other: dict[str, str]) -> None:
    assert visits([{}, other, {}]) == [1, 2, 1]


def test_disciplines_part_visits() -> None:
    assert visits([{"modifier_1": "GP"}, {"modifier_1": "GO"}, {"modifier_1": "GP"}]) == [1, 2, 1]


def test_no_sequence_is_primary_and_names_compare_without_case() -> None:
    assert visits([{"payer_sequence": "P"}, {}, {"payer_name": "MEDICARE PART-B"}]) == [1, 1, 1]


def test_the_practice_is_who_billed_and_all_of_the_export_where_nobody_is_named() -> None:
    alone = {"billing_npi": ""}
    assert visits([alone, {**alone, "rendering_npi": "1333333338"}, {}]) == [1, 1, 3]


def test_lines_without_any_npi_are_one_visit() -> None:
    nobody = {"rendering_npi": "", "billing_npi": ""}
    assert visits([nobody, nobody, {}]) == [1, 1, 3]


def test_excluded_lines_make_no_visit() -> None:
    rows = [{"claim_id": "A"}, {"claim_id": "B", "claim_frequency_code": "7", "original_claim_id": "A"}]
    assert [(row["line_id"], row["visit_id"]) for row in lines(rows)] == [(2, 2)]


@pytest.mark.parametrize(
    ("blank", "amount"),
    [((), "30.00"), (("paid_amount",), "40.00"), (("paid_amount", "allowed_amount"), "60.00")],
    ids=["paid", "allowed", "charge"],
)
def test_the_money_basis_is_the_best_that_any_line_has(blank: tuple[str, ...], amount: str) -> None:
    assert lines([dict.fromkeys(blank, "")])[0]["line_amount"] == Decimal(amount)


def test_the_money_basis_is_one_for_the_run() -> None:
    assert [row["line_amount"] for row in lines([{}, {"paid_amount": ""}])] == [Decimal("30.00"), Decimal("0.00")]


def test_codes_are_known_from_their_first_day() -> None:
    rows = [
        {"procedure_code": "97763", "service_date": "2017-12-31"}, {"procedure_code": "97763", "service_date": "2018-01-01"},
        {"procedure_code": "76881"},
    ]  # fmt: skip
    found = [(row["unit_basis"], row["is_timed"], row["is_always_therapy"]) for row in lines(rows)]
    assert found == [("unknown", False, False), ("timed_15", True, True), ("unknown", False, False)]


def pairs(rows: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
    return lines(rows, "SELECT * FROM ptp_pair ORDER BY column_1_line_id, column_2_line_id")


def test_a_pair_stands_by_its_columns_not_by_its_order() -> None:
    for rows in (
        [{"procedure_code": "97124"}, {"procedure_code": "97140"}],
        [{"procedure_code": "97140"}, {"procedure_code": "97124"}],
    ):
        (pair,) = pairs(rows)
        assert rows[pair["column_1_line_id"] - 1]["procedure_code"] == "97140"
        assert (pair["modifier_indicator"], pair["same_payer"], pair["provider_known"]) == (0, True, True)


def test_every_line_pairs_with_every_line() -> None:
    codes = ["98941", "97124", "97140", "97124"]
    found = [(pair["column_1_line_id"], pair["column_2_line_id"]) for pair in pairs([{"procedure_code": code} for code in codes])]
    assert found == [(1, 2), (1, 3), (1, 4), (3, 2), (3, 4)]


def test_a_pair_tells_of_its_payers_and_modifiers() -> None:
    first = {"procedure_code": "97140", "modifier_1": "RT"}
    second = {"procedure_code": "97124", "payer_name": "Aetna"}
    (pair,) = pairs([first, second])
    assert (pair["same_payer"], pair["has_ncci_bypass"], pair["has_distinct_service"]) == (False, True, False)
    (pair,) = pairs([{"procedure_code": "97140", "payer_sequence": "S"}, {"procedure_code": "97124", "modifier_2": "XE"}])
    assert (pair["same_payer"], pair["has_ncci_bypass"], pair["has_distinct_service"]) == (False, True, True)


def test_a_line_without_npi_pairs_with_an_unknown_provider() -> None:
    nobody = {"rendering_npi": "", "billing_npi": ""}
    (pair,) = pairs([{"procedure_code": "97140", **nobody}, {"procedure_code": "97124"}])
    assert pair["provider_known"] is False
    (pair,) = pairs([{"procedure_code": "97140"}, {"procedure_code": "97124", **nobody}])
    assert pair["provider_known"] is False
    assert pairs([{"procedure_code": "97140"}, {"procedure_code": "97124", "rendering_npi": "1333333338"}]) == []


def test_settings_do_not_mix() -> None:
    practitioner = [{"procedure_code": "97140"}, {"procedure_code": "97124"}]
    hospital = [{**cells, "bill_type": "131"} for cells in practitioner]
    # The one pair that every setting's tables hold is judged within each setting.
    assert [(pair["column_1_line_id"], pair["column_2_line_id"]) for pair in pairs(practitioner + hospital)] == [(1, 2), (3, 4)]
    assert pairs([practitioner[0], hospital[1]]) == []


def test_the_columns_that_hold_values_are_known() -> None:
    found = asked("SELECT column_name FROM export_column", completed([{"techniques": "kneading"}, {}]))
    names = {row["column_name"] for row in found}
    assert {"techniques", "units", "paid_amount"} <= names
    assert not {"minutes", "note_text", "modifier_1"} & names


@pytest.mark.parametrize(
    ("indicator", "code", "is_denied"),
    [("A", "1", False), ("R", "2", False), ("S", "", False), ("", "", False), ("", "3", False), ("", "C", False),
     ("", "L", False), ("", "R", False), ("", "S", False), ("N", "", True), ("D", "1", True), ("00", "", True), ("A", "0", True),
     ("", "D", True),
     ("", "K", True), ("", "P", True), ("", "Q", True), ("", "T", True), ("", "Y", True), ("", "12", True), ("A", "42", True)],
)  # fmt: skip
def test_cmss_codes_say_whether_a_line_was_denied_whatever_was_paid(indicator: str, code: str, is_denied: bool) -> None:
    rows = [{"cms_processing_indicator": indicator, "cms_denial_code": code, "paid_amount": "22.41"}]
    (found,) = asked("SELECT is_denied, counts_units FROM claim_line", completed(rows))
    assert found == {"is_denied": is_denied, "counts_units": not is_denied}


def test_a_line_knows_whether_its_file_has_a_column_of_modifiers() -> None:
    query = "SELECT has_modifier_column FROM claim_line"
    assert asked(query, completed([{}])) == [{"has_modifier_column": True}]
    assert asked(query, completed([{}]), without_modifiers=True) == [{"has_modifier_column": False}]
