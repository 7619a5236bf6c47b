"""Exports in, claim rows, rejected rows and totals out."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from audit.errors import ConfigError, InputError
from audit.intake import check_rejects, find_sources, given, load, present
from audit.intake.files.unpack import Source
from audit.intake.load import _refused
from audit.model import Intake
from tests.macros import session

HEADER = "Claim #,Line,Patient ID,DOS,CPT,Mod 1,Units,Minutes,Start,Rendering NPI,Payer,Charge,Paid,Note\n"
ROW = 'C1,1,P1,11/13/2025,97124,gp,1.00,15,9:05 AM,1247658447.0,Medicare Part B,"$1,234.50",(45.00),Massage\n'


def read(
    *files: Path,
    column_overrides: Mapping[str, str] = {},
    constants: Mapping[str, str] = {},
    header_names: Mapping[str, Sequence[str]] = {},
    **options: object,
) -> tuple[duckdb.DuckDBPyConnection, Intake]:
    con = session()
    return con, load(con, files, given=given(column_overrides, constants, header_names), **options)  # type: ignore[arg-type]


def write(folder: Path, text: str | bytes, name: str = "export.csv") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def rows(con: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[object, ...]]:
    return con.execute(f"SELECT {columns} FROM claim_row ORDER BY line_id").fetchall()


def rejects(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute("SELECT source_row, column_name, value, reason FROM rejected_row ORDER BY ALL").fetchall()


def test_a_row_is_typed_column_by_column(tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, HEADER + ROW))
    assert rows(con, "claim_id, claim_line_number, service_date, modifier_1, units, minutes") == [
        ("C1", 1, date(2025, 11, 13), "GP", Decimal("1.00"), 15)
    ]
    assert rows(con, "start_time, rendering_npi, charge_amount, paid_amount") == [
        (time(9, 5), "1247658447", Decimal("1234.50"), Decimal("-45.00"))
    ]
    assert rows(con, "line_id, source_file, source_row") == [((1 << 40) + 2, "export.csv", 2)]
    assert intake.files[0].dollars.charge_amount == Decimal("1234.50")
    assert intake.files[0].dollars.allowed_amount is None
    assert intake.rejected_rows == 0


@pytest.mark.parametrize(
    ("cell", "column", "value", "said"),
    [
        ("11/13/2025", "service_date", "13/13/2025", "date"),
        ("11/13/2025", "service_date", "", "blank"),
        ("97124", "procedure_code", "--", "blank"),
        ("1.00", "units", "one", "units"),
        ("(45.00)", "paid_amount", '"1234,50"', "comma"),
        ("9:05 AM", "start_time", "25:99", "clock"),
        (",15,", "minutes", ",15.5,", "minutes"),
        ("Medicare Part B", "payer_name", "N/A", "payer"),
        ("C1,1", "claim_line_number", "C1,x", "whole"),
        ("P1", "patient_id", " ", "blank"),
    ],
)
def test_a_bad_cell_rejects_its_row_and_says_why(tmp_path: Path, cell: str, column: str, value: str, said: str) -> None:
    con, intake = read(write(tmp_path, HEADER + ROW + ROW.replace(cell, value, 1)))
    ((row, name, _, reason),) = rejects(con)
    assert (row, name) == (3, column)
    assert said in str(reason)
    assert (intake.rows, intake.rejected_rows) == (2, 1)
    assert intake.rejections[0].column == column
    assert len(rows(con, "claim_id")) == 1


def test_dollars_of_rejected_rows_are_counted_apart(tmp_path: Path) -> None:
    _, intake = read(write(tmp_path, HEADER + ROW + ROW.replace("97124", "") + ROW.replace("11/13/2025", "soon")))
    file = intake.files[0]
    assert (file.dollars.paid_amount, file.rejected_dollars.paid_amount) == (Decimal("-135.00"), Decimal("-90.00"))


def test_words_for_nothing_are_null_and_no_fault(tmp_path: Path) -> None:
    blank = ROW.replace(",15,", ",N/A,").replace("9:05 AM", "--").replace("(45.00)", "-").replace("gp", "none")
    con, intake = read(write(tmp_path, HEADER + blank))
    assert rows(con, "minutes, start_time, paid_amount, modifier_1") == [(None, None, None, None)]
    assert intake.rejected_rows == 0


def test_two_faults_of_one_row_are_two_lines_and_one_row(tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, HEADER + ROW + ROW.replace("97124", "").replace("1.00", "x")))
    assert [name for _, name, _, _ in rejects(con)] == ["procedure_code", "units"]
    assert intake.rejected_rows == 1


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("C9,1,P1\n", "3 cells"),
        (ROW.rstrip("\n") + ",more\n", "15 cells"),
        ('C9,1,P1,11/13/2025,97124,gp,1,15,,,Medicare,1,1,"open\n', "quote"),
    ],
)
def test_a_ragged_row_is_rejected_and_its_neighbours_are_kept(tmp_path: Path, broken: str, said: str) -> None:
    con, intake = read(write(tmp_path, HEADER + ROW + broken + ROW.replace("C1", "C3")))
    assert rows(con, "claim_id, source_row") == [("C1", 2), ("C3", 4)]
    ((row, _, value, reason),) = rejects(con)
    assert row == 3
    assert said in str(reason)
    assert str(value).startswith("A#,#,A#")
    assert (intake.rows, intake.rejected_rows) == (3, 1)


def test_a_note_over_several_lines_is_one_row(tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, HEADER + ROW.replace("Massage", '"Neck,\n\nthen ""back"""') + ROW))
    assert rows(con, "note_text") == [('Neck,\n\nthen "back"',), ("Massage",)]
    assert intake.rows == 2


