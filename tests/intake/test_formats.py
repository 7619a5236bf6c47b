"""One table written in many dialects, encodings and packings reads back the same; damaged files tie out or are refused."""

import csv
import datetime as dt
import gzip
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from audit.errors import InputError
from audit.intake import check_rejects, load
from tests.intake.test_load import HEADER, ROW, read, rejects, rows, write
from tests.macros import session

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = (
    "claim_id",
    "claim_line_number",
    "patient_id",
    "service_date",
    "procedure_code",
    "units",
    "payer_name",
    "paid_amount",
    "note_text",
)
NOTES = st.text(alphabet=st.sampled_from("abc xyz,;|\t\"'\n-é€0123456789."), max_size=40)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    count = draw(st.integers(1, 12))
    made = []
    for number in range(1, count + 1):
        day = dt.date(2025, 1, 1) + dt.timedelta(days=draw(st.integers(0, 360)))
        cents = draw(st.integers(-99_999, 9_999_999))
        # Cells that are all numbers are a note's state and no note; the first of a table has words.
        note = draw(NOTES) if number > 1 else f"ab {draw(NOTES)}"
        made.append([
            f"C{number}", "1", f"P{draw(st.integers(1, 99))}", day.isoformat(),
            draw(st.sampled_from(["97124", "97140", "G0283"])),
            str(draw(st.integers(1, 8))), draw(st.sampled_from(["Aetna", "Medicare Part B", "Ünited"])),
            str(Decimal(cents) / 100), note,
        ])  # fmt: skip
    return made


def as_csv(table: list[list[str]], delimiter: str, end: str, quoting: int) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(NAMES)
    writer.writerows(table)
    return out.getvalue()


def expected(table: list[list[str]]) -> list[tuple[object, ...]]:
    def cell(text: str) -> str | None:
        stripped = text.strip(" \t\r\n\xa0")
        if stripped.startswith("'"):  # the spreadsheet's sign for "this is text"
            stripped = stripped.strip(" \t\r\n\xa0'")
        return None if set(stripped) <= {"-"} or set(stripped) <= {"."} or stripped.casefold() in ("na", "n/a") else stripped

    return [
        (row[0], row[2], dt.date.fromisoformat(row[3]), row[4], Decimal(row[5]), row[6], Decimal(row[7]), cell(row[8]))
        for row in table
    ]


COLUMNS = "claim_id, patient_id, service_date, procedure_code, units, payer_name, paid_amount, note_text"


