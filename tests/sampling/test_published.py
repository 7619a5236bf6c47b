"""The worked examples of the inspector general's manuals, held to their printed digits.

They are read from a shared reference folder beside the repository; where there is none these tests skip, and the figures
worked by hand in the other modules stand alone.
"""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from audit.sampling import amounts, attributes, generator, sizes
from audit.sampling.amounts import Total
from audit.sampling.confidence import rounded, t
from audit.sampling.sizes import Spread

SHARED = Path(__file__).parents[3] / "shared" / "reference" / "ratstats" / "vectors.json"
pytestmark = pytest.mark.skipif(not SHARED.is_file(), reason="the shared reference folder is not beside the repository")


@cache
def vectors() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(SHARED.read_text(encoding="utf-8"))
    return found


def as_printed(value: float, printed: float) -> float:
    """The value rounded half up to the places that are printed."""
    text = str(printed)
    return float(rounded(value, len(text.partition(".")[2]) if "." in text else 0))


def test_draws_number_by_number() -> None:
    examples = vectors()["single_stage_random_numbers"]
    assert len(examples) > 1
    for one in examples:
        drawn, spares = generator.single_stage(one["seed"], one["low"], one["high"], one["quantity"], one["spares"])
        if "selected_in_order" in one:
            assert list(drawn) == one["selected_in_order"]
            assert list(spares) == one["spares_in_order"]
            assert sum(drawn) + sum(spares) == one["sum"]
        else:
            assert sorted(drawn) == one["selected_sorted"]
            assert sorted(spares) == one["spares_sorted"]


def test_errors_of_one_sample() -> None:
    for one in vectors()["unrestricted_attribute"]:
        found = attributes.unrestricted(attributes.Counted(one["universe"], one["sample"], one["errors"]))
        assert float(found.rate) == one["rate"]
        assert found.projected == one["projected"]
        for level in (80, 90, 95):
            if f"ci{level}" in one:
                assert list(found.limits[level]) == one[f"ci{level}"]


def test_errors_by_strata() -> None:
    for one in vectors()["stratified_attribute"]:
        found = attributes.stratified([attributes.Counted(**stratum) for stratum in one["strata"]])
        assert float(found.rate) == one["combined_rate"]
        assert found.projected == one["projected"]
        assert as_printed(100 * found.se_rate, one["se_rate_pct"]) == one["se_rate_pct"]
        assert as_printed(found.se_total, one["se_total"]) == one["se_total"]
        for level, printed in one["limits"].items():
            assert list(found.limits[int(level)]) == printed
        for level, printed in one["precision_pct"].items():
            assert [as_printed(100 * half, 0.001) for half in found.precision[int(level)]] == printed


def test_amounts_and_their_difference() -> None:
    for one in vectors()["unrestricted_variable"]:
        examined, audited = ([Decimal(value) for value in one[name]] for name in ("examined", "audited"))
        for level, factor in one["t"].items():
            assert as_printed(t(int(level), len(examined) - 1), factor) == factor
        less = [before - after for before, after in zip(examined, audited, strict=True)]
        for name, values in (("examined", examined), ("audited", audited), ("difference", less)):
            _holds(amounts.total(one["universe"], values), one["expected"][name])


def _holds(found: Total, printed: Mapping[str, Any]) -> None:
    of = found.moments
    figures = {"mean": float(of.mean), "sd": of.deviation, "skewness": of.skewness, "kurtosis": of.kurtosis}
    figures |= {"se_mean": found.se_mean, "se_total": found.se_total, "point": float(found.point)}
    for name, value in figures.items():
        assert value is not None
        # A figure that ends in noughts is printed with them, and read without.
        assert float(rounded(value, 2 if isinstance(printed[name], float) else 0)) == printed[name], name
    for level in (80, 90, 95):
        interval = found.intervals[level]
        assert interval.percent is not None
        row: Sequence[float] = printed[str(level)]
        assert [int(rounded(value)) for value in (interval.lower, interval.upper, interval.precision)] == row[:3]
        assert float(rounded(interval.percent, 2)) == row[3]


def test_size_from_a_probe() -> None:
    for one in vectors()["sample_size_probe"]:
        of = amounts.moments([Decimal(value) for value in one["probe"]])
        assert rounded(of.mean) == one["mean"]
        assert rounded(of.deviation) == one["sd"]
        _table_holds(sizes.table(one["universe"], Spread(float(of.mean), of.deviation)), one["table"])


def test_size_from_an_error_rate() -> None:
    for one in vectors()["sample_size_error_rate"]:
        mean = one["total_reported"] / one["universe"]
        expected = sizes.of_error_rate(one["error_rate"], Spread(mean, one["sd_reported"]))
        assert expected.mean == one["mean_difference"]
        assert as_printed(expected.deviation, one["sd_difference"]) == one["sd_difference"]
        _table_holds(sizes.table(one["universe"], expected), one["table"])


def _table_holds(found: Mapping[int, Mapping[int, int]], printed: Mapping[str, Mapping[str, int]]) -> None:
    for precision, row in printed.items():
        for confidence, size in row.items():
            assert found[int(precision)][int(confidence)] == size, (precision, confidence)
