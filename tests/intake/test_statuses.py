"""Columns that say what became of lines: which header fills which, by its name and by its cells, and what is told of the rest."""

from pathlib import Path

import pytest

from audit.intake.columns.headers import candidates
from audit.intake.columns.status_words import says_a_state, says_dead
from tests.intake.test_load import read, rows, write

BASE = "Claim ID,Line,Patient ID,DOS,CPT,Mod,Units,Rendering NPI,Payer,Charge"
STATES = "claim_status, line_status, denial_mark, denial_reason"


def loaded(folder: Path, header: str, *cells: str) -> tuple[list[tuple[object, ...]], str]:
    """What fills the four columns of the lines, whose further cells are given, and all warnings."""
    lines = [f"C{at},1,P{at},2025-11-{at:02d},97110,GP,1,1234567893,Aetna,60.00,{one}" for at, one in enumerate(cells, 3)]
    con, taken = read(write(folder, "\n".join([f"{BASE},{header}", *lines, ""])))
    return rows(con, STATES), "\n".join(taken.warnings)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Claim Status", 0), ("Adjudication Status", 0), ("Disposition", 0), ("CLP02", 0), ("Paid/Denied", 0), ("ERA Status", 0),
        ("Line Status", 1), ("Claim Line Status", 1), ("SVC_LN_STATUS", 1), ("Line Disposition", 1), ("Detail Status", 1),
        ("Denied", 2), ("Denied (Y/N)", 2), ("Denial Flag", 2), ("DENIAL_IND", 2), ("Is Denied", 2), ("Rejected", 2),
        ("Denial Reason", 3), ("Denial Code", 3), ("CARC", 3), ("Reject Reason", 3),
    ],
)  # fmt: skip
def test_headers_of_states(header: str, column: int, tmp_path: Path) -> None:
    found, warned = loaded(tmp_path, header, "Denied", "Denied")
    assert found == [tuple("Denied" if at == column else None for at in range(4))] * 2
    assert header not in warned


@pytest.mark.parametrize("cells", [("90.00", "0.00"), ("2", "3"), ("Smith", "Jones")])
def test_a_denied_column_of_amounts_or_names_is_no_mark(cells: tuple[str, ...], tmp_path: Path) -> None:
    found, warned = loaded(tmp_path, "Denied", *cells)
    assert found == [(None,) * 4] * 2
    assert warned.count("'Denied' (column 11)") == 1
    assert not any(cell in warned for cell in cells)


def test_a_reason_code_is_read_where_it_is_the_835_s(tmp_path: Path) -> None:
    assert loaded(tmp_path, "Reason Code", "CO-50", "CO-45", "PR-1")[0][0] == (None, None, None, "CO-50")
    found, warned = loaded(tmp_path, "Reason Code", "A1", "Follow up", "CO-45")
    assert (found, "Reason Code" in warned) == ([(None,) * 4] * 3, False)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("CAS Reason", ("45", "97")),
        ("CARC 1", ("1.0", "B7")),
        ("CAS Group,Adj Reason,CAS Amount", ("CO,45,20.00", "PR,96,60.00")),
        ("Group Code,Reason Code", ("OA,23", "CO,50")),
        ("CAS Segments", ("CAS*CO*45*20.00", "CAS*CO*97*60")),
        ("Adjustments", ("CO:45:20.00|PR:2:10", "CO_97 (60.00)")),
    ],
)
def test_reasons_in_any_spelling_are_read_where_something_says_that_they_are_the_835_s(
    header: str, cells: tuple[str, ...], tmp_path: Path
) -> None:
    at = header.split(",").index("Adj Reason") if "Adj Reason" in header else header.count(",") if "Group Code" in header else 0
    assert [row[3] for row in loaded(tmp_path, header, *cells)[0]] == [cell.split(",")[at] for cell in cells]


def test_bare_codes_that_nothing_calls_the_835_s_are_told(tmp_path: Path) -> None:
    found, warned = loaded(tmp_path, "Adj Reason", "45", "97")
    assert (found, "'Adj Reason' (column 11) may hold the 835's reasons" in warned) == ([(None,) * 4] * 2, True)
    assert "Adj Reason" not in loaded(tmp_path, "Adj Reason", "45", "1")[1], "none of them denies"
    assert loaded(tmp_path, "CARC 1", "45", "997")[0] == [(None,) * 4] * 2, "no code of the list"
    found, warned = loaded(tmp_path, "CAS Group,Adjustment", "CO,20.00", "CO,97")
    assert (found, "Adjustment" in warned) == ([(None,) * 4] * 2, False), "an amount"


def test_several_columns_of_reasons_are_read_together_and_words_are_not_mixed_with_codes(tmp_path: Path) -> None:
    found, _ = loaded(tmp_path, "CARC 1,CARC 2,RARC 1", "45,97,N130", "45,,", ",,")
    assert [row[3] for row in found] == ["45 97", "45", None]
    assert loaded(tmp_path, "Denial Code,CARC", "CO-45,97", "CO-97,")[0][0][3] == "CO-45"