@FEW
@given(
    table=tables(),
    shape=st.tuples(st.sampled_from([",", "\t", ";", "|"]), st.sampled_from(["\n", "\r\n"])),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    around=st.tuples(st.sampled_from(["", "Sunrise Therapy\n\n"]), st.sampled_from(["", ".gz", ".zip"])),
)
def test_any_dialect_encoding_and_packing_reads_back_the_same(
    table: list[list[str]], shape: tuple[str, str], encoding: str, quoting: int, around: tuple[str, str],
    con: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("dialect")
    (delimiter, end), (title, packing) = shape, around
    data = (title.replace("\n", end) + as_csv(table, delimiter, end, quoting)).encode(encoding)
    path = folder / f"export.csv{packing}"
    if packing == ".gz":
        path.write_bytes(gzip.compress(data))
    elif packing == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("inner/export.csv", data)
    else:
        path.write_bytes(data)
    intake = load(con, [path])
    assert rows(con, COLUMNS) == expected(table)
    assert intake.files[0].dollars.paid_amount == sum(Decimal(row[7]) for row in table)


def test_damaged_archives_are_refused(tmp_path: Path) -> None:
    packed = gzip.compress((HEADER + ROW * 500).encode())
    with pytest.raises(InputError, match="damaged"):
        read(write(tmp_path, packed[: len(packed) // 2], "a.csv.gz"))
    with pytest.raises(InputError, match="damaged"):
        read(write(tmp_path, b"PK nothing", "a.zip"))


def test_an_excel_workbook_is_read(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Claims")
    book.add_worksheet("Notes").write(0, 0, "made by the billing system")
    sheet.write_row(0, 0, ["Title"])
    sheet.write_row(2, 0, ["Claim #", "Line", "Patient ID", "DOS", "CPT", "Units", "Payer", "Paid", "Start"])
    sheet.write_row(3, 0, ["K1", 1, 77, "", 97124, 2, "Aetna", 12.5])
    sheet.write_datetime(3, 3, dt.datetime.fromisoformat("2025-11-13"), book.add_format({"num_format": "mm/dd/yyyy"}))
    sheet.write_datetime(3, 8, dt.datetime.fromisoformat("1899-12-31T09:05:00"), book.add_format({"num_format": "h:mm"}))
    sheet.write_row(4, 0, ["K2", 1, 77, 45974, "97140", 1, "Aetna", "$5.00"])
    sheet.write_row(5, 0, ["Total", "", "", "", "", "", "", 17.5])
    book.close()
    con, intake = read(path)
    assert rows(con, "claim_id, patient_id, service_date, procedure_code, units, paid_amount") == [
        ("K1", "77", dt.date(2025, 11, 13), "97124", Decimal("2.00"), Decimal("12.50")),
        ("K2", "77", dt.date(2025, 11, 13), "97140", Decimal("1.00"), Decimal("5.00")),
    ]
    assert (intake.rows, intake.files[0].format) == (2, "excel, sheet Claims")
    with pytest.raises(InputError, match="cannot be read"):
        read(write(tmp_path, path.read_bytes()[:2000], "cut.xlsx"))


def test_day_first_dates_are_told_from_the_file(tmp_path: Path) -> None:
    days = ["03/11/2025", "13/11/2025", "04/11/2025"]
    con, intake = read(write(tmp_path, HEADER + "".join(ROW.replace("11/13/2025", day) for day in days)))
    assert [str(day) for (day,) in rows(con, "service_date")] == ["2025-11-03", "2025-11-13", "2025-11-04"]
    assert "day/month/year" in " ".join(intake.warnings)
    with pytest.raises(InputError, match="month/day and"):
        read(write(tmp_path, HEADER + ROW.replace("11/13", "13/11") + ROW, "both.csv"))


def test_codes_under_useless_headers_are_found_by_their_values(tmp_path: Path) -> None:
    text = HEADER.replace("CPT", "F6") + "".join(ROW.replace("C1", f"C{n}") for n in range(6))
    con, intake = read(write(tmp_path, text))
    assert rows(con, "procedure_code")[0] == ("97124",)
    (mapped,) = [column for column in intake.files[0].mapping if column.name == "procedure_code"]
    assert (mapped.source_column, mapped.confidence) == ("F6", 0.7)


def test_blank_rows_are_passed_over_and_said(tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, HEADER + ROW + "," * 13 + "\n" + ROW.replace("C1", "C2") + "," * 13 + "\n"))
    assert rows(con, "claim_id, source_row") == [("C1", 2), ("C2", 4)]
    assert (intake.rows, intake.rejected_rows, rejects(con)) == (2, 0, [])
    assert "2 rows are blank" in " ".join(intake.warnings)


def test_the_gate_names_the_commonest_reasons(tmp_path: Path) -> None:
    _, intake = read(write(tmp_path, HEADER + ROW * 97 + ROW.replace("97124", "") * 2 + ROW.replace("1.00", "x")))
    check_rejects(intake, most=0.03)
    with pytest.raises(InputError, match=r"3 of 100 rows \(3\.0 %\)") as caught:
        check_rejects(intake)
    assert "procedure_code: CPT or HCPCS code is blank" in caught.value.message


def test_the_same_file_twice_is_said(tmp_path: Path) -> None:
    _, intake = read(write(tmp_path, HEADER + ROW, "a.csv"), write(tmp_path, HEADER + ROW, "b.csv"))
    assert "b.csv is the same file as a.csv" in " ".join(intake.warnings)


def test_months_in_different_formats_and_orders_are_read_together(tmp_path: Path) -> None:
    a = write(tmp_path, HEADER + ROW, "a.csv")
    b = write(tmp_path, "payer|units|cpt|dos|patient_id|line|claim_id\nAetna|1|97140|2025-12-01|P2|1|D1\n", "b.txt")
    con = session()
    con.execute(f"COPY (SELECT 'E1' AS claim_id, 1 AS line, 'P3' AS mrn, DATE '2026-01-02' AS dos, '97110' AS cpt, 2 AS units, "
                f"'Cigna' AS payer) TO '{tmp_path}/c.parquet'")  # fmt: skip
    intake = load(con, [tmp_path / "c.parquet", b, a])
    assert rows(con, "claim_id, source_file") == [("C1", "a.csv"), ("D1", "b.txt"), ("E1", "c.parquet")]
    assert [file.format for file in intake.files] == ["csv", "pipe-separated", "parquet"]


def test_windows_characters_in_one_line_do_not_spoil_the_others(tmp_path: Path) -> None:
    data = (HEADER + ROW.replace("Massage", "caf\u00e9")).encode() + ROW.replace("Massage", "caf\u00e9").encode("cp1252")
    con, _ = read(write(tmp_path, data))
    assert rows(con, "note_text") == [("café",), ("café",)]


@pytest.mark.parametrize("broken", ["", "C9,1\n"])
@pytest.mark.parametrize(
    ("encoding", "notes"),
    [
        ("cp1252", ["caf\u00e9", "SANT\u00c9\u2019S", "\u00dc\u00a0bung"]),
        ("utf-8", ["caf\u00e9", "\u0414\u0430", "\u05d0", "a\u2019"]),
    ],
)
def test_windows_characters_that_are_utf8_by_chance_are_told_by_the_rest_of_the_file(
    encoding: str, notes: list[str], broken: str, tmp_path: Path
) -> None:
    lines = [ROW.replace("Massage", note) for note in notes]
    con, _ = read(write(tmp_path, (HEADER + "".join(lines) + broken).encode(encoding)))
    assert rows(con, "note_text") == [(note,) for note in notes]
