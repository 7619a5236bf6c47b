"""Exact limits against brute force; estimates and sizes against figures worked by hand."""

from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import comb, sqrt

import pytest
from hypothesis import given, strategies as st

from audit.sampling import amounts, attributes, exact_limits, sizes
from audit.sampling.attributes import Counted
from audit.sampling.confidence import rounded, t, tail, z
from audit.sampling.sizes import Part, Spread

TAILS = (Fraction(1, 10), Fraction(1, 20), Fraction(1, 40))


@cache
def chances(universe: int, k: int, sample: int) -> tuple[Fraction, ...]:
    """Of 0, 1, ... errors in a sample, k being in the universe."""
    whole = comb(universe, sample)
    return tuple(Fraction(comb(k, i) * comb(universe - k, sample - i), whole) for i in range(sample + 1))


def by_brute_force(universe: int, sample: int, errors: int, beyond: Fraction) -> tuple[int, int]:
    inside = []
    for k in range(universe + 1):
        chance = chances(universe, k, sample)
        if sum(chance[errors:]) > beyond and sum(chance[: errors + 1]) > beyond:
            inside.append(k)
    return inside[0], inside[-1]


@pytest.mark.parametrize("universe", range(1, 23))
def test_exact_limits_of_every_sample_of_every_small_population(universe: int) -> None:
    for sample in range(1, universe + 1):
        for errors in range(sample + 1):
            for beyond in TAILS:
                found = exact_limits.limits(universe, sample, errors, beyond)
                assert found == by_brute_force(universe, sample, errors, beyond), (sample, errors, beyond)


def test_the_chances_are_those_of_samples_counted_one_by_one() -> None:
    in_error = {0, 1, 2}
    found = [0] * 5
    for sample in combinations(range(9), 4):
        found[len(in_error & set(sample))] += 1
    assert [Fraction(n, comb(9, 4)) for n in found] == list(chances(9, 3, 4))


def test_a_chance_that_equals_the_tail_lies_outside() -> None:
    # One of twenty, drawn: P(X >= 1 | k = 1) is 1/20 exactly.
    assert exact_limits.limits(20, 1, 1, Fraction(1, 20)) == (2, 20)
    assert exact_limits.limits(20, 1, 1, Fraction(1, 20) - Fraction(1, 10**30)) == (1, 20)
    assert exact_limits.limits(20, 1, 0, Fraction(1, 20)) == (0, 18)


def test_limits_of_the_manuals_example_and_of_a_universe_of_millions() -> None:
    assert exact_limits.limits(10_000, 400, 82, Fraction(1, 20)) == (1729, 2403)
    assert exact_limits.limits(10_000, 400, 82, Fraction(1, 40)) == (1673, 2470)
    lower, upper = exact_limits.limits(10_000_000, 300, 0, Fraction(1, 20))
    # Three in the number reviewed, as everybody knows it.
    assert lower == 0
    assert upper == pytest.approx(3 / 300 * 10_000_000, rel=0.01)


@given(st.integers(1, 400), st.data())
def test_limits_are_the_same_counted_from_the_other_side(universe: int, data: st.DataObject) -> None:
    sample = data.draw(st.integers(1, universe))
    errors = data.draw(st.integers(0, sample))
    lower, upper = exact_limits.limits(universe, sample, errors, TAILS[1])
    mirrored = exact_limits.limits(universe, sample, sample - errors, TAILS[1])
    assert (lower, upper) == (universe - mirrored[1], universe - mirrored[0])
    assert errors <= lower <= upper <= universe - sample + errors


def test_factors() -> None:
    assert tail(90) == Fraction(1, 20)
    assert round(z(80), 6) == 1.281552
    assert round(z(90), 6) == 1.644854
    assert round(z(95), 6) == 1.959964
    assert round(z(99), 6) == 2.575829
    assert round(t(90, 3), 6) == 2.353363
    assert round(t(95, 1), 6) == 12.706205


