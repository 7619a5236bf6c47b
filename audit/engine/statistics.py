"""Statistics that SQL lacks, for the rules that find patterns; scipy knows the distributions.

Registered as SQL functions; scipy is loaded when a rule first needs one, and of it the functions of distributions alone:
scipy.stats, which wraps them, takes longer to load than most audits' rules to run. Where scipy cannot be loaded such a rule
is not evaluated, with that reason, and every other runs.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from math import comb, sqrt

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
        import scipy.special
    except ImportError:
        return False
    return bool(scipy.special)


def as_far_as_it_goes(rule: Rule) -> Rule:
    """The rule itself; one that needs a library that cannot be loaded counts what it would examine as not evaluated."""
    if not any(name in rule.sql for name in _OF_SCIPY) or usable():
        return rule
    unjudged = f"coalesce(CAST(reason AS VARCHAR), '{UNUSABLE}') AS reason"
    return replace(rule, sql=f"SELECT * REPLACE ({unjudged}) FROM ({rule.sql})")


def fisher_exact_greater(hits: int, misses: int, other_hits: int, other_misses: int) -> float:
    """One-sided p of Fisher's exact test: how likely a share of hits at least this high is if both groups are alike.

    In whole numbers: of all ways to deal the hits out to the lines of both groups, the share that gives this one so many.
    """
    group, others, dealt = hits + misses, other_hits + other_misses, hits + other_hits
    if 0 in (group, others, dealt, misses + other_misses):
        return 1.0
    if hits * others < other_hits * group and hits and other_misses:  # the other tail is the shorter way
        return 1 - fisher_exact_greater(misses + 1, hits - 1, other_misses - 1, other_hits + 1)
    ways, at_least = comb(group, hits) * comb(others, other_hits), 0
    while ways > at_least >> _NEGLIGIBLE:
        at_least += ways
        ways = ways * misses * other_hits // ((hits + 1) * (other_misses + 1))
        hits, misses, other_hits, other_misses = hits + 1, misses - 1, other_hits - 1, other_misses + 1
    return at_least / comb(group + others, dealt)


def binomial_at_least(hits: int, trials: int, probability: float) -> float:
    """Probability of at least so many hits in so many trials."""
    if not usable():
        return _NOTHING
    from scipy.special import betainc

    return float(betainc(hits, trials - hits + 1, probability)) if hits > 0 else 1.0


def wilson_lower_bound(hits: int, trials: int, confidence: float) -> float:
    """Lower end of the two-sided Wilson score interval of a rate, for example confidence 0.99."""
    if not usable():
        return _NOTHING
    from scipy.special import ndtri

    if hits == 0:
        return 0.0
    z, rate = ndtri(0.5 + 0.5 * confidence), hits / trials
    width = 2 * (trials + z**2)
    return float((2 * trials * rate + z**2) / width - z / width * sqrt(4 * trials * rate * (1 - rate) + z**2))


def upper_bound_of_mean(mean: float, deviation: float, number: int, confidence: float) -> float:
    """Upper end of the one-sided interval of a mean by Student's t; `deviation` is the sample's, of so many values."""
    from scipy.special import stdtrit

    return float(mean + stdtrit(number - 1, confidence) * deviation / number**0.5)


_NEGLIGIBLE = 64  # bits: what is smaller than so small a part of the sum cannot move it, nor can all that follows
_NOTHING = 0.0  # what a function gives without scipy, to a rule whose verdicts then all say so
_FUNCTIONS: dict[str, tuple[Callable[..., float], list[DuckDBPyType]]] = {
    "fisher_exact_greater": (fisher_exact_greater, [BIGINT, BIGINT, BIGINT, BIGINT]),
    "binomial_at_least": (binomial_at_least, [BIGINT, BIGINT, DOUBLE]),
    "upper_bound_of_mean": (upper_bound_of_mean, [DOUBLE, DOUBLE, BIGINT, DOUBLE]),
    "wilson_lower_bound": (wilson_lower_bound, [BIGINT, BIGINT, DOUBLE]),
}
_OF_SCIPY = _FUNCTIONS.keys() - {"fisher_exact_greater"}
