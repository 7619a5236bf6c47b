"""A constant of audit.toml is for what the export lacks: what it has stays, and what is passed over is named."""

from pathlib import Path

import pytest

from audit.model import Intake
from tests.intake.test_load import read, rows, write

HEAD = "Claim #,Patient ID,DOS,CPT,Units,{}\n"
LINES = ("C1,P1,11/13/2025,97110,2,{}\n", "C2,P2,11/14/2025,97140,1,{}\n", "C3,P3,11/15/2025,97140,,{}\n")


def export(folder: Path, header: str, *cells: str, units: str = "1") -> Path:
    lines = "".join(line.format(cell) for line, cell in zip(LINES, cells, strict=True))
    return write(folder, HEAD.format(header) + lines.replace("97140,,", f"97140,{units},"))


def said(intake: Intake) -> str:
    return " ".join(intake.warnings)


def test_a_constant_stands_on_every_row_of_a_file_that_lacks_the_column(tmp_path: Path) -> None:
    con, intake = read(export(tmp_path, "Room", "1", "2", "3"), constants={"payer_name": "Aetna"})
    assert rows(con, "payer_name") == [("Aetna",)] * 3
    assert "Aetna" not in said(intake)


@pytest.mark.parametrize(
    ("header", "column"), [("Payer", "payer_name"), ("Place of Service", "place_of_service"), ("Location", "location")]
)
def test_a_column_that_the_file_has_stays_and_the_constant_fills_its_blanks(header: str, column: str, tmp_path: Path) -> None:
    other = {} if column == "payer_name" else {"payer_name": "Aetna"}
    con, intake = read(export(tmp_path, header, "11", "", "n/a"), constants={column: "12", **other})
    assert rows(con, column) == [("11",), ("12",), ("12",)]
    assert f"'{header}' (column 6) fills {column}; the constant '12' of audit.toml stands only where that is blank." in said(
        intake
    )


def test_units_that_the_file_has_are_no_constant_s(tmp_path: Path) -> None:
    con, intake = read(export(tmp_path, "Payer", *["Aetna"] * 3, units=""), constants={"units": "1"})
    assert [int(units) for (units,) in rows(con, "units")] == [2, 1, 1]
    assert "'Units' (column 5) fills units" in said(intake)


def test_a_header_that_says_a_column_less_than_in_full_gives_way(tmp_path: Path) -> None:
    con, intake = read(export(tmp_path, "Plan", "Gold", "Silver", "Gold"), constants={"payer_name": "Aetna"})
    assert rows(con, "payer_name") == [("Aetna",)] * 3
    assert "Aetna" not in said(intake)


def test_of_two_headers_that_name_the_column_neither_stays_and_both_are_named(tmp_path: Path) -> None:
    con, intake = read(export(tmp_path, "Payer,Payer Name", "A,B", "A,C", "D,E"), constants={"payer_name": "Aetna"})
    assert rows(con, "payer_name") == [("Aetna",)] * 3
    assert "'Payer' (column 6) and 'Payer Name' (column 7) may hold payer_name and are not read" in said(intake)


def test_an_empty_constant_says_that_no_line_has_one_and_names_what_is_not_read(tmp_path: Path) -> None:
    con, intake = read(export(tmp_path, "Modifier 1", "GP", "GP", "59"), constants={"modifier_1": "", "payer_name": "Aetna"})
    assert rows(con, "modifier_1") == [(None,)] * 3
    assert "'Modifier 1' (column 6) may hold modifier_1 and is not read: audit.toml says '' for every row." in said(intake)


def test_a_column_made_of_several_headers_takes_no_constant_and_that_is_said(tmp_path: Path) -> None:
    path = export(tmp_path, "Room", "1", "2", "3")
    con, intake = read(
        path, column_overrides={"claim_id": "Patient ID + DOS"}, constants={"claim_id": "X", "payer_name": "Aetna"}
    )
    assert len(set(rows(con, "claim_id"))) == 3
    assert "[columns] makes claim_id of several headers; its constant 'X' is not used." in said(intake)
