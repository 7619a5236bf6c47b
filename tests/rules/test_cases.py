"""Every case of every rule: the verdict on each row, the dollars on each line."""

import re

import pytest

from audit.contract import COLUMNS
from tests import claim_rows, rule_cases


@pytest.mark.parametrize("case", rule_cases.cases(), ids=str)
def test_case(case: rule_cases.Case) -> None:
    rule = rule_cases.rule_of(case)
    queries = rule_cases.queries_of(rule)
    with claim_rows.staged_in_turn(case.rows, case.config, case.without_modifiers, queries) as session:
        assert rule_cases.failures(session, case, rule) == []


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
