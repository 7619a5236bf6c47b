"""The shipped reference tables hold what the rules' sources say, and no two rows answer one question for one day."""

import csv
import datetime as dt
import re
from collections import defaultdict
from functools import cache
from itertools import pairwise

import pytest

from tests.house.checkout import ROOT

DATA = ROOT / "audit" / "reference" / "data"
OPEN = "9999-12-31"
# What one row of each table answers: two rows with one key may not hold on one day.
KEYS = {
    "modifier_role": ("modifier", "role"),
    "mue": ("procedure_code", "setting"),
    "payer_class": ("payer_class",),
    "payer_word": ("role", "pattern"),
    "status_word": ("role", "pattern"),
    "filing_indicator": ("claim_filing_indicator",),
    "procedure": ("procedure_code",),
    "provider_role": ("taxonomy_prefix",),
    "ptp_coverage": ("procedure_code", "setting"),
}
BYPASS = (
    "59 XE XS XP XU E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 LT RT LC LD RC LM RI "
    "24 25 27 57 58 78 79 91"
)


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, strict=True))


def on(day: str, row: dict[str, str]) -> bool:
    return row["effective_from"] <= day <= (row["effective_to"] or OPEN)


def roles(role: str, day: str = "2025-11-03") -> set[str]:
    return {row["modifier"] for row in rows("modifier_role") if row["role"] == role and on(day, row)}


def edits(column_1: str, column_2: str, day: str = "2025-11-03", setting: str = "practitioner") -> list[str]:
    """Indicators of the edits in force on a day; 9 is none."""
    return [
        row["modifier_indicator"]
        for row in rows("ptp_edit")
        if (row["column_1"], row["column_2"], row["setting"]) == (column_1, column_2, setting)
        and on(day, row)
        and row["modifier_indicator"] != "9"
    ]


@pytest.mark.parametrize("table", KEYS)
def test_no_two_rows_answer_for_one_day(table: str) -> None:
    spans = defaultdict(list)
    for row in rows(table):
        spans[tuple(row[name] for name in KEYS[table])].append((row["effective_from"], row["effective_to"] or OPEN))
    for key, of_key in spans.items():
        for (_, ends), (begins, _) in pairwise(sorted(of_key)):
            assert ends < begins, f"{table} {key} holds twice on {begins}"


def test_no_two_edits_in_force_answer_for_one_day() -> None:
    spans = defaultdict(list)
    for row in rows("ptp_edit"):
        if row["modifier_indicator"] != "9":
            spans[row["column_1"], row["column_2"], row["setting"]].append((row["effective_from"], row["effective_to"] or OPEN))
    for key, of_key in spans.items():
        for (_, ends), (begins, _) in pairwise(sorted(of_key)):
            assert ends < begins, f"edit {key} holds twice on {begins}"


def test_no_pair_stands_both_ways_round_since_it_matters() -> None:
    live = {
        (row["column_1"], row["column_2"])
        for row in rows("ptp_edit")
        if on("2020-01-01", row) and row["modifier_indicator"] != "9"
    }
    assert not {pair for pair in live if pair[::-1] in live}


def test_codes_indicators_and_settings_have_their_shape() -> None:
    for row in rows("ptp_edit"):
        assert re.fullmatch(r"[0-9A-Z]\d{3}[0-9A-Z]", row["column_1"])
        assert re.fullmatch(r"[0-9A-Z]\d{3}[0-9A-Z]", row["column_2"])
        assert row["column_1"] != row["column_2"]
        assert row["modifier_indicator"] in ("0", "1", "9")
        assert row["rationale"]
    elsewhere = [
        (row["column_1"], row["column_2"], row["setting"]) for row in rows("ptp_edit") if row["setting"] != "practitioner"
    ]
    assert elsewhere == [("97140", "97124", "hospital"), ("97140", "97124", "other facility")]


def test_both_codes_of_every_edit_are_covered() -> None:
    covered = {row["procedure_code"] for row in rows("ptp_coverage")}
    assert {row[name] for row in rows("ptp_edit") for name in ("column_1", "column_2")} <= covered


@pytest.mark.parametrize("day", ["2000-01-03", "2020-05-01", "2025-11-03"])
def test_manual_therapy_stands_over_massage_with_indicator_0(day: str) -> None:
    assert edits("97140", "97124", day) == ["0"]
    assert edits("97124", "97140", day) == []


@pytest.mark.parametrize(
    "code", ["97110", "97112", "97113", "97116", "97530", "97535", "97542", "97012", "97161", "97162", "97163"]
)
def test_massage_has_no_edit_with(code: str) -> None:
    every = {(row["column_1"], row["column_2"]) for row in rows("ptp_edit")}
    assert not {("97124", code), (code, "97124")} & every


