"""Numbers and hostile text as the report prints them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from audit.report import text


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (0, 100, "0 %"),
        (1, 100, "1.0 %"),
        (1, 10_000, "< 0.1 %"),
        (1, 2_000, "0.1 %"),
        (9_999, 10_000, "> 99.9 %"),
        (999, 1_000, "99.9 %"),
        (100, 100, "100 %"),
        (0, 0, text.DASH),
        (5, 0, text.DASH),
    ],
)
def test_a_rate_is_never_rounded_to_nothing_or_to_all(part: int, whole: int, shown: str) -> None:
    assert text.rate(part, whole) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("1234.5"), "$1,234.50"),
        (Decimal(-3), "\u2212$3.00"),
        (None, text.DASH),
        (Decimal(0), "$0.00"),
        (Decimal("0.005"), "$0.01"),
    ],
)
def test_money(value: Decimal | None, shown: str) -> None:
    assert text.money(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal("3.00"), "3"), (Decimal("2.50"), "2.5"), (120, "120"), (None, text.DASH), (Decimal("1200.00"), "1,200")],
)
def test_number(value: Decimal | int | None, shown: str) -> None:
    assert text.number(value) == shown


def test_hidden_characters_become_visible() -> None:
    assert text.clean("a\u202eb\x00c") == "a[U+202E]b[U+0000]c"


def test_a_lone_surrogate_does_not_survive() -> None:
    text.clean("x\ud800y").encode("utf-8")


def test_long_text_is_cut_and_says_so() -> None:
    shown = text.clean("x" * 100_000)
    assert len(shown) < 450
    assert shown.endswith("… (100,000 characters)")


@pytest.mark.parametrize(
    ("size", "shown"), [(60, "x" * 60), (61, f"{'x' * 60}… (61 characters)"), (100_000, f"{'x' * 60}… (100,000 characters)")]
)
def test_what_is_shortened_twice_tells_its_first_size(size: int, shown: str) -> None:
    assert text.brief(text.clean("x" * size), 60) == shown


def test_line_breaks_and_tabs_become_spaces_and_emoji_stay() -> None:
    assert text.clean(" one\r\n two\t💆 ") == "one two 💆"


def test_day_and_moment() -> None:
    assert text.day(date(2025, 11, 3)) == "2025-11-03"
    assert text.day(None) == text.DASH
    assert text.moment(datetime(2026, 1, 5, 6, tzinfo=UTC)) == "2026-01-05 06:00 UTC"


def test_words_for_names_that_nobody_listed() -> None:
    assert text.words("physical_therapist") == "physical therapist"
    assert text.words("workers_comp") == "workers' compensation"
    assert text.words(None) == ""


def test_the_first_sentence_of_a_text() -> None:
    assert text.first_sentence("Read the note (ch. 5, sec. 20). If not, refund.") == "Read the note (ch. 5, sec. 20)"
    assert text.first_sentence("Refund it.") == "Refund it"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(999, "999 B"), (1_000, "1 kB"), (1_500, "2 kB"), (999_499, "999 kB"), (1_000_000, "1.0 MB"), (1_834_022, "1.8 MB")],
)
def test_size(value: int, shown: str) -> None:
    assert text.size(value) == shown


def test_a_text_as_long_as_it_may_be_is_whole() -> None:
    assert text.clean("x" * 60, 60) == "x" * 60
    assert text.clean("x" * 61, 60) == f"{'x' * 60}… (61 characters)"
