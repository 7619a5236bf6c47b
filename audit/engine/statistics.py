"""Statistics that SQL lacks, for the rules that find patterns; scipy does the arithmetic.

Registered as SQL functions; scipy is loaded when one is first called, for it takes longer to load than most audits' rules
to run.
"""

import duckdb
from duckdb.sqltypes import BIGINT, DOUBLE


def register(con: duckdb.DuckDBPyConnection) -> None:
    """Make fisher_exact_greater, binomial_at_least, upper_bound_of_mean and wilson_lower_bound known to the session."""
    con.create_function("fisher_exact_greater", fisher_exact_greater, [BIGINT, BIGINT, BIGINT, BIGINT], DOUBLE)
    con.create_function("binomial_at_least", binomial_at_least, [BIGINT, BIGINT, DOUBLE], DOUBLE)
    con.create_function("upper_bound_of_mean", upper_bound_of_mean, [DOUBLE, DOUBLE, BIGINT, DOUBLE], DOUBLE)
    con.create_function("wilson_lower_bound", wilson_lower_bound, [BIGINT, BIGINT, DOUBLE], DOUBLE)


def fisher_exact_greater(hits: int, misses: int, other_hits: int, other_misses: int) -> float:
    """One-sided p of Fisher's exact test: how likely a share of hits at least this high is if both groups are alike."""
    from scipy.stats import fisher_exact

    return float(fisher_exact([[hits, misses], [other_hits, other_misses]], alternative="greater").pvalue)


def binomial_at_least(hits: int, trials: int, probability: float) -> float:
    """Probability of at least so many hits in so many trials."""
    from scipy.stats import binom

    return float(binom.sf(hits - 1, trials, probability))


def wilson_lower_bound(hits: int, trials: int, confidence: float) -> float:
    """Lower end of the two-sided Wilson score interval of a rate, for example confidence 0.99."""
    from scipy.stats import binomtest

    return float(binomtest(hits, trials).proportion_ci(confidence_level=confidence, method="wilson").low)


def upper_bound_of_mean(mean: float, deviation: float, number: int, confidence: float) -> float:
    """Upper end of the one-sided interval of a mean by Student's t; `deviation` is the sample's, of so many values."""
    from scipy.stats import t

    return float(mean + t.ppf(confidence, number - 1) * deviation / number**0.5)