@pytest.mark.parametrize(
    ("value", "places", "printed"),
    [
        (Fraction(5, 2), 0, "3"),
        (Fraction(-5, 2), 0, "-3"),
        (Fraction(1, 3), 2, "0.33"),
        (Fraction(2, 3), 2, "0.67"),
        (Fraction(149, 100), 0, "1"),
        (0.125, 2, "0.13"),
        (2.675, 2, "2.68"),
        (Decimal("1.005"), 2, "1.01"),
        (70, 2, "70.00"),
        (Fraction(7), 2, "7.00"),
    ],
)
def test_halves_are_rounded_up(value: Fraction | float | Decimal, places: int, printed: str) -> None:
    assert str(rounded(value, places)) == printed


def decimals(*values: str | int) -> list[Decimal]:
    return [Decimal(value) for value in values]


def test_moments_and_total_by_hand() -> None:
    found = amounts.total(10, decimals(1, 2, 3, 4))
    assert found.moments.mean == Fraction(5, 2)
    assert found.moments.deviation == pytest.approx(sqrt(5 / 3))
    assert found.moments.skewness == 0
    assert found.moments.kurtosis == pytest.approx(1.64)
    # 5/3 / 4 x 6/10 = 1/4.
    assert found.se_mean == pytest.approx(0.5)
    assert found.se_total == pytest.approx(5)
    assert found.point == 25
    assert found.intervals[90].lower == pytest.approx(25 - 5 * 2.353363, abs=1e-5)
    assert found.intervals[90].upper == pytest.approx(25 + 5 * 2.353363, abs=1e-5)
    assert found.intervals[90].percent == pytest.approx(100 * 2.353363 / 5, abs=1e-4)


def test_skewness_by_hand() -> None:
    # Mean 1, apart -1, -1, -1, 3: m2 = 3, m3 = 6, m4 = 21.
    found = amounts.moments(decimals(0, 0, 0, 4))
    assert found.deviation == pytest.approx(2)
    assert found.skewness == pytest.approx(6 / 3**1.5)
    assert found.kurtosis == pytest.approx(21 / 9)


def test_a_universe_that_was_reviewed_whole_is_known() -> None:
    found = amounts.total(3, decimals("1.10", "2.20", "0"))
    assert found.point == Fraction(33, 10)
    assert {found.intervals[80].lower, found.intervals[95].upper} == {3.3}
    assert amounts.total(1, decimals("9.99")).intervals[90].lower == 9.99


def test_amounts_all_alike_have_no_skewness_and_no_width() -> None:
    found = amounts.total(100, decimals(0, 0, 0))
    assert found.moments.skewness is None
    assert found.moments.kurtosis is None
    assert found.intervals[90].percent is None
    assert found.intervals[90].lower == 0


def test_the_percentage_of_a_total_below_zero_is_above_zero() -> None:
    assert amounts.total(10, decimals(-1, -2, -3, -4)).intervals[90].percent == pytest.approx(100 * 2.353363 / 5, abs=1e-4)


def test_strata_by_hand() -> None:
    found = amounts.stratified([(10, decimals(1, 2, 3, 4)), (2, decimals(100, 300)), (10, decimals(1, 2, 3, 4))])
    assert found.point == 25 + 400 + 25
    # The second is known; of the others each has a standard error of 5.
    assert found.se_total == pytest.approx(sqrt(50))
    assert found.intervals[90].lower == pytest.approx(450 - 1.644854 * sqrt(50), abs=1e-4)
    assert found.strata[0].intervals[90].lower == pytest.approx(25 - 5 * 2.353363, abs=1e-4)


def test_errors_of_one_sample_by_hand() -> None:
    found = attributes.unrestricted(Counted(universe=10, sample=4, errors=1))
    assert found.projected == Fraction(5, 2)
    # 1/4 x 3/4 / 3 x 6/10 = 3/80.
    assert found.se_rate == pytest.approx(sqrt(3 / 80))
    assert found.limits[90] == by_brute_force(10, 4, 1, TAILS[1])
    assert attributes.unrestricted(Counted(3, 1, 1)).se_rate == 0


