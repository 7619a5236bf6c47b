"""The minutes that a visit's lines state of it as a whole: one total, repeated on its lines, or several of several sessions."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.claim_rows import asked, completed

ONE = {"claim_id": "C1", "claim_line_number": "1", "minutes": "15"}
OTHER = {"claim_id": "C2", "claim_line_number": "1", "minutes": "15", "procedure_code": "97140"}
QUERY = (
    "SELECT most_recorded_minutes AS most, fewest_recorded_minutes AS fewest, recorded_treatment_minutes AS treated FROM visit"
)


def totals(rows: Sequence[dict[str, str]]) -> tuple[Any, ...]:
    """Most and fewest timed minutes and treatment minutes of the one visit that the rows are."""
    (visit,) = asked(QUERY, completed(rows))
    return visit["most"], visit["fewest"], visit["treated"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # One total of all is one, whether the lines name no encounter or the same.
        (("", "30", "40"), ("", "30", "40"), (30, 30, 40)),
        (("A", "30", "40"), ("A", "30", "40"), (30, 30, 40)),
        # A line that states none says nothing against it.
        (("", "30", ""), ("", "", "40"), (30, 30, 40)),
        (("A", "20", ""), ("A", "", ""), (20, 20, None)),
        # Totals that differ by claim are sessions: the timed ones, those of treatment alone, and both.
        (("", "30", "40"), ("", "20", "40"), (50, 20, 40)),
        (("", "", "40"), ("", "", "25"), (None, None, 65)),
        # One timed total that holds the lines' minutes is one, and so is the treatment beside it.
        (("", "30", "40"), ("", "30", "25"), (30, 30, 40)),
        (("", "30", "40"), ("", "20", "25"), (50, 20, 65)),
        # Encounters are sessions with equal totals too; within one the largest counts for the most, the least for the fewest.
        (("A", "20", "40"), ("B", "20", "40"), (40, 40, 80)),
        (("A", "30", "40"), ("A", "20", "25"), (30, 20, 40)),
        # A line outside the encounter is a session beside it.
        (("A", "20", "40"), ("", "20", "40"), (40, 20, 80)),
    ],
)
def test_totals(one: tuple[str, str, str], other: tuple[str, str, str], expected: tuple[Any, ...]) -> None:
    names = ("encounter_id", "visit_timed_minutes", "visit_total_minutes")
    assert totals([ONE | dict(zip(names, one, strict=True)), OTHER | dict(zip(names, other, strict=True))]) == expected


def test_a_denied_lines_total_counts_in_no_visit() -> None:
    refused = {"claim_status": "denied", "paid_amount": "0"}
    denied = OTHER | refused | {"encounter_id": "B", "visit_timed_minutes": "90", "visit_total_minutes": "90"}
    paid = ONE | {"claim_status": "paid", "encounter_id": "A", "visit_timed_minutes": "20", "visit_total_minutes": "25"}
    assert totals([paid, denied]) == (20, 20, 25)
