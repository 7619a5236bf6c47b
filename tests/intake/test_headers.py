"""Exports of the field, one file for each header line in tests/exports, read end to end: readings.toml says what comes out."""

import tomllib
from pathlib import Path
from typing import Any

import duckdb
import pytest

from audit.contract import COLUMNS
from audit.errors import InputError
from audit.intake.columns.headers import candidates
from audit.intake.columns.likely import in_words_or_place
from audit.model import Intake
from tests.intake.test_load import read, rejects, rows, write

EXPORTS = Path(__file__).resolve().parents[1] / "exports"
READINGS: list[dict[str, Any]] = tomllib.loads((EXPORTS / "readings.toml").read_text(encoding="utf-8"))["reading"]
TABLES = [reading for reading in READINGS if "claim_line" in reading]
REFUSALS = [reading for reading in READINGS if "refused" in reading]


def named(reading: dict[str, Any]) -> str:
    return f"{reading['file']}: {reading['because']}"


def read_as(reading: dict[str, Any]) -> tuple[duckdb.DuckDBPyConnection, Intake]:
    given = {"column_overrides": reading.get("columns", {}), "constants": reading.get("constants", {})}
    return read(EXPORTS / reading["file"], **given)


def table_of(text: str) -> tuple[list[str], list[list[str]]]:
    header, *lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return header, [line + [""] * (len(header) - len(line)) for line in lines]


@pytest.mark.parametrize("reading", TABLES, ids=named)
def test_every_filled_column_of_every_row_is_read(reading: dict[str, Any]) -> None:
    con, intake = read_as(reading)
    columns, lines = table_of(reading["claim_line"])
    asked = ", ".join(f"coalesce(CAST(\"{column}\" AS VARCHAR), '')" for column in columns)
    assert [list(row) for row in rows(con, asked)] == lines
    assert set(columns) - {"source_row"} == set(intake.filled_columns)
    assert [f"row {row}, {column}: {reason}" for row, column, _, reason in rejects(con)] == reading.get("rejected", [])
    assert intake.rows == len(lines) + intake.rejected_rows
    assert list(intake.files[0].private_columns) == reading.get("private", [])


