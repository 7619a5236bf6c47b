"""Statistics that SQL lacks, for the rules that find patterns; scipy does the arithmetic.

Registered as SQL functions; scipy is loaded when a rule first needs one, for it takes longer to load than most audits'
rules to run. Where it cannot be loaded such a rule is not evaluated, with that reason, and every other runs.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import duckdb
from duckdb.sqltypes import BIGINT, DOUBLE, DuckDBPyType

from audit.rules.catalogue import Rule

UNUSABLE = "the statistics library scipy cannot be loaded"


def register(con: duckdb.DuckDBPyConnection) -> None:
    """Make the functions below known to the session."""
    for name, (function, types) in _FUNCTIONS.items():
        con.create_function(name, function, [*types], DOUBLE)


@cache
def usable() -> bool:
    """Whether scipy loads here; tried once."""
    try:
        import scipy.stats
    except ImportError:
        return False
    return bool(scipy.stats)


def as_far_as_it_goes(rule: Rule) -> Rule:
    """The rule itself; one that needs a library that cannot be loaded counts what it would examine as not evaluated."""
    if not any(name in rule.sql for name in _FUNCTIONS) or usable():
        return rule
    unjudged = f"coalesce(CAST(reason AS VARCHAR), '{UNUSABLE}') AS reason"
    return replace(rule, sql=f"SELECT * REPLACE ({unjudged}) FROM ({rule.sql})")


def fisher_exact_greater(hits: int, misses: int, other_hits: int, other_misses: int) -> float:
    """One-sided p of Fisher's exact test: how likely a share of hits at least this high is if both groups are alike."""
    if not usable():
        return _NOTHING
    from scipy.stats import fisher_exact

    return float(fisher_exact([[hits, misses], [other_hits, other_misses]], alternative="greater").pvalue)


def binomial_at_least(hits: int, trials: int, probability: float) -> float:
    """Probability of at least so many hits in so many trials."""
    if not usable():
        return _NOTHING
    from scipy.stats import binom

    return float(binom.sf(hits - 1, trials, probability))


def wilson_lower_bound(hits: int, trials: int, confidence: float) -> float:
    """Lower end of the two-sided Wilson score interval of a rate, for example confidence 0.99."""
    if not usable():
        return _NOTHING
    from scipy.stats import binomtest

    return float(binomtest(hits, trials).proportion_ci(confidence_level=confidence, method="wilson").low)


def upper_bound_of_mean(mean: float, deviation: float, number: int, confidence: float) -> float:
    """Upper end of the one-sided interval of a mean by Student's t; `deviation` is the sample's, of so many values."""
    from scipy.stats import t

    return float(mean + t.ppf(confidence, number - 1) * deviation / number**0.5)


_NOTHING = 0.0  # what a function gives without scipy, to a rule whose verdicts then all say so
_FUNCTIONS: dict[str, tuple[Callable[..., float], list[DuckDBPyType]]] = {
    "fisher_exact_greater": (fisher_exact_greater, [BIGINT, BIGINT, BIGINT, BIGINT]),
    "binomial_at_least": (binomial_at_least, [BIGINT, BIGINT, DOUBLE]),
    "upper_bound_of_mean": (upper_bound_of_mean, [DOUBLE, DOUBLE, BIGINT, DOUBLE]),
    "wilson_lower_bound": (wilson_lower_bound, [BIGINT, BIGINT, DOUBLE]),
}
