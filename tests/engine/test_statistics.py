"""Where scipy cannot be loaded, the rules that need it say so, subject by subject, and all others run."""

import builtins
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from scipy.stats import binom, binomtest, fisher_exact, t

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


# Groups of every size, shares of every kind: none, all, half, few.
_TABLES = [
    table
    for sizes in ((1, 1), (3, 40), (12, 12), (60, 7), (400, 900), (9_000, 20_000))
    for part, of_others in product((0, 0.02, 0.5, 0.53, 1), repeat=2)
    for hits, other_hits in [(int(sizes[0] * part), int(sizes[1] * of_others))]
    for table in [(hits, sizes[0] - hits, other_hits, sizes[1] - other_hits)]
]


@pytest.mark.parametrize("table", _TABLES, ids=str)
def test_fisher_is_that_of_scipy(table: tuple[int, int, int, int]) -> None:
    hits, misses, other_hits, other_misses = table
    theirs = fisher_exact([[hits, misses], [other_hits, other_misses]], alternative="greater").pvalue
    assert statistics.fisher_exact_greater(*table) == pytest.approx(theirs, rel=1e-10, abs=0)


def test_fisher_of_few_is_counted_out() -> None:
    # Of the 10 ways to deal 3 hits to 5 lines, 3 give both lines of the group one.
    assert statistics.fisher_exact_greater(2, 0, 1, 2) == 0.3


@pytest.mark.parametrize(("hits", "trials"), [(0, 5), (1, 1), (4, 22), (20, 60), (700, 4_321), (9_999, 10_000)])
def test_rates_and_tails_are_those_of_scipy_to_the_last_digit(hits: int, trials: int) -> None:
    for share in (1 / 7, 0.5, 0.99):
        assert statistics.binomial_at_least(hits, trials, share) == binom.sf(hits - 1, trials, share)
        lower = binomtest(hits, trials).proportion_ci(confidence_level=share, method="wilson").low
        assert statistics.wilson_lower_bound(hits, trials, share) == lower
        if trials > 1:
            assert (
                statistics.upper_bound_of_mean(15.1, 2.07, trials, share) == 15.1 + t.ppf(share, trials - 1) * 2.07 / trials**0.5
            )
