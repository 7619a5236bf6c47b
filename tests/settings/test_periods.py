"""Months and quarters, named or counted back; sources that follow them."""

from datetime import date

import pytest

from audit.errors import ConfigError
from audit.settings.periods import Period, filled, period


@pytest.mark.parametrize(
    ("text", "today", "label", "first", "last"),
    [
        ("2025-11", date(2030, 1, 1), "2025-11", "2025-11-01", "2025-11-30"),
        ("2024-02", date(2030, 1, 1), "2024-02", "2024-02-01", "2024-02-29"),
        ("2025-Q4", date(2030, 1, 1), "2025-Q4", "2025-10-01", "2025-12-31"),
        ("2025-q1", date(2030, 1, 1), "2025-Q1", "2025-01-01", "2025-03-31"),
        ("last-month", date(2025, 12, 1), "2025-11", "2025-11-01", "2025-11-30"),
        ("last-month", date(2025, 11, 30), "2025-10", "2025-10-01", "2025-10-31"),
        ("last-month", date(2026, 1, 31), "2025-12", "2025-12-01", "2025-12-31"),
        ("last-month", date(2024, 3, 31), "2024-02", "2024-02-01", "2024-02-29"),
        ("last-quarter", date(2026, 1, 1), "2025-Q4", "2025-10-01", "2025-12-31"),
        ("last-quarter", date(2025, 12, 31), "2025-Q3", "2025-07-01", "2025-09-30"),
        ("last-quarter", date(2025, 4, 1), "2025-Q1", "2025-01-01", "2025-03-31"),
        ("last-quarter", date(2025, 3, 31), "2024-Q4", "2024-10-01", "2024-12-31"),
    ],
)
def test_a_period_is_a_month_or_a_quarter(text: str, today: date, label: str, first: str, last: str) -> None:
    assert period(text, today) == Period(label, date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text", ["2025-13", "2025-00", "0000-01", "2025-Q5", "2025-Q0", "2025", "lastmonth", "2025-11 ", "", "٢٠٢٥-11"]
)
def test_what_is_no_period_is_refused_with_what_one_is(text: str) -> None:
    with pytest.raises(ConfigError, match="is neither a month nor a quarter") as told:
        period(text, date(2025, 12, 1))
    assert "last-month" in told.value.hint


def test_sources_follow_the_period() -> None:
    month, quarter = period("2025-11"), period("2025-Q4")
    assert filled(["exports/{period}/*.csv", "rest.csv"], month) == ("exports/2025-11/*.csv", "rest.csv")
    assert filled(["{year}/{month}.csv"], quarter) == ("2025/10.csv", "2025/11.csv", "2025/12.csv")
    assert filled(["all/*.csv", "a{1}.csv"], None) == ("all/*.csv", "a{1}.csv")
    with pytest.raises(ConfigError, match=r"The source exports/\{period\}.csv wants a period"):
        filled(["exports/{period}.csv"], None)
