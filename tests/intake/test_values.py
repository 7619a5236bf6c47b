"""Cells as systems write them, read end to end: codes with modifiers, hours, serial dates, numbers, old workbooks."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from audit.errors import InputError
from tests.intake.test_load import read, rejects, rows, write

HEADER = "Claim #,Patient ID,DOS,CPT,Units,Payer"


def one(folder: Path, header: str, line: str, columns: str) -> tuple[object, ...]:
    """What the only line of an export reads as; a rejected line fails the test."""
    con, intake = read(write(folder, f"{header}\n{line}\n"))
    assert intake.rejected_rows == 0, rejects(con)
    return rows(con, columns)[0]


@pytest.mark.parametrize(
    ("cell", "code", "modifiers"),
    [
        ("97140 GP 59", "97140", ("GP", "59", None, None)),
        ("97140-59", "97140", ("59", None, None, None)),
        ("97140,59,GP", "97140", ("59", "GP", None, None)),
        ("97140: hands on the neck", "97140", (None, None, None, None)),
        (" g0283 GP", "G0283", ("GP", None, None, None)),
        ("97140-59-GP-XS-KX", "97140", ("59", "GP", "XS", "KX")),
    ],
)
def test_a_code_is_parted_from_what_follows_it(cell: str, code: str, modifiers: tuple[str, ...], tmp_path: Path) -> None:
    line = f'C1,P1,11/13/2025,"{cell}",1,Aetna'
    found = one(tmp_path, HEADER, line, "procedure_code, modifier_1, modifier_2, modifier_3, modifier_4")
    assert found == (code, *modifiers)


@pytest.mark.parametrize("cell", [" 97140 ", "97140.0", "97140.00", "\u00a097140"])
def test_a_code_with_blanks_or_a_decimal_is_the_code(cell: str, tmp_path: Path) -> None:
    assert one(tmp_path, HEADER, f"C1,P1,11/13/2025,{cell},1,Aetna", "procedure_code") == ("97140",)


@pytest.mark.parametrize(
    ("cell", "modifiers"),
    [
        ("59, GP", ("59", "GP")),
        ("59GP", ("59", "GP")),
        ("gp/59", ("GP", "59")),
        ("59.0", ("59", None)),
        ("--", (None, None)),
        ("N/A", (None, None)),
        ("", (None, None)),
    ],
)
def test_one_cell_of_modifiers(cell: str, modifiers: tuple[str | None, ...], tmp_path: Path) -> None:
    found = one(tmp_path, f"{HEADER},Modifier", f'C1,P1,11/13/2025,97140,1,Aetna,"{cell}"', "modifier_1, modifier_2")
    assert found == modifiers


def test_diagnoses_in_one_cell_are_parted(tmp_path: Path) -> None:
    columns = "diagnosis_1, diagnosis_2, diagnosis_3"
    header, line = f"{HEADER},Diagnosis", "C1,P1,11/13/2025,97140,1,Aetna"
    for cell in ("M54.2; M62.81", "m54.2,M62.81,", "M54.2|M62.81", "M54.2 M62.81"):
        assert one(tmp_path, header, f'{line},"{cell}"', columns) == ("M54.2", "M62.81", None), cell


@pytest.mark.parametrize(
    ("header", "cell", "minutes"),
    [
        ("Hours", "0.75", 45),
        ("Hours", "1.25", 75),
        ("Duration (hh:mm)", "0:45", 45),
        ("Duration (hh:mm)", "01:15", 75),
        ("Time (h:mm)", "1:05", 65),
        ("Minutes", "38.0", 38),
        ("Minutes", "38 min", 38),
        ("Minutes", "0:38", 38),
        ("Minutes", "00:38:00", 38),
        ("Timed Minutes", "1:05", 65),
        ("Mins", "38'", 38),
        ("Minutes", "38 m", 38),
    ],
)
def test_hours_are_read_where_the_header_says_hours(header: str, cell: str, minutes: int, tmp_path: Path) -> None:
    assert one(tmp_path, f"{HEADER},{header}", f"C1,P1,11/13/2025,97140,1,Aetna,{cell}", "minutes") == (minutes,)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("0.75", "is not a whole number of minutes"),
        ("8:00", "may be hours and minutes, or minutes and seconds; write whole minutes"),
        ("15:00", "may be hours and minutes, or minutes and seconds; write whole minutes"),
        ("0:38:30", "may be hours and minutes, or minutes and seconds; write whole minutes"),
    ],
)
def test_what_may_be_hours_under_a_header_of_minutes_is_refused(cell: str, why: str, tmp_path: Path) -> None:
    con, _ = read(write(tmp_path, f"{HEADER},Minutes\nC1,P1,11/13/2025,97140,1,Aetna,{cell}\n"))
    assert rejects(con) == [(2, "minutes", re.sub(r"\d", "9", cell), why)]


@pytest.mark.parametrize("cell", ["1.00", "1.0000", "1", " 1 "])
def test_units_with_decimals(cell: str, tmp_path: Path) -> None:
    assert one(tmp_path, HEADER, f"C1,P1,11/13/2025,97140,{cell},Aetna", "units") == (Decimal("1.00"),)


@pytest.mark.parametrize("cell", ["1234,50", "1.234,50", "12,34"])
def test_an_amount_whose_comma_may_mark_cents_is_refused_beside_points_and_says_so(cell: str, tmp_path: Path) -> None:
    lines = f'C1,P1,11/13/2025,97140,1,Aetna,"{cell}"\nC2,P2,11/13/2025,97140,1,Aetna,60.50\n'
    con, intake = read(write(tmp_path, f"{HEADER},Charge\n{lines}"))
    assert rejects(con) == [
        (2, "charge_amount", re.sub(r"\d", "9", cell), "the comma may mark thousands or cents; write the amount with a point"),
    ]
    assert intake.rejected_rows == 1


@pytest.mark.parametrize(
    ("cells", "amounts", "is_said"),
    [
        (["1.234,56", "60,00", "7", "-9,50"], ["1234.56", "60.00", "7.00", "-9.50"], True),
        (["1.234", "60,5"], ["1234.00", "60.50"], True),
        (["120,0000", "1.234,5000"], ["120.00", "1234.50"], True),
        (["1,234", "12,345"], ["1234.00", "12345.00"], False),
        (["1,234.50", "2,000"], ["1234.50", "2000.00"], False),
    ],
)
def test_a_file_that_writes_a_comma_before_cents_is_read_so(
    cells: list[str], amounts: list[str], is_said: bool, tmp_path: Path
) -> None:
    units, length = ("2,00", "0,25") if is_said else ("2", "0.25")
    lines = "".join(f"C{n};P{n};11/13/2025;97140;{units};Aetna;{cell};{length}\n" for n, cell in enumerate(cells, 1))
    con, intake = read(write(tmp_path, f"{HEADER},Charge,Duration\n".replace(",", ";") + lines))
    assert rows(con, "units, charge_amount, minutes") == [(Decimal(2), Decimal(one), 15) for one in amounts]
    assert intake.files[0].dollars.charge_amount == sum(map(Decimal, amounts))
    assert any("comma before their decimals" in said for said in intake.warnings) == is_said


@pytest.mark.parametrize(
    "cells",
    [
        ["1.234", "2.345"],
        ["1.234", "980"],
        ["$ 12.345", "980", "1.234 USD"],
        ["28.125", "120"],  # beside whole dollars no file's own way
        ["1.234", "1,234"],
    ],
)
def test_amounts_of_which_no_cell_tells_whether_a_point_marks_thousands_are_refused(cells: list[str], tmp_path: Path) -> None:
    lines = "".join(f"C{n};P{n};11/13/2025;97140;1;Aetna;{cell}\n" for n, cell in enumerate(cells, 1))
    head = f"{HEADER},Total Charge\n".replace(",", ";")
    with pytest.raises(InputError, match=r"point before three digits \(under 'Total Charge'\)") as caught:
        read(write(tmp_path, head + lines))
    assert "two decimals" in caught.value.hint


@pytest.mark.parametrize(
    ("cells", "amounts"),
    [
        (["60.000", "9.500"], ["60.00", "9.50"]),  # a table of three decimals
        (["1.234", "0.500"], ["1.23", "0.50"]),
        (["1.234", "1234.500"], ["1.23", "1234.50"]),
        (["1.234", "60.5"], ["1.23", "60.50"]),
        (["1.234", "60.00"], ["1.23", "60.00"]),
        (["1.2340", "2.0000"], ["1.23", "2.00"]),
        (["980", "1200"], ["980.00", "1200.00"]),
    ],
)
def test_a_point_before_three_digits_marks_decimals_where_the_file_tells(
    cells: list[str], amounts: list[str], tmp_path: Path
) -> None:
    lines = "".join(f"C{n};P{n};11/13/2025;97140;1;Aetna;{cell}\n" for n, cell in enumerate(cells, 1))
    con, _ = read(write(tmp_path, f"{HEADER},Charge\n".replace(",", ";") + lines))
    assert rows(con, "charge_amount") == [(Decimal(one),) for one in amounts]


@pytest.mark.parametrize(
    ("last", "is_statement"),
    [
        (["12/31/2025", "01/15/2026"], True),
        (["12/15/2025", "12/15/2025", "11/13/2025", "11/14/2025", "11/15/2025"], True),
        (["12/15/2025", "12/15/2025", "11/14/2025", "11/15/2025", "11/16/2025"], False),  # most are spans of days
        (["12/14/2025", "12/14/2025"], False),  # a month
        (["12/15/2025", "11/13/2025"], False),  # one slip of the pen
    ],
)
def test_last_days_months_behind_are_a_statement_s_and_no_line_s(last: list[str], is_statement: bool, tmp_path: Path) -> None:
    lines = "".join(f"C{n},P{n},11/13/2025,97140,1,Aetna,{day}\n" for n, day in enumerate(last, 1))
    files = [write(tmp_path, f"{HEADER},DOS To\n{lines}", f"{n}.csv") for n in "abcd"]
    con, intake = read(*files)
    assert [day is None for (day,) in rows(con, "service_date_to")] == [is_statement] * 4 * len(last)
    assert sum("'DOS To' lies more than a month behind" in said for said in intake.warnings) == 4 * is_statement
    assert rows(read(*files, column_overrides={"service_date_to": "DOS To"})[0], "service_date_to")[0] != (None,)
    bill = write(
        tmp_path, f"{HEADER},DOS To,Bill Type\n{lines}".replace("2026\n", "2026,131\n").replace("2025\n", "2025,131\n"), "e.csv"
    )
    assert rows(read(bill)[0], "service_date_to")[0] != (None,), "an institution's claim runs through its last day"


@pytest.mark.parametrize("cell", ["1247658447.0", "1247658447", "1.247658447E+09", " 1247658447 "])
def test_an_npi_that_a_spreadsheet_made_a_number(cell: str, tmp_path: Path) -> None:
    found = one(tmp_path, f"{HEADER},Rendering NPI", f"C1,P1,11/13/2025,97140,1,Aetna,{cell}", "rendering_npi")
    assert found == ("1247658447",)


@pytest.mark.parametrize(
    ("cell", "read_as"),
    [
        ("9:05 AM", dt.time(9, 5)),
        ("12:05 AM", dt.time(0, 5)),
        ("12:05 PM", dt.time(12, 5)),
        ("1:30pm", dt.time(13, 30)),
        ("0.5", dt.time(12)),
    ],
)
def test_clock_times(cell: str, read_as: dt.time, tmp_path: Path) -> None:
    assert one(tmp_path, f"{HEADER},Start Time", f"C1,P1,11/13/2025,97140,1,Aetna,{cell}", "start_time") == (read_as,)


@pytest.mark.parametrize(
    "cell", ["45974", "45974.0", "45974.3784722", "11/13/2025 12:00", "2025-11-13T00:00:00.0000000", "13-Nov-2025"]
)
def test_dates_and_serial_dates(cell: str, tmp_path: Path) -> None:
    assert one(tmp_path, HEADER, f"C1,P1,{cell},97140,1,Aetna", "service_date") == (dt.date(2025, 11, 13),)


def test_names_that_the_user_takes_for_patients_stay_whole(tmp_path: Path) -> None:
    text = 'Claim #,Patient Name,DOS,CPT,Units,Payer\nC1,"Example, Ada",11/13/2025,97140,1,Aetna\n'
    con, _ = read(write(tmp_path, text), column_overrides={"patient_id": "Patient Name"})
    assert rows(con, "patient_id") == [("Example, Ada",)]


def test_a_workbook_of_excel_97_is_read() -> None:
    """claims.xls was written once with xlwt 1.3.0: a sheet of notes, and one with a title, dates, times and a totals line."""
    pytest.importorskip("python_calamine")
    con, intake = read(Path(__file__).resolve().parents[1] / "workbooks" / "claims.xls")
    asked = "claim_id, claim_line_number, patient_id, service_date, procedure_code, modifier_1, modifier_2, units, start_time"
    day = dt.date(2025, 11, 13)
    assert rows(con, asked) == [
        ("K1", 1, "77", day, "97140", "59", "GP", Decimal("2.00"), dt.time(9, 5)),
        ("K1", 2, "77", day, "97124", "GP", None, Decimal("1.00"), dt.time(9, 35)),
    ]
    assert rows(con, "rendering_npi, payer_name, paid_amount") == [
        ("1245319599", "Aetna", Decimal("1112.50")),
        ("1245319599", "Aetna", Decimal("-5.00")),
    ]
    assert intake.files[0].format == "excel, sheet Claims"
    assert any("totals line states paid_amount 1,107.50, and its rows add up to that" in said for said in intake.notes)


def test_two_sheets_of_claims_are_refused_with_their_names_and_a_mend(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    book = xlsxwriter.Workbook(tmp_path / "year.xlsx")
    for month in ("October", "November"):
        sheet = book.add_worksheet(month)
        sheet.write_row(0, 0, HEADER.split(","))
        sheet.write_row(1, 0, ["C1", "P1", "11/13/2025", "97140", 1, "Aetna"])
    book.close()
    with pytest.raises(InputError, match=r"year\.xlsx has 2 sheets that may hold claim lines: October, November") as caught:
        read(tmp_path / "year.xlsx")
    assert "Save each sheet that is meant as a file of its own, and name these files together" in caught.value.hint


@pytest.mark.parametrize(
    "summary", ["Payer,Charges,Paid", "CPT,Units,Charge", "DOS,Patient ID,Payer,Charge", "Claim #,Patient ID,DOS,Paid"]
)
def test_a_sheet_about_the_claims_is_none_of_them_and_is_told(summary: str, tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    with xlsxwriter.Workbook(tmp_path / "month.xlsx") as book:
        for name, header in (("Summary", summary), ("Detail", HEADER), ("Empty", "")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, header.split(","))
            sheet.write_row(1, 0, ["C1", "P1", "11/13/2025", "97140", 1, "Aetna"] if header == HEADER else [])
    _, intake = read(tmp_path / "month.xlsx")
    assert (intake.files[0].format, intake.rows) == ("excel, sheet Detail", 1)
    assert "month.xlsx: the workbook holds another sheet with cells, which claims-audit does not read." in intake.warnings


@pytest.mark.parametrize("others", ["claims", "words"])
def test_a_sheet_that_is_hidden_is_said_to_be(others: str, tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    with xlsxwriter.Workbook(tmp_path / "year.xlsx") as book:
        for name in ("Shown", "Old"):
            sheet = book.add_worksheet(name)
            filled = name == "Old" or others == "claims"
            sheet.write_row(0, 0, HEADER.split(",") if filled else ["See the other sheet"])
            sheet.write_row(1, 0, ["C1", "P1", "11/13/2025", "97140", 1, "Aetna"] if filled else [])
        sheet.hide()
    if others == "claims":
        with pytest.raises(InputError, match=r"2 sheets that may hold claim lines: Shown, Old \(hidden\)\."):
            read(tmp_path / "year.xlsx")
    else:
        _, intake = read(tmp_path / "year.xlsx")
        assert (intake.files[0].format, intake.rows) == ("excel, hidden sheet Old", 1)


@pytest.mark.parametrize(
    ("cell", "flag"),
    [("True", True), ("yes", True), ("Y", True), ("1", True), ("1.0", True), (" x ", True), ("FALSE", False), ("No", False),
     ("0", False), ("", None), ("N/A", None), ("--", None)],
)  # fmt: skip
def test_a_mark_is_set_or_not(cell: str, flag: bool | None, tmp_path: Path) -> None:
    assert one(tmp_path, f"{HEADER},IsVoid,Deleted", f"C1,P1,11/13/2025,97140,1,Aetna,{cell},0", "is_void") == (flag,)


@pytest.mark.parametrize(
    "header", ["Voided", "Void Date", "Voided On", "date_voided", "Void", "Cancelled Date", "canceled_on", "Reversal Date"]
)
@pytest.mark.parametrize(
    ("cell", "flag"),
    [("11/20/2025", True), ("2025-11-20 10:15:00", True), ("20251120", True), ("20-Nov-2025", True), ("void", True),
     ("Cancelled", True), ("active", False), ("", None), ("00/00/0000", False), ("0000-00-00", False), ("12/31/9999", False),
     ("9999-12-31 00:00:00", False), ("1900-01-01", False)],
)  # fmt: skip
def test_a_mark_may_be_the_day_on_which_it_was_set(header: str, cell: str, flag: bool | None, tmp_path: Path) -> None:
    assert one(tmp_path, f"{HEADER},{header}", f"C1,P1,11/13/2025,97140,1,Aetna,{cell}", "is_void") == (flag,)


@pytest.mark.parametrize(
    ("header", "cell", "flag"),
    [("activity", "0", True), ("activity", "1", False), ("Is Active", "No", True), ("is_active", "true", False),
     ("Active", "Inactive", True), ("IsInactive", "1", True), ("Deleted At", "2025-11-20", True), ("Inactive", "", None)],
)  # fmt: skip
def test_a_row_that_is_dead_is_marked_so_in_many_ways(header: str, cell: str, flag: bool | None, tmp_path: Path) -> None:
    assert one(tmp_path, f"{HEADER},{header}", f"C1,P1,11/13/2025,97140,1,Aetna,{cell}", "is_deleted") == (flag,)


def test_an_activity_of_words_is_no_mark(tmp_path: Path) -> None:
    assert one(tmp_path, f"{HEADER},Activity", "C1,P1,11/13/2025,97140,1,Aetna,Group class", "is_deleted") == (None,)


def test_two_marks_of_a_row_serve_each_other(tmp_path: Path) -> None:
    text = f"{HEADER},Void Date,Voided On\nC1,P1,11/13/2025,97140,1,Aetna,,11/20/2025\nC2,P1,11/13/2025,97140,1,Aetna,,\n"
    con, _ = read(write(tmp_path, text))
    assert rows(con, "is_void") == [(True,), (None,)]


def test_a_mark_that_says_neither_yes_nor_no_rejects_its_row(tmp_path: Path) -> None:
    text = f"{HEADER},Voided\nC1,P1,11/13/2025,97140,1,Aetna,perhaps\nC2,P1,11/13/2025,97140,1,Aetna,no\n"
    con, intake = read(write(tmp_path, text))
    assert rejects(con) == [(2, "is_void", "AAAAAAA", "is neither yes nor no")]
    assert (intake.rows, intake.rejected_rows) == (2, 1)


def test_a_typed_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "typed.parquet"
    duckdb.sql(
        "SELECT 'C' || n AS claim_id, 'P1' AS mrn, DATE '2025-11-13' AS dos, '97140' AS cpt, 1 AS units, 'Aetna' AS payer, "
        "n = 1 AS is_void, CAST(n AS DOUBLE) AS is_deleted FROM range(2) AS t(n)"
    ).write_parquet(str(path))
    con, _ = read(path)
    assert rows(con, "is_void, is_deleted") == [(False, False), (True, True)]
