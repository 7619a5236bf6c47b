"""Where scipy cannot be loaded, the rules that need it say so, subject by subject, and all others run."""

import builtins
from collections.abc import Iterator
from typing import Any

import pytest

from audit import rules
from audit.engine import statistics
from tests import claim_rows

ROWS = [
    {
        "claim_id": f"C{provider}-{n}",
        "patient_id": f"P{provider}-{n}",
        "rendering_npi": npi,
        "service_date": f"2025-11-{1 + n % 28:02}",
        "procedure_code": "97110",
        "minutes": "23",
        "units": "2",
    }
    for provider, npi in enumerate(("1234567893", "1000000004"))
    for n in range(60)
]


@pytest.fixture
def _without_scipy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    load = builtins.__import__

    def refuse(name: str, *rest: Any, **named: Any) -> Any:
        if name.startswith("scipy"):
            raise ImportError(name)
        return load(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    statistics.usable.cache_clear()
    yield
    statistics.usable.cache_clear()


def outcome_of(rule_id: str) -> Any:
    with claim_rows.staged(ROWS) as session:
        return session.evaluate(rules.find(rules.load(), rule_id))


def test_with_scipy_a_pattern_is_found() -> None:
    outcome = outcome_of("TIM012")
    assert (outcome.status, outcome.evaluated) == ("done", 2)
    assert outcome.flagged


@pytest.mark.usefixtures("_without_scipy")
def test_without_scipy_a_pattern_is_not_evaluated() -> None:
    outcome = outcome_of("TIM012")
    assert (outcome.status, outcome.population, outcome.evaluated, outcome.flagged) == ("done", 2, 0, 0)
    assert [(reason.reason, reason.count) for reason in outcome.not_evaluated] == [(statistics.UNUSABLE, 2)]


@pytest.mark.usefixtures("_without_scipy")
def test_without_scipy_other_rules_run() -> None:
    assert outcome_of("TIM001").evaluated == 120