@pytest.mark.parametrize("adjustment", ["98940", "98941", "98942"])
@pytest.mark.parametrize("code", ["97124", "97140", "97112"])
def test_adjustments_stand_over_hands_on_codes_with_indicator_1(adjustment: str, code: str) -> None:
    assert edits(adjustment, code) == ["1"]


def test_deleted_and_suspended_edits() -> None:
    assert edits("97140", "97530", "2019-12-31") == ["1"]
    assert edits("97140", "97530", "2020-01-01") == []
    days = {"2019-12-31": ["1"], "2020-01-01": [], "2020-09-30": [], "2020-10-01": ["1"]}
    assert {day: edits("97150", "97110", day) for day in days} == days


def test_the_59_family_and_the_bypass_modifiers() -> None:
    assert roles("distinct_service") == {"59", "XE", "XS", "XP", "XU"}
    assert roles("distinct_service_59") == {"59"}
    assert roles("distinct_service_x") == {"XE", "XS", "XP", "XU"}
    assert roles("distinct_service", "2014-12-31") == {"59"}
    assert roles("ncci_bypass") == set(BYPASS.split())
    assert not roles("ncci_bypass") & {"22", "76", "77", "GP", "KX"}


def test_the_other_roles_of_modifiers() -> None:
    assert roles("plan_of_care") == {"GP", "GO", "GN"}
    assert roles("physical_plan") == {"GP", "GO"}
    assert roles("liability_notice") == {"GA", "GX", "GY", "GZ"}
    assert roles("billed_to_be_denied") == {"GX", "GY", "GZ"}
    assert roles("repeat_service") == {"76", "77", "91"}
    assert roles("assistant") == {"CQ", "CO"}


def test_the_two_codes_of_the_audit() -> None:
    by_code = {row["procedure_code"]: row for row in rows("procedure")}
    for code, kind in (("97124", "massage"), ("97140", "manual_therapy")):
        assert (by_code[code]["unit_basis"], by_code[code]["service_kind"], by_code[code]["always_therapy"]) == (
            "timed_15",
            kind,
            "true",
        )
        assert [row["procedure_code"] for row in rows("procedure") if row["service_kind"] == kind] == [code]


def test_first_and_further_unit_codes_are_not_pooled() -> None:
    basis = {row["procedure_code"]: row["unit_basis"] for row in rows("procedure")}
    assert all(
        not basis[code].endswith("timed_15") for code in ("97129", "97130", "97810", "97811", "97813", "97814", "97545", "97546")
    )
    assert set(basis.values()) <= {
        "timed_15", "timed_15_initial", "timed_15_addon", "timed_120_initial", "timed_60_addon", "untimed", "untimed_addon",
        "unlisted",
    }  # fmt: skip


def test_mue_values_of_hands_on_codes() -> None:
    found = {row["procedure_code"]: (row["mue"], row["mai"]) for row in rows("mue")}
    assert (found["97124"], found["97140"], found["97110"], found["97112"]) == (("4", "3"), ("6", "3"), ("6", "3"), ("4", "3"))
    assert all(row["mue"].isdigit() and row["mai"] in "123" for row in rows("mue"))


def test_every_payer_class_has_its_defaults() -> None:
    found = {row["payer_class"]: (row["unit_rule"], row["follows_ncci"], row["massage_coverage"]) for row in rows("payer_class")}
    federal, private = ("cms", "", "unknown"), ("either", "", "unknown")
    assert found == {
        "medicare_ffs": ("cms", "true", "plan_of_care"), "medicare_advantage": ("cms", "true", "unknown"), "medicaid": federal,
        "tricare": federal, "va": federal, "commercial": private, "blues": private, "workers_comp": private, "auto": private,
        "self_pay": ("none", "false", "unknown"), "unknown": private,
    }  # fmt: skip


def test_payer_words_are_patterns_of_known_classes() -> None:
    classes = {row["payer_class"] for row in rows("payer_class")}
    classed = {"insurer", "medicaid", "tricare", "tricare_for_life", "veterans", "workers_comp", "auto", "self_pay", "commercial"}
    for row in rows("payer_word"):
        assert (row["payer_class"] in classes) if row["role"] in classed else not row["payer_class"]
        assert re.compile(row["pattern"]).groups >= 0
    assert {row["payer_class"] for row in rows("filing_indicator")} <= classes


def test_taxonomy_prefixes_do_not_contain_each_other() -> None:
    prefixes = [row["taxonomy_prefix"] for row in rows("provider_role")]
    assert not [(one, other) for one in prefixes for other in prefixes if one != other and one.startswith(other)]


def test_no_edition_lies_ahead_of_its_rows() -> None:
    for table in KEYS:
        for row in rows(table):
            assert dt.date.fromisoformat(row["effective_from"]) <= dt.date(2026, 1, 1)


def test_plain_names_are_short() -> None:
    assert all(0 < len(row["plain_name"]) <= 50 for row in rows("procedure"))