@pytest.mark.parametrize(
    ("header", "cells", "voids"),
    [
        ("Void Flag,Void Date", ("N,11/20/2025", "Y,", ",11/20/2025", "N,"), [True, True, True, False]),
        ("Voided", ("-1", "0", "\u2611", "Not voided"), [True, False, True, False]),
    ],
)
def test_a_mark_in_any_spelling_and_the_day_beside_a_flag(
    header: str, cells: tuple[str, ...], voids: list[bool], tmp_path: Path
) -> None:
    lines = [f"C{at},1,P{at},2025-11-{at:02d},97110,GP,1,1234567893,Aetna,60.00,{one}" for at, one in enumerate(cells, 3)]
    con, _ = read(write(tmp_path, "\n".join([f"{BASE},{header}", *lines, ""])))
    assert [bool(one) for (one,) in rows(con, "is_void")] == voids


def test_a_line_that_is_not_active_is_deleted(tmp_path: Path) -> None:
    con, _ = read(write(tmp_path, f"{BASE},Line Active\nC1,1,P1,2025-11-03,97110,GP,1,1234567893,Aetna,60.00,N\n"))
    assert rows(con, "is_deleted") == [(True,)]


@pytest.mark.parametrize(("cells", "read_as"), [(("Y", ""), ["Reversal", None]), (("60.00", "0.00"), [None, None])])
def test_a_reversal_is_a_mark_or_an_amount(cells: tuple[str, ...], read_as: list[str | None], tmp_path: Path) -> None:
    found, warned = loaded(tmp_path, "Reversal", *cells)
    assert [row[1] for row in found] == read_as
    assert ("'Reversal' (column 11)" in warned) == (read_as[0] is None)


def test_a_resubmission_code_is_the_frequency(tmp_path: Path) -> None:
    con, _ = read(write(tmp_path, f"{BASE},Resubmission Code\nC1,1,P1,2025-11-03,97110,GP,1,1234567893,Aetna,60.00,8\n"))
    assert rows(con, "claim_frequency_code") == [("8",)]


@pytest.mark.parametrize(
    ("header", "cells"),
    [("Denied", ("X", "")), ("Denied Date", ("20251120", "45981", "00/00/0000")), ("Denied", ("*", "\u2713"))],
)
def test_marks_of_denial_in_any_spelling(header: str, cells: tuple[str, ...], tmp_path: Path) -> None:
    assert [row[2] for row in loaded(tmp_path, header, *cells)[0]] == [cell or None for cell in cells]


def test_an_outcome_is_read_where_it_is_a_claim_s(tmp_path: Path) -> None:
    assert loaded(tmp_path, "Outcome", "Paid", "Denied")[0][1] == ("Denied", None, None, None)
    assert loaded(tmp_path, "Outcome", "Improved", "Same")[0][1] == (None,) * 4


def test_a_stat_is_read_where_it_is_a_claim_s(tmp_path: Path) -> None:
    assert [claim for claim, *_ in loaded(tmp_path, "Stat", "PD", "DEN", "PEND")[0]] == ["PD", "DEN", "PEND"]
    assert loaded(tmp_path, "Stat", "OH", "MI")[0] == [(None,) * 4] * 2


def test_a_line_s_status_stands_beside_its_claim_s(tmp_path: Path) -> None:
    assert loaded(tmp_path, "Claim Status,Line Status", "Paid,Denied")[0] == [("Paid", "Denied", None, None)]


def test_a_second_status_that_says_which_lines_are_dead_is_the_line_s(tmp_path: Path) -> None:
    found, warned = loaded(tmp_path, "Claim Status,Payment Status", "Closed,Denied", "Closed,Paid")
    assert (found[0], "Payment Status" in warned) == (("Closed", "Denied", None, None), False)
    found, warned = loaded(tmp_path, "Claim Status,Payment Status", "Denied,Open", "Closed,Open")
    assert found[0] == ("Denied", None, None, None)
    assert "'Payment Status' (column 12) may say too what became of lines" in warned


@pytest.mark.parametrize("header", ["Billing Status,Payment Status", "Payment Status,Billing Status"])
def test_of_two_statuses_the_one_is_read_that_says_which_lines_are_dead(header: str, tmp_path: Path) -> None:
    cells = ("Billed,Denied", "Billed,Paid")
    if header.startswith("Payment"):
        cells = tuple(",".join(reversed(one.split(","))) for one in cells)
    found, warned = loaded(tmp_path, header, *cells)
    assert [row[0] for row in found] == ["Denied", "Paid"]
    assert "'Billing Status'" in warned
    assert "'Payment Status'" not in warned


