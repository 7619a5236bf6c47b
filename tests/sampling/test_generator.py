"""The stream of a seed, draws, spares, and seeds of strata."""

from fractions import Fraction
from itertools import count, islice

import pytest
from hypothesis import given, strategies as st

from audit.errors import ConfigError
from audit.sampling import generator

SEEDS = st.one_of(
    st.integers(0, 10**9),
    st.integers(0, 8_639_999).map(lambda hundredths: hundredths / 100),
    st.floats(allow_nan=False, allow_infinity=False),
)


def test_visual_basics_own_generator() -> None:
    # What Rnd gives first in a fresh program, and what Rnd(-1) gives, are known to everybody who has used it.
    assert round(generator._stepped(0x50000) / 2**24, 7) == 0.7055475
    assert round(generator._stepped(0x8000BF) / 2**24, 6) == 0.224007


@pytest.mark.parametrize(
    ("seed", "stream"),
    [(0.0, 0), (1.0, 0x3FF0), (-1.0, 0xBFF0), (2.0, 0x4000), (1.5, 0x3FF8), (12345.0, 0x40C8 ^ 0x1C80), (3.0, 0x4008)],
)
def test_the_sixteen_bits_of_a_seed(seed: float, stream: int) -> None:
    assert generator.stream_of(seed) == stream


def test_dates_as_whole_numbers_fall_together_and_seconds_do_not() -> None:
    assert generator.single_stage(20240701, 1, 5000, 20) == generator.single_stage(20240702, 1, 5000, 20)
    assert generator.single_stage(48863.78, 1, 5000, 20) != generator.single_stage(48863.79, 1, 5000, 20)


def test_the_manuals_first_draw() -> None:
    drawn, spares = generator.single_stage(12345, 1, 1000, 10, 4)
    assert sorted(drawn) == [9, 236, 337, 340, 346, 497, 556, 641, 658, 884]
    assert sorted(spares) == [404, 624, 927, 947]


@given(SEEDS)
def test_fractions_are_those_of_the_published_algorithm(seed: float) -> None:
    x, y, z = generator.start_values(seed)
    assert 1 <= x <= 30269
    assert 1 <= y <= 30307
    assert 1 <= z <= 30323
    for power, found in zip(count(1), islice(generator.fractions(seed), 50), strict=False):
        exact = Fraction(x * 171**power % 30269, 30269) + Fraction(y * 172**power % 30307, 30307)
        exact = (exact + Fraction(z * 170**power % 30323, 30323)) % 1
        assert abs(found - float(exact)) < 1e-12


@given(SEEDS, st.integers(1, 300), st.integers(-50, 50), st.data())
def test_a_draw_holds_each_number_once_and_spares_go_on(seed: float, width: int, low: int, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, width))
    spares = data.draw(st.integers(0, width - size))
    drawn, spare = generator.single_stage(seed, low, low + width - 1, size, spares)
    assert (len(drawn), len(spare)) == (size, spares)
    assert len({*drawn, *spare}) == size + spares
    assert {*drawn, *spare} <= set(range(low, low + width))
    assert generator.single_stage(seed, low, low + width - 1, size + spares)[0] == (*drawn, *spare)


def test_a_number_drawn_before_is_drawn_again() -> None:
    def every(seed: float, width: int) -> list[int]:
        return [int(one * width) + 1 for one in islice(generator.fractions(seed), 40)]

    plain = every(7, 5)
    assert len(set(plain[:5])) < 5, "the case needs a repeated number"
    assert list(generator.single_stage(7, 1, 5, 5)[0]) == list(dict.fromkeys(plain))


@pytest.mark.parametrize(("size", "spares"), [(11, 0), (10, 1), (1, 10), (0, 0), (5, -1)])
def test_more_than_there_are_is_refused(size: int, spares: int) -> None:
    with pytest.raises(ConfigError):
        generator.single_stage(1, 1, 10, size, spares)


def test_all_that_there_are_is_drawn() -> None:
    assert sorted(generator.single_stage(1, 1, 10, 10)[0]) == list(range(1, 11))
    assert sorted(sum(generator.single_stage(1, 1, 10, 7, 3), ())) == list(range(1, 11))


@given(SEEDS, st.integers(0, 60))
def test_no_two_strata_share_a_stream(seed: float, strata: int) -> None:
    seeds = generator.strata_seeds(seed, strata)
    assert len({generator.stream_of(one) for one in (seed, *seeds)}) == strata + 1
    assert generator.strata_seeds(seed, strata + 1)[:strata] == seeds


def test_seeds_of_strata_are_what_ratstats_draws_with_the_seed() -> None:
    drawn, _ = generator.single_stage(12345, 1, 86_399, 3)
    assert generator.strata_seeds(12345, 3) == drawn


def test_a_thousand_strata_have_seeds_and_more_are_refused() -> None:
    assert len(set(generator.strata_seeds(1, 1000))) == 1000
    with pytest.raises(ConfigError, match="coarser"):
        generator.strata_seeds(1, 1001)


def test_a_draw_from_ten_million_takes_no_longer_than_one_from_a_thousand() -> None:
    drawn, spares = generator.single_stage(48863.78, 1, 10_000_000, 2000, 200)
    assert len({*drawn, *spares}) == 2200
    assert max(drawn) > 9_000_000
