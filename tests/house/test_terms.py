"""Closed lists of words: whole wherever something is decided by them."""

import csv
from typing import get_args

import pytest

from audit import assets, rules
from audit.report.sections import actions, checks
from audit.terms import DIRECTIONS, FEDERAL, NOUNS, SEVERITIES, Confidence, Examined, Family, PayerClass, Reach, rank, reach


def test_every_word_has_its_meaning() -> None:
    assert set(actions._ASK) == set(get_args(Family))
    assert set(checks._MEANS) == set(DIRECTIONS)
    assert set(checks._CONFIDENCE) == set(get_args(Confidence))
    assert set(NOUNS) == set(get_args(Examined))
    assert set(checks._NOTHING_FLAGGED) | {Reach.FAILED} == set(Reach)


def test_the_classes_of_payers_are_those_of_the_reference_table() -> None:
    with (assets.reference_data() / "payer_class.csv").open(encoding="utf-8") as file:
        assert {row["payer_class"] for row in csv.DictReader(file)} == set(get_args(PayerClass))
    assert set(get_args(PayerClass)) > FEDERAL


def test_severities_fall_from_high_to_info() -> None:
    assert sorted(SEVERITIES, key=rank) == ["high", "medium", "low", "info"]
    assert rank("high") == 0


@pytest.mark.parametrize(
    ("status", "population", "evaluated", "far"),
    [
        ("error", 0, 0, Reach.FAILED),
        ("error", 9, 9, Reach.FAILED),
        ("done", 0, 0, Reach.NOTHING),
        ("done", 9, 0, Reach.NONE),
        ("done", 9, 8, Reach.PART),
        ("done", 9, 9, Reach.ALL),
    ],
)
def test_how_far_a_rule_reaches(status: str, population: int, evaluated: int, far: Reach) -> None:
    assert reach(status, population, evaluated) is far  # type: ignore[arg-type]


def test_a_rule_that_counts_days_says_so() -> None:
    days = {"days": "provider day", "patient-days": "patient day"}
    for rule in rules.load():
        assert rule.front.examines == days.get(rule.front.denominator.split(" ")[0]), rule.id
