"""The quick lane takes what changed, first what is short."""

from tests import quick


def test_a_changed_rule_brings_its_cases() -> None:
    files = ["queries/rules/time/TIM001_units_exceed_total_time.sql", "tests/rules/MOD003.toml", "README.md"]
    assert quick.rule_ids(files) == ["MOD003", "TIM001"]


def test_a_changed_module_brings_the_tests_of_its_rooms() -> None:
    targets = quick.targets(["audit/intake/proof/gate.py"])
    assert targets[0] == "tests/intake"


def test_long_tests_come_last_and_nothing_twice() -> None:
    targets = quick.targets(["tests/end_to_end/test_history.py", "tests/files/test_door.py", "audit/files/door.py"])
    assert targets[0] == "tests/files/test_door.py"
    assert targets[-1] == "tests/end_to_end/test_history.py"
    assert len(targets) == len(set(targets))


def test_staging_brings_its_tests_and_what_is_gone_brings_none() -> None:
    targets = quick.targets(["queries/staging/40_visit.sql", "tests/gone/test_gone.py"])
    assert "tests/staging" in targets
    assert "tests/gone/test_gone.py" not in targets
