"""Cells that hold more, less or other than their column, read end to end: codes, ids, spans, lengths of time, ledger rows."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from audit.errors import InputError
from audit.intake import check_rejects
from audit.intake.columns.shapes import is_blank
from audit.model import Intake
from tests.intake.test_load import read, rejects, rows, write
from tests.macros import session

HEADER = "Claim #,Line,Patient ID,DOS,CPT,Units,Payer,Paid"
LINE = "C{n},1,P{n},11/13/2025,{code},1,Aetna,30.00"
MODIFIERS = "modifier_1, modifier_2, modifier_3, modifier_4"


def export(folder: Path, *cells: str, header: str = HEADER, line: str = LINE) -> Path:
    """A file of a row for each cell, which stands in its place quoted as CSV asks."""
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells]
    return write(folder, "\n".join([header, *(line.format(n=n, code=cell) for n, cell in enumerate(quoted, 1))]) + "\n")


def mapped(intake: Intake) -> dict[str, str]:
    return {one.name: one.source_column for one in intake.files[0].mapping}


def test_modifiers_behind_the_code_join_those_of_their_columns(tmp_path: Path) -> None:
    cells = [("97140(59)", ""), ("97140-59-GP", "KX"), ("97140", "59GP"), ("97140", "N/A"), ("97140", "5"), ("97140", "SAMPLE")]
    lines = [LINE.format(n=n, code=code) + f",GP,{mod}" for n, (code, mod) in enumerate(cells, 1)]
    path = write(tmp_path, "\n".join([f"{HEADER},Mod 1,Mod 2", *lines]) + "\n")
    con, intake = read(path)
    assert rows(con, MODIFIERS) == [
        ("GP", "59", None, None),
        ("GP", "KX", "59", None),
        ("GP", "59", None, None),
        ("GP", None, None, None),
        ("GP", "9", None, None),
        ("GP", "AAAAAA", None, None),
    ]
    assert intake.rejected_rows == 0


def test_a_modifier_stays_in_its_place(tmp_path: Path) -> None:
    line = LINE.format(n=1, code="97140") + ",,59,--,gp"
    con, _ = read(write(tmp_path, f"{HEADER},Mod 1,Mod 2,Mod 3,Mod 4\n{line}\n"))
    assert rows(con, MODIFIERS) == [(None, "59", None, "GP")]


def test_modifiers_far_down_in_cells_of_codes_are_not_lost(tmp_path: Path) -> None:
    con, intake = read(export(tmp_path, *["97140"] * 3000, "97140-59"))
    assert con.execute("SELECT count(*) FROM claim_row WHERE modifier_1 = '59'").fetchone() == (1,)
    assert mapped(intake)["modifier_1"] == "CPT"
    assert "modifier_2" not in mapped(intake)


def test_a_file_without_modifiers_has_no_column_of_them(tmp_path: Path) -> None:
    _, intake = read(export(tmp_path, "97140", "CPT 97124"))
    assert not [name for name in mapped(intake) if name.startswith("modifier")]
    assert "modifier_1" not in intake.filled_columns


@pytest.mark.parametrize(("cell", "is_read"), [("59, GP, KX, XS", True), ("59, GP, KX, XS, 76", False)])
def test_a_fifth_modifier_rejects_the_row(cell: str, is_read: bool, tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, f'{HEADER},Modifiers\n{LINE.format(n=1, code="97140")},"{cell}"\n'))
    assert intake.rejected_rows == (0 if is_read else 1)
    assert is_read or "more than four modifiers" in str(rejects(con)[0][3])


@pytest.mark.parametrize("words", [["Massage"] * 3, ["Massage", "97140", "Manual therapy"], ["SAMPLE", "Example", "971"]])
def test_a_file_of_words_is_refused_by_the_gate_and_shows_none(words: list[str], tmp_path: Path) -> None:
    con, intake = read(export(tmp_path, *words))
    assert all(column == "procedure_code" and "shape of a procedure code" in str(reason) for _, column, _, reason in rejects(con))
    assert not any(word in str(value) for _, _, value, _ in rejects(con) for word in words)
    with pytest.raises(InputError, match="could not be read"):
        check_rejects(intake)


@pytest.mark.parametrize(
    "cell",
    ["97124, 97140", "97110*2 | 97140*1", "97110/97140", "97124\n97140", "97124 97140", "97110;97140", "97110-GP, 97140-59-GP",
     "97110+97140", "97110 & 97140", "CPT 97110, CPT 97140", "97140, 97140", "G0283|97140"],
)  # fmt: skip
def test_a_cell_of_several_codes_refuses_the_file_with_the_mend(cell: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="several procedure codes in one cell, on row 3") as caught:
        read(export(tmp_path, "97140", cell))
    assert "one row for each service" in caught.value.hint
    assert cell not in str(caught.value)


def test_a_list_of_codes_under_a_header_of_its_own_is_refused_too(tmp_path: Path) -> None:
    header = HEADER.replace("CPT", "Original CPT List")
    with pytest.raises(InputError, match="several procedure codes"):
        read(export(tmp_path, *["97110*2 | 97140*1"] * 5, header=header))


@pytest.mark.parametrize(
    ("header", "name"), [("Patient ID", "patient_id"), ("Claim #", "claim_id"), ("Original Claim ID", "original_claim_id")]
)
def test_an_id_that_lost_its_digits_refuses_the_file(header: str, name: str, tmp_path: Path) -> None:
    cells = {"Claim #": "C1", "Patient ID": "P1", "Original Claim ID": ""} | {header: "9.91214E+15"}
    line = f"{cells['Claim #']},1,{cells['Patient ID']},11/13/2025,97140,1,Aetna,30.00,{cells['Original Claim ID']}"
    with pytest.raises(InputError, match=f"{name} .* scientific notation, whose last digits are lost, on row 2") as caught:
        read(write(tmp_path, f"{HEADER},Original Claim ID\n{line}\n"))
    assert "9.91214" not in str(caught.value)


def test_an_npi_or_lesser_id_that_lost_its_digits_is_not_read_and_named(tmp_path: Path) -> None:
    line = LINE.format(n=1, code="97140") + ",1.24533E+09,9.9E+12"
    con, intake = read(write(tmp_path, f"{HEADER},Rendering NPI,Member ID\n{line}\n"))
    assert rows(con, "rendering_npi, member_id") == [(None, None)]
    said = [warning for warning in intake.warnings if "scientific notation on 1 row" in warning]
    assert [name for name in ("rendering_npi", "member_id") if any(name in one for one in said)] == ["rendering_npi", "member_id"]
    assert "1.24533" not in " ".join(intake.warnings)


def test_ids_that_became_numbers_are_whole_again_but_not_those_with_parts(tmp_path: Path) -> None:
    header = HEADER
    con, _ = read(write(tmp_path, f"{header}\n1001.0,1,7.0,11/13/2025,97140,1,Aetna,1\n1002.0,1,7,11/13/2025,97140,1,Aetna,1\n"))
    assert rows(con, "claim_id, patient_id") == [("1001", "7"), ("1002", "7")]
    con, _ = read(write(tmp_path, f"{header}\n1001.0,1,7,11/13/2025,97140,1,Aetna,1\n1001.1,1,7,11/13/2025,97140,1,Aetna,1\n"))
    assert rows(con, "claim_id") == [("1001.0",), ("1001.1",)]


def test_a_workbook_or_parquet_file_with_numbers_too_long_to_keep_is_refused(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("xlsxwriter")
    book = openpyxl.Workbook(tmp_path / "ids.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER.split(","))
    sheet.write_row(1, 0, ["C1", 1, 9912140000000001, "11/13/2025", 97140, 1, "Aetna", 30.0])
    book.close()
    session().execute(
        f"""COPY (SELECT 'C1' AS claim_id, 1 AS claim_line_number, 9.912140000000001e16::DOUBLE AS patient_id,
        DATE '2025-11-13' AS service_date, 97140 AS procedure_code, 1 AS units, 'Aetna' AS payer_name)
        TO '{tmp_path}/ids.parquet'"""
    )
    for name in ("ids.xlsx", "ids.parquet"):
        with pytest.raises(InputError, match=r"patient_id .* last digits are lost"):
            read(tmp_path / name)


def test_protected_cells_are_unwrapped_in_every_column(tmp_path: Path) -> None:
    header = f"{HEADER},Mod 1,Start,Rendering NPI,Dx 1,Note,Minutes"
    cells = [
        "001",
        "1",
        "071",
        "11/13/2025",
        "97140",
        "2",
        "Aetna",
        "30.50",
        "59",
        "9:05 AM",
        "1245319599",
        "M54.50",
        "Neck",
        "30",
    ]
    quoted = [f'"=""{cell}"""' for cell in cells]
    con, intake = read(write(tmp_path, f"{header}\n{','.join(quoted)}\n{','.join(chr(39) + cell for cell in cells)}\n"))
    asked = (
        "claim_id, patient_id, procedure_code, units, payer_name, paid_amount, modifier_1, start_time, rendering_npi, diagnosis_1"
    )
    expected = ("001", "071", "97140", Decimal(2), "Aetna", Decimal("30.50"), "59", dt.time(9, 5), "1245319599", "M54.50")
    assert rows(con, asked) == [expected, expected]
    assert rows(con, "note_text, minutes") == [("Neck", 30)] * 2
    assert intake.files[0].dollars.paid_amount == Decimal("61.00")


