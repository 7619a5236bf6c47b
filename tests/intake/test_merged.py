"""Sheets that are printed reports of visits: what is the visit's stands once, in cells merged over the rows of its lines."""

from decimal import Decimal
from pathlib import Path

import pytest

from audit.errors import InputError
from tests.intake.test_load import read, rejects, rows

xlsxwriter = pytest.importorskip("xlsxwriter")
HEADERS = ("Patient", "MRN", "Claim #", "DOS", "Payer", "CPT", "Units", "Charge", "Tx Time (min)")
VISIT = ("Roe, Ann", "M1", "C1", "2025-11-03", "Aetna")
LINES = (("97110", 2, 130), ("97140", 1, 60))


def book(path: Path, merged: tuple[int, ...], *, tall: tuple[int, ...] = ()) -> Path:
    """Two visits of two lines below a title and a header of two rows; the fields `merged` over both lines of the first.

    The rows of `tall` are as high as two: all of their cells are merged with those of the row below, which is blank.
    """
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("Visits")
        sheet.merge_range(0, 0, 0, 8, "Visit and charge report")
        sheet.merge_range(1, 5, 1, 8, "Charges")
        for column, header in enumerate(HEADERS):
            if column < 5:
                sheet.merge_range(1, column, 2, column, header)
            else:
                sheet.write(2, column, header)
        for nth, line in enumerate(LINES):
            for column, cell in enumerate((*VISIT, *line, 45)):
                if nth and column in merged:
                    sheet.merge_range(3, column, 4, column, (*VISIT, *LINES[0], 45)[column])
                else:
                    sheet.write(3 + nth, column, cell)
        for nth, line in enumerate(LINES):
            for column, cell in enumerate(("Poe, Bo", "M2", "C2", "2025-11-04", "Aetna", *line, 40)):
                if 5 in tall:
                    sheet.merge_range(5 + 2 * nth, column, 6 + 2 * nth, column, cell)
                else:
                    sheet.write(5 + nth, column, cell)
    return path


def test_what_is_merged_over_the_lines_of_a_visit_holds_for_each(tmp_path: Path) -> None:
    con, intake = read(book(tmp_path / "report.xlsx", (0, 1, 2, 3, 4)))
    found = rows(con, "claim_id, patient_id, payer_name, procedure_code, charge_amount, source_row")
    assert found == [
        ("C1", "M1", "Aetna", "97110", Decimal("130.00"), 4),
        ("C1", "M1", "Aetna", "97140", Decimal("60.00"), 5),
        ("C2", "M2", "Aetna", "97110", Decimal("130.00"), 6),
        ("C2", "M2", "Aetna", "97140", Decimal("60.00"), 7),
    ]
    assert (intake.rejected_rows, rejects(con)) == (0, [])
    (said,) = [one for one in intake.warnings if "merged" in one]
    assert "'MRN', 'Claim #', 'DOS', 'Payer'" in said
    assert "Roe" not in str(intake.warnings)


def test_an_amount_merged_over_lines_is_no_lines(tmp_path: Path) -> None:
    con, intake = read(book(tmp_path / "report.xlsx", (1, 2, 3, 4, 7)))
    assert rows(con, "charge_amount") == [(None,)] * 4
    assert any("'Charge' (column 8) holds cells merged over several rows" in one for one in intake.warnings)


def test_minutes_merged_over_lines_are_the_visits(tmp_path: Path) -> None:
    con, _ = read(book(tmp_path / "report.xlsx", (1, 2, 3, 4, 8)))
    assert rows(con, "minutes, visit_total_minutes") == [(None, 45), (None, 45), (None, 40), (None, 40)]
    con, _ = read(book(tmp_path / "lines.xlsx", (1, 2, 3, 4)))
    assert rows(con, "minutes, visit_total_minutes") == [(45, None), (45, None), (40, None), (40, None)]


def test_merged_codes_are_asked_about(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'CPT' \(column 6\) are merged over several rows"):
        read(book(tmp_path / "report.xlsx", (1, 2, 3, 4, 5)))


def test_a_row_that_is_two_rows_high_is_one_line(tmp_path: Path) -> None:
    con, _ = read(book(tmp_path / "tall.xlsx", (1, 2, 3, 4), tall=(5,)))
    assert rows(con, "claim_id, procedure_code") == [("C1", "97110"), ("C1", "97140"), ("C2", "97110"), ("C2", "97140")]
