"""What the standard library lacks: an upper confidence bound of a mean by Student's t, and Fisher's exact test."""

import math
from statistics import fmean, stdev


def _t_density(x: float, freedom: int) -> float:
    log_scale = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - 0.5 * math.log(freedom * math.pi)
    return math.exp(log_scale - (freedom + 1) / 2 * math.log1p(x * x / freedom))


def t_below(x: float, freedom: int, steps: int = 2000) -> float:
    """The chance that Student's t stays below x > 0, by Simpson's rule."""
    width = x / steps
    inner = sum((4 if n % 2 else 2) * _t_density(n * width, freedom) for n in range(1, steps))
    return 0.5 + width / 3 * (_t_density(0, freedom) + inner + _t_density(x, freedom))


def t_quantile(share: float, freedom: int) -> float:
    """The x below which t stays with this chance, above one half."""
    low, high = 0.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if t_below(middle, freedom) < share else (low, middle)
    return high


def upper_bound_of_mean(values: list[float], share: float) -> float:
    """One-sided upper bound of the mean."""
    return fmean(values) + t_quantile(share, len(values) - 1) * stdev(values) / math.sqrt(len(values))


def fisher_greater(hits: int, of: int, other_hits: int, other_of: int) -> float:
    """The chance of a first share at least this large where both shares are alike (one-sided)."""
    everything, all_hits = of + other_of, hits + other_hits
    ways = sum(math.comb(all_hits, k) * math.comb(everything - all_hits, of - k) for k in range(hits, min(of, all_hits) + 1))
    return ways / math.comb(everything, of)