def test_words_for_blank_are_blank_in_every_column(tmp_path: Path) -> None:
    words = ("(null)", "N/A", "none", "-", "--", "NULL", "nan", "n.a.", "<NA>", "\\N", "\u2014")
    assert [word for word in words if not is_blank(word)] == []
    more = ["Mod 1", "Start", "Rendering NPI", "Dx 1", "Note", "Minutes", "Paid Date", "Voided", "Member ID"]
    lines = [
        f"{LINE.format(n=n, code='97140').replace('30.00', word)},{','.join([word] * 9)}\n" for n, word in enumerate(words, 1)
    ]
    con, intake = read(write(tmp_path, f"{HEADER},{','.join(more)}\n{''.join(lines)}"))
    assert intake.rejected_rows == 0, rejects(con)
    asked = "paid_amount, modifier_1, start_time, rendering_npi, diagnosis_1, note_text, minutes, paid_date, is_void, member_id"
    assert rows(con, asked) == [(None,) * 10] * len(words)


LEDGER = ["Payment", "Insurance Payment", "Adjustment", "Refund", "Copay", "Transfer to patient", "Write-off", "Balance forward"]


def test_entries_of_a_ledger_are_left_out_with_their_dollars_and_the_rest_ties(tmp_path: Path) -> None:
    con, intake = read(export(tmp_path, "97140", *LEDGER, "97124"))
    assert rows(con, "procedure_code") == [("97140",), ("97124",)]
    found = con.execute("SELECT source_row, claim_id, paid_amount, reason FROM left_out_row ORDER BY source_row").fetchall()
    assert [row[:3] for row in found] == [(n + 1, f"C{n}", Decimal("30.00")) for n in range(2, 10)]
    assert all("ledger" in row[3] for row in found)
    (file,) = intake.files
    assert (file.rows, file.rejected_rows, file.left_out_rows) == (10, 0, 8)
    assert (file.dollars.paid_amount, file.rejected_dollars.paid_amount) == (Decimal("300.00"), Decimal("0.00"))


