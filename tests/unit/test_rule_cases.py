"""Every case of every rule: the verdict on each row, the dollars on each line."""

import pytest

from tests import claim_rows, rule_cases


@pytest.mark.parametrize("case", rule_cases.cases(), ids=str)
def test_case(case: rule_cases.Case) -> None:
    with claim_rows.staged_in_turn(case.rows, case.config) as session:
        assert rule_cases.failures(session, case, rule_cases.rule_of(case)) == []


def test_every_rule_has_a_flag_a_near_miss_and_every_parameter_moved() -> None:
    for rule_id, rule in rule_cases.catalogue().items():
        of_rule = rule_cases.cases(rule_id)
        verdicts = {row["expect"] for case in of_rule for row in case.expected}
        moved = {name for case in of_rule for name in case.params}
        assert {"flag", "ok"} <= verdicts, f"{rule_id} lacks a case that is flagged or one that is not"
        assert set(rule.front.params) <= moved, f"{rule_id}: parameters never moved: {set(rule.front.params) - moved}"
        assert all(case.because for case in of_rule)