@pytest.mark.parametrize("reading", REFUSALS, ids=named)
def test_an_export_that_lacks_a_field_is_refused_by_its_name_with_a_mend(reading: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        read_as(reading)
    for said in reading["refused"]:
        assert said in caught.value.message
        asked = said.removeprefix("could each be ")
        mend = f"  {asked} = " if asked != said else f"{said.split(' (')[0].removeprefix('a ')}: "
        assert mend in caught.value.hint
    assert reading["file"] in caught.value.message


def test_every_export_has_a_reading_and_every_column_is_of_the_contract() -> None:
    assert {path.name for path in EXPORTS.iterdir()} - {"readings.toml"} == {reading["file"] for reading in READINGS}
    known = {column.name for column in COLUMNS} | {"source_row"}
    assert all(set(table_of(reading["claim_line"])[0]) <= known for reading in TABLES)


def test_what_was_guessed_or_stood_in_is_said() -> None:
    _, intake = read(EXPORTS / "kareo_charges.csv")
    assert any("no column for claim_id (claim control number): 'EncounterID' stands in" in said for said in intake.warnings)
    assert "ProcedureName" in intake.files[0].unmapped_columns
    con, intake = read(EXPORTS / "title_lines.csv", **_titled())
    assert any("totals line states charge_amount 180.00, and its rows add up" in said for said in intake.notes)
    assert (intake.rows, len(rows(con, "1"))) == (2, 2)


def _titled() -> dict[str, Any]:
    reading = next(reading for reading in TABLES if reading["file"] == "title_lines.csv")
    return {"column_overrides": reading["columns"], "constants": reading["constants"]}


def test_a_header_that_says_patient_is_a_number_only_over_numbers(tmp_path: Path) -> None:
    header = "Claim ID,Patient,DOS,CPT,Units,Payer\n"
    con, _ = read(write(tmp_path, header + "C1,P17,11/13/2025,97124,1,Aetna\n"))
    assert rows(con, "patient_id") == [("P17",)]
    # A word for nothing is no name.
    con, intake = read(
        write(
            tmp_path,
            header.replace("Payer", "Subscriber #,Payer")
            + "C1,P17,11/13/2025,97124,1,N/A,Aetna\n" * 3
            + "C1,P17,11/13/2025,97124,1,W300,Aetna\n",
        )
    )
    assert (rows(con, "member_id")[3], intake.files[0].private_columns) == (("W300",), ())
    with pytest.raises(InputError, match="no column for patient_id"):
        read(write(tmp_path, header + "C1,Ada Example,11/13/2025,97124,1,Aetna\n"))


def test_one_column_of_one_diagnosis_is_left_as_it_is(tmp_path: Path) -> None:
    text = "Claim ID,Patient ID,DOS,CPT,Units,Payer,Dx\nC1,P1,11/13/2025,97124,1,Aetna,M54.2\n"
    _, intake = read(write(tmp_path, text))
    assert [column.name for column in intake.files[0].mapping if column.name.startswith("diagnosis")] == ["diagnosis_1"]


def test_minutes_that_are_nought_on_every_row_count_as_not_recorded(tmp_path: Path) -> None:
    header = "Claim ID,Patient ID,DOS,CPT,Units,Payer,Minutes\n"
    row = "C1,P1,11/13/2025,97124,1,Aetna,"
    con, intake = read(write(tmp_path, f"{header}{row}0\n{row}0\n{row}\n"))
    assert rows(con, "minutes") == [(None,)] * 3
    assert "minutes" not in intake.filled_columns
    assert any("minutes is 0 on all of its 2 rows that state it" in said for said in intake.warnings)
    con, _ = read(write(tmp_path, f"{header}{row}0\n{row}15\n"))
    assert rows(con, "minutes") == [(0,), (15,)]


def test_the_tuva_sample_ties_out_and_says_its_oddities() -> None:
    sample = Path(__file__).resolve().parents[3] / "shared" / "samples" / "tuva_medical_claim_2018.csv"
    if not sample.exists():
        pytest.skip("the Tuva sample is not part of the project")
    _, intake = read(sample, constants={"payer_name": "not stated"})
    assert (intake.rows, intake.rejected_rows) == (6067, 45)
    said = " ".join(intake.warnings)
    assert "no finding counts dollars on them" in said
    assert "0 units" in said


NAMED = [
    ("Ins. 1 Paid", "paid_amount"), ("Payer Payment", "paid_amount"), ("Ins Pd", "paid_amount"), ("INSPMT", "paid_amount"),
    ("Allow", "allowed_amount"), ("Primary Insurance Allowed", "allowed_amount"), ("Billed Charge", "charge_amount"),
    ("Tot Chg", "charge_amount"), ("Charged", "charge_amount"), ("Time (Minutes)", "minutes"), ("Tx Min", "minutes"),
    ("ICD-10 Codes", "diagnosis_1"), ("Ins Plan Name", "payer_name"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "column"), NAMED)
def test_a_header_of_a_system_is_known(header: str, column: str) -> None:
    assert [option.name for options in candidates([header]).values() for option in options] == [column]


@pytest.mark.parametrize("header", ["Direct Time", "All Payments", "Pt Paid", "Copay", "Allowance Reason", "Charged By"])
def test_a_header_that_may_be_another_thing_is_not(header: str) -> None:
    assert candidates([header]) == {}


def test_a_header_that_may_be_a_persons_name_is_told_by_its_place() -> None:
    headers = [
        "Claim #", "Roe, Jan", "Superbill Tracking", "Minuts", "David", "123456789", "LINE_HCT_HGB_RSLT_NUM", "Patient Roe Jan",
        "X99", "APPOINTMENTID", "Caf\u00e9",
    ]  # fmt: skip
    told = in_words_or_place(headers, headers[1:])
    assert told == (
        "#2", "Superbill Tracking", "Minuts", "#5", "#6", "LINE_HCT_HGB_RSLT_NUM", "#8", "X99", "APPOINTMENTID", "#11",
    )  # fmt: skip
