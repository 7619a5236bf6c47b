"""Every case of every rule: the verdict on each row, the dollars on each line."""

import re
from dataclasses import replace

import pytest

from audit.contract import COLUMNS
from tests import cases_together, rule_cases


@pytest.mark.parametrize("case", rule_cases.cases(), ids=str)
def test_case(case: rule_cases.Case) -> None:
    assert cases_together.problems(case) == []


def test_no_two_cases_have_one_name() -> None:
    names = [str(case) for case in rule_cases.cases()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("wrong", ["FALSE AS is_flagged", "coalesce(reason, 'unknown') AS reason"])
def test_cases_that_stand_together_notice_what_each_notices_alone(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rule, every = rule_cases.catalogue()["TIM001"], rule_cases.cases("TIM001")
    some = [case for said in ("flag", "n/e") for case in [one for one in every if one.expected[0]["expect"] == said][:4]]
    changed = replace(rule, sql=f"SELECT * REPLACE ({wrong}) FROM ({rule.sql})")
    cases_together.forget()
    with monkeypatch.context() as change:
        change.setitem(rule_cases.catalogue(), "TIM001", changed)
        noticed = [str(case) for case in some if cases_together.problems(case)]
        assert noticed == [str(case) for case in some if cases_together.alone(case)]
        assert noticed
    cases_together.forget()


def test_every_rule_has_a_flag_a_near_miss_and_every_parameter_moved() -> None:
    for rule_id, rule in rule_cases.catalogue().items():
        of_rule = rule_cases.cases(rule_id)
        verdicts = {row["expect"] for case in of_rule for row in case.expected}
        moved = {name for case in of_rule for name in case.params}
        assert {"flag", "ok"} <= verdicts, f"{rule_id} lacks a case that is flagged or one that is not"
        assert set(rule.front.params) <= moved, f"{rule_id}: parameters never moved: {set(rule.front.params) - moved}"
        assert all(case.because for case in of_rule)


# Where staging makes one column of others: a NULL in the export's column is a NULL, or a plain no, in the rule's.
_MADE_OF = {
    "provider_npi": ("rendering_npi", "billing_npi"),
    "practice_npi": ("billing_npi",),
    "provider_known": ("rendering_npi",),
    "has_other_practitioner": ("rendering_npi",),
    "provider_role": ("rendering_taxonomy",),
    "bills_medicare_therapy": ("rendering_taxonomy",),
    "claim_state": ("claim_status",),
    "is_denied": ("claim_status",),
    "note_id": ("note_text",),
    "payer_class": ("payer_name",),
    "follows_ncci": ("payer_name",),
    "massage_coverage": ("payer_name",),
    "unit_rule": ("payer_name",),
    "setting_position": ("payer_name",),
    "discipline": ("modifier_1",),
    "modifiers": ("modifier_1",),
    "has_distinct_service": ("modifier_1",),
    "line_amount": ("paid_amount",),
    "coverage_order": ("payer_sequence",),
    "code_minutes": ("minutes",),
    "ama_units": ("minutes",),
    "most_timed_minutes": ("minutes", "visit_timed_minutes"),
    "fewest_timed_minutes": ("minutes", "visit_timed_minutes"),
    "minutes_of_both": ("start_time", "end_time"),
    "other_area": ("body_region", "area_minutes"),
    "other_encounter": ("encounter_id",),
}


def _tested_columns(sql: str) -> set[str]:
    """Columns of the export that a rule's SQL names, itself or by what staging made of them; without those never NULL."""
    words = set(re.findall(r"\w+", re.sub(r"--.*", "", sql)))
    sources = {source for word in words for source in _MADE_OF.get(word, (word,))}
    return sources & {column.name for column in COLUMNS if not column.required}


@pytest.mark.parametrize("rule_id", rule_cases.catalogue())
def test_every_rule_has_a_null_in_a_column_that_it_tests(rule_id: str) -> None:
    tested = _tested_columns(rule_cases.catalogue()[rule_id].sql)
    filled, blank = set(), set()
    for case in rule_cases.cases(rule_id):
        for row, expected in zip(case.rows, case.expected, strict=True):
            filled |= {name for name in tested if row.get(name)}
            # A rule about modifiers alone has only this to say of a line without: that it is not examined.
            if expected["expect"] != "-" or tested == {"modifier_1"}:
                # The heading stands in the case, so the cell is blank on purpose; modifiers have no heading of their own.
                blank |= {name for name in tested if row.get(name) == "" or (name == "modifier_1" and name not in row)}
    assert filled & blank, f"{rule_id}: no examined row is NULL in any of {', '.join(sorted(tested)) or 'no column'}"