def test_of_two_statuses_without_a_dead_line_the_first_is_read_and_the_other_told(tmp_path: Path) -> None:
    found, warned = loaded(tmp_path, "Billing Status,Payment Status", "Billed,Paid", "Billed,Open")
    assert [row[0] for row in found] == ["Billed", "Billed"]
    assert "'Payment Status' (column 12) may say too" in warned


def test_a_second_mark_or_reason_serves_where_the_first_is_blank(tmp_path: Path) -> None:
    header = "Denied,Denied Date,Denial Reason,Denial Code"
    found, warned = loaded(tmp_path, header, "Y,,bundled,CO-97", ",11/20/2025,,CO-16", "N,,,")
    assert [row[2:] for row in found] == [("Y", "bundled"), ("11/20/2025", "CO-16"), ("N", None)]
    assert "Den" not in warned


@pytest.mark.parametrize(
    ("header", "cell", "is_told"), [("Rev Flag", "Y", True), ("Voided by user", "1", True), ("Void Note", "dup", False)]
)
def test_a_mark_beside_a_status_is_told_and_words_are_not(header: str, cell: str, is_told: bool, tmp_path: Path) -> None:
    _, warned = loaded(tmp_path, f"Claim Status,{header}", f"Paid,{cell}", "Paid,")
    assert (f"'{header}' (column 12) may say which lines are void" in warned) == is_told
    assert "may say which lines" not in loaded(tmp_path, f"Voided,{header}", f"N,{cell}", "N,")[1]


def test_a_mark_of_reversals_beside_a_line_s_status_is_a_mark(tmp_path: Path) -> None:
    assert [row[1] for row in loaded(tmp_path, "Line Status,Reversal Flag", "Paid,Y", "Paid,N")[0]] == ["Paid", "Paid"]
    assert [row[1] for row in loaded(tmp_path, "Claim Status,Reversal Flag", "Paid,Y", "Paid,N")[0]] == ["Reversal", None]


@pytest.mark.parametrize("header", ["Col7", "Visit Status"])
def test_words_for_dead_lines_under_any_header_are_told(header: str, tmp_path: Path) -> None:
    found, warned = loaded(tmp_path, header, "Completed", "Cancelled", "Completed")
    assert found == [(None,) * 4] * 3
    assert f"'{header}' (column 11) may say which lines are void" in warned
    assert header not in loaded(tmp_path, header, "Completed", "Completed")[1]
    assert "are void" not in loaded(tmp_path, header, "Completed", "Cancelled", "Green")[1], "other words stand there too"


@pytest.mark.parametrize(
    ("header", "word", "status"),
    [
        ("Appt Status", "NS", ""),
        ("Visit Outcome", "Pt Cancelled", "Status,"),
        ("Attendance", "DNA", ""),
        ("No Show", "No-Show", "Status,"),
        ("appointment_status", "LC", "Status,"),
        ("Session Status", "CX", ""),
    ],
)
def test_words_for_missed_visits_are_told_whatever_status_is_read(header: str, word: str, status: str, tmp_path: Path) -> None:
    paid = "Paid," if status else ""
    found, warned = loaded(tmp_path, status + header, f"{paid}Arrived", f"{paid}{word}", f"{paid}Green")
    assert len(found) == 3
    assert f"'{header}' (column {12 if status else 11}) says which visits were missed or cancelled" in warned
    assert "visits were missed" not in loaded(tmp_path, f"{status}Col7", f"{paid}Arrived", f"{paid}{word}")[1]


def test_what_says_a_state() -> None:
    assert all(map(says_a_state, ("Denied - CO-97", "paid", "4", "D", "Draft")))
    assert not any(map(says_a_state, ("TX", "Improved", "40", "")))
    assert all(map(says_dead, ("Denied", "voided", "REVERSED")))
    assert not any(map(says_dead, ("4", "D", "Paid", "Pending")))


def test_no_header_is_a_state_s_and_another_column_s() -> None:
    found = candidates(["Denied", "Line Status", "Denial Code", "CARC", "Void"])
    assert {name: [one.index for one in options] for name, options in found.items()} == {
        "denial_mark": [0], "line_status": [1], "denial_reason": [2, 3], "is_void": [4],
    }  # fmt: skip


@pytest.mark.parametrize("header", ["Credential", "Provider Type", "Rendering Specialty"])
def test_a_profession_under_another_header_is_who_treated(header: str, tmp_path: Path) -> None:
    text = f"{BASE},{header}\nC1,1,P1,2025-11-03,97124,GP,1,1234567893,Aetna,60.00,{{}}\n"
    con, _ = read(write(tmp_path, text.format("LMT")))
    assert rows(con, "rendering_taxonomy") == [("225700000X",)]
    con, taken = read(write(tmp_path, text.format("Staff"), "other.csv"))
    assert rows(con, "rendering_taxonomy") == [(None,)]
    assert f"{header}' (column 11) names other things than professions" in " ".join(taken.warnings)