def test_lost_quotes_do_not_join_rows(tmp_path: Path) -> None:
    opened = ROW.replace("Massage", '"Massage')
    closed = ROW.replace("C1", 'C3"')
    con, intake = read(write(tmp_path, HEADER + ROW + opened + ROW.replace("C1", "C2") + closed + ROW))
    assert intake.rows == 5
    assert [row for (row,) in rows(con, "source_row")] == [2, 4, 5, 6]


def test_lines_are_numbered_within_the_claim_where_the_export_has_no_numbers(tmp_path: Path) -> None:
    text = "Claim #,Patient ID,DOS,CPT,Units,Payer\n" + "".join(
        f"{claim},P1,2025-11-03,{code},1,Aetna\n" for claim, code in [("A", "97124"), ("B", "97110"), ("A", "97140")]
    )
    con, intake = read(write(tmp_path, text))
    assert rows(con, "claim_id, claim_line_number, procedure_code") == [("A", 1, "97124"), ("B", 1, "97110"), ("A", 2, "97140")]
    assert "numbered" in intake.warnings[0]


def test_two_files_of_one_name_are_told_apart_and_ordered(tmp_path: Path) -> None:
    write(tmp_path, HEADER + ROW, "oct/export.csv")
    write(tmp_path, HEADER + ROW.replace("C1", "C0"), "nov/export.csv")
    con, intake = read(*find_sources([str(tmp_path / "**" / "*.csv")]))
    assert [file.name for file in intake.files] == ["nov/export.csv", "oct/export.csv"]
    assert rows(con, "claim_id, source_file, source_row, line_id >> 40") == [
        ("C0", "nov/export.csv", 2, 1),
        ("C1", "oct/export.csv", 2, 2),
    ]


def test_headers_are_matched_without_case_blanks_and_punctuation(tmp_path: Path) -> None:
    header = "\ufeffCLAIM_ID, line no. ,Patient-Id,date of service,cpt code,UNITS,payer name\n"
    con, _ = read(write(tmp_path, header + "C1,1,P1,2025-11-03,97124,1,Aetna\n"))
    assert rows(con, "claim_id, payer_name") == [("C1", "Aetna")]


def test_a_mapping_of_the_user_wins(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER.replace("Patient ID", "Who").replace("Paid", "Received") + ROW)
    con, intake = read(path, column_overrides={"patient_id": "who", "paid_amount": "Received"})
    assert rows(con, "patient_id, paid_amount") == [("P1", Decimal("-45.00"))]
    assert {m.name: m.how for m in intake.files[0].mapping}["patient_id"] == "named in audit.toml"