def test_an_entry_of_a_ledger_may_lack_all_else(tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, f"{HEADER}\n{LINE.format(n=1, code='97140')}\nC1,,,soon,Payment,,,-30.00\n"))
    assert (intake.rejected_rows, intake.left_out_rows) == (0, 1)
    assert rejects(con) == []


def test_rows_left_out_make_no_bad_export_look_better(tmp_path: Path) -> None:
    _, intake = read(export(tmp_path, *["97140"] * 90, *["Payment"] * 300, "Massage", "Massage"))
    with pytest.raises(InputError, match="2 of 92 rows"):
        check_rejects(intake, 0.01)


@pytest.mark.parametrize(
    ("headers", "cells", "is_left_out"),
    [
        ("Rev Code,Type of Bill", "0250,131", True),
        ("Rev Code", "0250", True),
        ("Type of Bill", "131", True),
        ("Rev Code,Type of Bill", ",", False),
        ("Location", "Main", False),
    ],
)
@pytest.mark.parametrize("code", ["", "N/A", "0250"])
def test_a_revenue_line_without_code_is_left_out_and_any_other_rejected(
    headers: str, cells: str, is_left_out: bool, code: str, tmp_path: Path
) -> None:
    text = f"{HEADER},{headers}\n{LINE.format(n=1, code='97140')},{cells}\n{LINE.format(n=2, code=code)},{cells}\n"
    con, intake = read(write(tmp_path, text))
    assert rows(con, "claim_id") == [("C1",)]
    assert (intake.left_out_rows, intake.rejected_rows) == ((1, 0) if is_left_out else (0, 1))


@pytest.mark.parametrize(
    ("header", "cell"),
    [("Time", "10:00-10:30"), ("Session", "10:00 AM - 10:30 AM"), ("Time In/Out", "1000-1030"), ("Start Time", "10:00 to 10:30"),
     ("Appt", "10:00a\u201310:30a")],
)  # fmt: skip
def test_a_span_of_clock_times_is_start_and_end(header: str, cell: str, tmp_path: Path) -> None:
    line = LINE.format(n=1, code="97140")
    con, intake = read(write(tmp_path, f"{HEADER},{header}\n{line},{cell}\n{line},\n"))
    assert rows(con, "start_time, end_time") == [(dt.time(10), dt.time(10, 30)), (None, None)]
    assert mapped(intake)["end_time"] == header
    assert header not in intake.files[0].unmapped_columns


@pytest.mark.parametrize(
    ("header", "cell"), [("Printed", "10:00-10:30"), ("Room", "1000-1030"), ("Phone", "555-1234"), ("Years", "2024-2025")]
)
def test_other_numbers_with_a_dash_are_no_clock_times(header: str, cell: str, tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, f"{HEADER},{header}\n{LINE.format(n=1, code='97140')},{cell}\n"))
    assert rows(con, "start_time") == [(None,)]
    assert "start_time" not in mapped(intake)