def test_errors_by_strata_by_hand() -> None:
    found = attributes.stratified([Counted(10, 4, 1), Counted(10, 4, 3), Counted(5, 5, 2), Counted(1, 1, 1)])
    assert found.projected == Fraction(5, 2) + Fraction(15, 2) + 2 + 1
    assert found.rate == Fraction(13, 26)
    assert found.se_total == pytest.approx(sqrt(2 * 100 * 3 / 80))
    half = 1.644854 * sqrt(7.5)
    assert found.limits[90] == (round(13 - half), round(13 + half))
    assert found.precision[90][0] == pytest.approx(1.644854 * sqrt(3 / 80), abs=1e-6)
    assert found.precision[90][2] == 0
    assert found.precision[90][-1] == pytest.approx(half / 26, abs=1e-6)


def test_sizes_by_hand() -> None:
    # N sd = 50,000; E / z = 0.1 x 100,000 / 1.644854 = 6,079.57; 2.5e9 / (3.69611e7 + 2.5e6) = 63.35.
    assert sizes.size(1000, Spread(100, 50), 10, 90) == 63
    assert sizes.table(1000, Spread(100, 50))[10][90] == 63
    assert sizes.size(1000, Spread(100, 0), 10, 90) == 0
    assert sizes.size(1000, Spread(0, 50), 10, 90) == 1000


def test_what_an_error_rate_leads_to_expect() -> None:
    found = sizes.of_error_rate(0.5, Spread(100, 50))
    assert found.mean == 50
    assert found.deviation == pytest.approx(sqrt(0.5 * (2500 + 0.5 * 10_000)))
    assert sizes.of_error_rate(1, Spread(100, 50)) == Spread(100, 50)


def test_one_stratum_needs_what_the_whole_needs() -> None:
    assert sizes.stratified([Part(1000, 100, 50)], 10, 90) == (64,), "63.35, rounded up"


def test_sizes_of_strata_by_hand() -> None:
    # Sum N s = 100,000; E / z = 0.1 x 300,000 / 1.644854 = 18,238.7; within 500,000 + 5,000,000: 1e10 / 3.38150e8 = 29.57.
    parts = [Part(1000, 100, 10), Part(900, 2000 / 9, 100)]
    assert sizes.stratified(parts, 10, 90) == (3, 27)


def test_strata_share_by_units_times_deviation_each_rounded_up() -> None:
    parts = [Part(100, 0, 1), Part(100, 0, 2), Part(100, 0, 3)]
    assert sizes.shared_out(60, parts) == (10, 20, 30)
    assert sizes.shared_out(61, parts) == (11, 21, 31)
    assert sizes.shared_out(10, [Part(10, 0, 0), Part(30, 0, 0)]) == (3, 8)


def test_what_a_stratum_has_not_is_shared_out_again() -> None:
    parts = [Part(10, 0, 100), Part(100, 0, 1), Part(100, 0, 1)]
    assert sizes.shared_out(60, parts) == (10, 25, 25)
    assert sizes.shared_out(1000, parts) == (10, 100, 100)
    # What is left after the first is full fills the second too.
    assert sizes.shared_out(60, [Part(10, 0, 100), Part(20, 0, 10), Part(100, 0, 1)]) == (10, 20, 30)


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(0, 50)), min_size=1, max_size=8), st.integers(0, 3000))
def test_shares_add_up_to_what_was_asked_or_to_all(parts: list[tuple[int, int]], number: int) -> None:
    found = sizes.shared_out(number, [Part(universe, 0, deviation) for universe, deviation in parts])
    assert all(0 <= size <= universe for size, (universe, _) in zip(found, parts, strict=True))
    assert min(number, sum(universe for universe, _ in parts)) <= sum(found) <= number + len(parts)
