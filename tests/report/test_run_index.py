"""The page over all runs: what each cell of a run says, and the line through the dollars of a folder."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from audit.report.outputs.run_index import Group, Row, _points, group
from audit.runs.timeline.digest import Digest

# No two alike, so that one figure in the place of another is seen.
FIGURES: dict[str, Any] = {
    "label": "2025-11", "run_id": "0123456789abcdef", "created_at": datetime(2025, 12, 1, 6, 5, tzinfo=UTC),
    "first_service_date": date(2025, 11, 3), "last_service_date": date(2025, 11, 28), "findings": 1401,
    "standing": {"new": 1102, "again": 203, "repeat": 96, "suppressed": 17, "dismissed": 18}, "over_once": Decimal("607.10"),
    "federal_once": Decimal("508.20"), "under_gross": Decimal("109.30"), "not_judged": 2204, "failed_rules": 5,
    "rejected_rows": 6, "warnings": 7, "final": False, "replaced": None, "old_editions": ("ptp_edit",),
}  # fmt: skip
CELLS = (
    "2025-11", "2025-11-03 to 2025-11-28", "2025-12-01 06:05 UTC", "1,401", "1,102", "203", "96", "$607.10", "$508.20", "$109.30",
    "2,204", "7",
)  # fmt: skip


def figures(**other: Any) -> Digest:
    return Digest(**{**FIGURES, **other})


def test_a_run_says_each_of_its_figures() -> None:
    found = group("east", [Row(figures(), "east/2025-11/report.html")], [], [])
    assert found == Group("east", (("east/2025-11/report.html", CELLS, ()),), "", ())


def test_the_last_run_stands_first_and_its_figures_that_are_none_are_nought() -> None:
    bare = figures(label="2025-12", standing={}, final=True)
    (last, first) = group("east", [Row(figures(), "a"), Row(bare, "b")], [], []).rows
    assert (last[0], first[0]) == ("b", "a")
    assert last[1][0] == "2025-12, final"
    assert last[1][4:7] == ("0", "0", "0")
    assert first[1] == CELLS


def test_what_a_run_took_the_place_of_is_linked_with_its_day() -> None:
    kept = (("k/report.html", "2025-11.superseded-1", date(2025, 12, 2)), ("l/report.html", "older\x07", date(2025, 12, 1)))
    ((_, _, links),) = group("east", [Row(figures(), "a", kept)], [], []).rows
    assert links == (
        ("k/report.html", "2025-11.superseded-1 of 2025-12-02"),
        ("l/report.html", "older[U+0007] of 2025-12-01"),
    )


def test_what_failed_is_said_before_what_cannot_be_read_and_all_of_it_is_inert() -> None:
    failed = [("2025-12-01T06:05:00Z", "2025-11", 2, "no file\x07"), ("2026-01-01T06:05:00Z", "", 4, "a defect")]
    found = group("west\u202e", [], ["2025-10: damaged\x00"], failed)
    assert found == Group(
        "west[U+202E]",
        (),
        "",
        (
            "2025-11 was tried on 2025-12-01 and ended with 2: no file[U+0007]",
            "A run was tried on 2026-01-01 and ended with 4: a defect",
            "Left out: 2025-10: damaged[U+0000]",
        ),
    )


@pytest.mark.parametrize(
    ("values", "points"),
    [
        ([], ""),
        ([5.0], ""),
        ([0.0, 0.0], "0.0,26.0 160.0,26.0"),
        ([0.0, 10.0], "0.0,26.0 160.0,2.0"),
        ([10.0, 5.0, 0.0], "0.0,2.0 80.0,14.0 160.0,26.0"),
        ([0.25, 0.5], "0.0,14.0 160.0,2.0"),
    ],
)
def test_the_line_goes_from_nought_to_the_most(values: list[float], points: str) -> None:
    assert _points(values) == points


def test_the_line_is_of_the_overpayment_counted_once() -> None:
    rows = [Row(figures(over_once=Decimal(amount), under_gross=Decimal(3)), "a") for amount in (10, 5, 0)]
    assert group("east", rows, [], []).points == "0.0,2.0 80.0,14.0 160.0,26.0"