@pytest.mark.parametrize(
    ("cell", "last"),
    [("11/13/2025 - 11/13/2025", 13), ("11/13/2025-11/14/2025", 14), ("20251113-20251114", 14), ("2025-11-13 to 2025-11-14", 14)],
)
def test_a_span_of_dates_is_from_and_to(cell: str, last: int, tmp_path: Path) -> None:
    text = LINE.format(n=1, code="97140")
    con, intake = read(write(tmp_path, f"{HEADER}\n{text.replace('11/13/2025', cell)}\n{text}\n"))
    assert rows(con, "service_date, service_date_to") == [
        (dt.date(2025, 11, 13), dt.date(2025, 11, last)),
        (dt.date(2025, 11, 13), None),
    ]
    assert intake.rejected_rows == 0


def test_a_day_with_its_times_is_all_three(tmp_path: Path) -> None:
    text = LINE.format(n=1, code="97140").replace("11/13/2025", "11/13/2025 9:00 AM - 9:45 AM")
    con, _ = read(write(tmp_path, f"{HEADER}\n{text}\n"))
    assert rows(con, "service_date, start_time, end_time") == [(dt.date(2025, 11, 13), dt.time(9), dt.time(9, 45))]


@pytest.mark.parametrize(
    ("cells", "minutes", "word"),
    [
        (["0.50", "0.25", "1"], [30, 15, 60], "hours"),
        (["0:45", "1:15"], [45, 75], "hours"),
        (["45 min", "1h 15m"], [45, 75], "state"),
        (["45", "15", "30"], [45, 15, 30], "minutes"),
        (["00:45:00", "00:30:00"], [45, 30], "hours"),
        (["0 days 00:45:00", "0 days 00:30:00"], [45, 30], "hours"),
    ],
)
def test_a_duration_is_read_by_what_its_cells_tell_and_said(
    cells: list[str], minutes: list[int], word: str, tmp_path: Path
) -> None:
    lines = [LINE.format(n=n, code="97140") + f",{cell}" for n, cell in enumerate(cells, 1)]
    con, intake = read(write(tmp_path, "\n".join([f"{HEADER},Duration", *lines]) + "\n"))
    assert rows(con, "minutes") == [(minute,) for minute in minutes]
    assert any("'Duration'" in warning and word in warning for warning in intake.warnings)


@pytest.mark.parametrize(
    "cells", [["1", "2"], ["22.5", "30"], ["0:45", "45"], ["45 min", "1 unit"], ["10.00-10.45", "9.00-9.30"]]
)
def test_a_duration_that_tells_no_unit_is_left_and_said(cells: list[str], tmp_path: Path) -> None:
    lines = [LINE.format(n=n, code="97140") + f",{cell}" for n, cell in enumerate(cells, 1)]
    con, intake = read(write(tmp_path, "\n".join([f"{HEADER},Duration", *lines]) + "\n"))
    assert rows(con, "minutes") == [(None,)] * len(cells)
    assert any("may hold hours, minutes, seconds or units" in warning for warning in intake.warnings)


@pytest.mark.parametrize(("header", "is_read"), [("Direct Time", True), ("Total Time", False), ("Total_Therapy_Time", False)])
def test_the_time_of_a_visit_is_left_and_said_and_that_of_a_line_is_read(header: str, is_read: bool, tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, f"{HEADER},{header}\n{LINE.format(n=1, code='97140')},45\n"))
    assert rows(con, "1") == [(1,)]
    assert any(f"{header!r}" in said and "was taken for minutes, in minutes" in said for said in intake.warnings) == is_read
    assert any(f"{header!r}" in said and "it was not read" in said for said in intake.warnings) != is_read


@pytest.mark.parametrize(("length", "column"), [("45", "visit_total_minutes"), ("15", "minutes")])
def test_a_duration_that_fits_the_units_of_the_whole_visit_is_the_visits(length: str, column: str, tmp_path: Path) -> None:
    lines = [f"C1,{n},P1,11/13/2025,{code},1,Aetna,30.00,{length}" for n, code in enumerate(("97110", "97140", "97112"), 1)]
    lines.append("C2,1,P2,11/13/2025,97110,2,Aetna,30.00,30")
    con, _ = read(write(tmp_path, "\n".join([f"{HEADER},Duration", *lines]) + "\n"))
    assert rows(con, column)[0] == (int(length),)


def test_digits_of_a_bad_cell_are_masked_too(tmp_path: Path) -> None:
    con, _ = read(write(tmp_path, f"{HEADER}\nC1,1,P1,Smith 123-45-6789,97140,1,Aetna,30.00\n"))
    assert rejects(con)[0][2] == "AAAAA 999-99-9999"