def test_a_mapping_to_an_unknown_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="patient_number"):
        read(write(tmp_path, HEADER + ROW), column_overrides={"patient_number": "Patient ID"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        (HEADER, "no rows"),
        (HEADER.replace("CPT", "Thing") + ROW, "procedure_code"),
        (HEADER.replace("Payer", "Thing") + ROW, "payer"),
        (HEADER.replace("Paid", "DOS") + ROW, "could each be service_date"),
        (HEADER.replace("Paid", "Date of Service") + ROW, "could each be service_date"),
        (b"\x89PNG\x00\x01\x02\x03" * 50, "holds a picture"),
        (b"\x99QQQ\x00\x01\x02\x03" * 50, "not text"),
    ],
)
def test_a_file_that_cannot_be_audited_is_refused_in_a_sentence(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read(write(tmp_path, text))
    assert "export.csv" in caught.value.message
    assert caught.value.hint


def test_parquet_and_csv_give_the_same_rows(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + ROW + ROW.replace("C1", "C2").replace("(45.00)", ""))
    con, _ = read(path)
    columns = "* EXCLUDE (line_id, source_file, source_row)"
    con.execute(f"COPY (SELECT {columns} FROM claim_row ORDER BY line_id) TO '{tmp_path}/same.parquet'")
    again, intake = read(tmp_path / "same.parquet")
    assert rows(again, columns) == rows(con, columns)
    assert intake.files[0].format == "parquet"
    assert intake.files[0].dollars.paid_amount == Decimal("-45.00")


def test_a_parquet_file_of_odd_types_is_read(tmp_path: Path) -> None:
    path = tmp_path / "odd.parquet"
    session().execute(
        f"""COPY (SELECT 12345.0::DOUBLE AS claim_id, 1::TINYINT AS claim_line_number, 77::DECIMAL(9,2) AS patient_id,
        TIMESTAMP '2025-11-03 00:00:00' AS service_date, 97124 AS procedure_code, 2.0::FLOAT AS units, 15.0::DOUBLE AS minutes,
        1247658447.0::DOUBLE AS rendering_npi, 'Aetna'::ENUM('Aetna') AS payer_name, 'NaN'::DOUBLE AS paid_amount,
        12.340000001::DOUBLE AS charge_amount) TO '{path}'"""
    )
    con, _ = read(path)
    assert rows(con, "claim_id, patient_id, service_date, procedure_code") == [("12345", "77", date(2025, 11, 3), "97124")]
    assert rows(con, "units, minutes, rendering_npi, payer_name, paid_amount, charge_amount") == [
        (Decimal("2.00"), 15, "1247658447", "Aetna", None, Decimal("12.34"))
    ]


def test_a_truncated_parquet_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.parquet"
    session().execute(f"COPY (SELECT range AS claim_id FROM range(5000)) TO '{path}'")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(InputError, match="not a readable Parquet"):
        read(path)


def test_source_rows_are_right_in_a_file_read_by_several_threads(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text(
        "claim_id,line,patient_id,dos,cpt,units,payer,note\n"
        + "".join(f"{n},1,P{n % 97},2025-11-03,97124,1,Aetna,{'x' * (n % 60)}\n" for n in range(1, 150_001))
    )
    con, intake = read(path)
    assert con.execute("SELECT count(*) FROM claim_row WHERE claim_id <> CAST(source_row - 1 AS VARCHAR)").fetchone() == (0,)
    assert intake.rows == 150_000


def test_progress_hears_the_bytes_of_each_file(tmp_path: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    path = write(tmp_path, HEADER + ROW)
    read(path, progress=lambda name, done, total: heard.append((name, done, total)))
    assert heard[-1] == ("export.csv", path.stat().st_size, path.stat().st_size)


@pytest.mark.parametrize("broken", ["", "C9\n"], ids=["read quickly", "read with care"])
def test_a_row_of_blank_cells_counts_in_every_dialect_and_an_empty_line_does_not(tmp_path: Path, broken: str) -> None:
    text = (HEADER + ROW.replace('"$1,234.50"', "5") + "," * 13 + "\n" + ROW.replace('"$1,234.50"', "5") + broken).replace(
        ",", "\t"
    )
    con, _ = read(write(tmp_path, text))
    assert rows(con, "source_row") == [(2,), (4,)]


def test_a_refusal_names_the_first_rows_of_each_reason(tmp_path: Path) -> None:
    good = "C{n},P1,11/13/2025,97110,2,Aetna\n"
    bad = "C{n},P1,11/13/2025,97110,many,Aetna\n"
    text = "Claim #,Patient ID,DOS,CPT,Units,Payer\n" + "".join((bad if n % 3 else good).format(n=n) for n in range(1, 12))
    _, intake = read(write(tmp_path, text + "C12,P1,no day,97110,2,Aetna\n"))
    assert [(one.column, intake.places_of(one)) for one in intake.rejections] == [
        ("units", "rows 2, 3, 5, 6, 8 and 3 more"),
        ("service_date", "row 13"),
    ]
    with pytest.raises(InputError) as raised:
        check_rejects(intake)
    assert "8  units: is not a number of units (rows 2, 3, 5, 6, 8 and 3 more)" in raised.value.message
    assert "max_rejected under [audit]" in raised.value.hint


def test_rows_of_several_files_are_named_with_their_file(tmp_path: Path) -> None:
    text = "Claim #,Patient ID,DOS,CPT,Units,Payer\nC1,P1,11/13/2025,97110,2,Aetna\nC{n},P1,11/13/2025,97110,many,Aetna\n"
    files = [write(tmp_path, text.format(n=n), name=f"{n}.csv") for n in (2, 3)]
    _, intake = read(*files)
    assert [intake.places_of(one) for one in intake.rejections] == ["rows 3 of 2.csv, 3 of 3.csv"]


def test_a_file_that_is_damaged_inside_shows_no_cell(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    told = _refused(Source("export.csv", path, path), duckdb.IOException('No files found that match "PATIENT-1"'))
    assert "likely damaged" in told.message
    assert "PATIENT" not in told.message


@pytest.mark.parametrize(
    "error", [duckdb.IOException("No files found"), FileNotFoundError(2, "No such file"), InputError("changed")]
)
def test_whatever_fails_of_a_file_that_was_taken_away_is_told_as_that(error: Exception, tmp_path: Path) -> None:
    here, gone = tmp_path / "here.csv", tmp_path / "gone.csv"
    here.touch()
    with pytest.raises(InputError, match=r"gone\.csv was taken away while it was read"), present([here, gone]):
        raise error
    with pytest.raises(type(error)) as told, present([here]):
        raise error
    assert told.value is error


def test_memory_that_is_short_is_told_though_a_file_was_taken_away(tmp_path: Path) -> None:
    with pytest.raises(MemoryError), present([tmp_path / "gone.csv"]):
        raise MemoryError
