"""A constant fills what an export lacks; what the export says, it never replaces."""

from decimal import Decimal
from pathlib import Path

import pytest

from audit.errors import ConfigError
from tests.intake.test_load import read, rows, write

HEADER = "Claim #,Line,Patient ID,DOS,CPT,Mod 1,Units,Payer,Charge\n"


def lines(
    *, mods: str = "GP,GP,GP", units: str = "2,1,3", payers: str = "Medicare,Aetna,Medicare", charges: str = "9,9,9"
) -> str:
    cells = zip(mods.split(","), units.split(","), payers.split(","), charges.split(","), strict=True)
    return HEADER + "".join(
        f"C{n},1,P{n},2025-11-0{n},97110,{mod},{unit},{payer},{charge}\n" for n, (mod, unit, payer, charge) in enumerate(cells, 1)
    )


def said_of(warnings: tuple[str, ...], column: str) -> str:
    (sentence,) = [one for one in warnings if f" {column}: " in one]
    return sentence


def test_a_column_of_the_export_counts_and_the_constant_fills_its_blanks(tmp_path: Path) -> None:
    path = write(tmp_path, lines(payers="Medicare,,Aetna"))
    con, intake = read(path, constants={"payer_name": "Self Pay"})
    assert rows(con, "payer_name") == [("Medicare",), ("Self Pay",), ("Aetna",)]
    assert said_of(intake.warnings, "payer_name") == (
        "export.csv: payer_name: 'Payer' fills it; the constant stands in the 1 row where that is blank."
    )


@pytest.mark.parametrize(
    ("column", "constant", "cells", "read_as"),
    [
        ("units", "1", {"units": "2,,3"}, [Decimal(2), Decimal(1), Decimal(3)]),
        ("modifier_1", "KX", {"mods": "GP,,GO"}, ["GP", "KX", "GO"]),
        ("charge_amount", "5.00", {"charges": "9,N/A,7"}, [Decimal(9), Decimal(5), Decimal(7)]),
    ],
)
def test_so_it_is_with_every_kind_of_column(
    column: str, constant: str, cells: dict[str, str], read_as: list[object], tmp_path: Path
) -> None:
    con, intake = read(write(tmp_path, lines(**cells)), constants={column: constant})
    assert [value for (value,) in rows(con, column)] == read_as
    assert "in the 1 row where that is blank" in said_of(intake.warnings, column)


def test_where_nothing_is_blank_the_constant_stands_nowhere(tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, lines()), constants={"units": "1"})
    assert [value for (value,) in rows(con, "units")] == [Decimal(2), Decimal(1), Decimal(3)]
    assert "in no row" in said_of(intake.warnings, "units")


def test_a_column_that_is_named_in_audit_toml_counts_too(tmp_path: Path) -> None:
    con, _ = read(write(tmp_path, lines()), column_overrides={"payer_name": "Payer"}, constants={"payer_name": "Self Pay"})
    assert rows(con, "payer_name") == [("Medicare",), ("Aetna",), ("Medicare",)]


def test_what_the_export_lacks_the_constant_fills_and_nothing_is_said(tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, lines().replace("Payer", "Colour")), constants={"payer_name": "Self Pay"})
    assert rows(con, "payer_name") == [("Self Pay",)] * 3
    assert not [one for one in intake.warnings if "constant" in one]


def test_a_blank_row_stays_blank(tmp_path: Path) -> None:
    con, intake = read(write(tmp_path, lines() + ",,,,,,,,\n"), constants={"units": "1", "payer_name": "Aetna"})
    assert (len(rows(con, "units")), intake.rejected_rows, intake.rows) == (3, 0, 3)
    assert "in no row" in said_of(intake.warnings, "units")


@pytest.mark.parametrize("name", ["modifier_1", "units", "payer_name", "location"])
def test_an_empty_constant_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"gives {name} an empty value"):
        read(write(tmp_path, lines()), constants={name: " "})


def test_several_files_are_told_each(tmp_path: Path) -> None:
    files = [write(tmp_path, lines(payers="Medicare,,Aetna"), f"{n}.csv") for n in range(3)]
    con, intake = read(*files, constants={"payer_name": "Self Pay"})
    assert [value for (value,) in rows(con, "payer_name")].count("Self Pay") == 3
    assert len([one for one in intake.warnings if "payer_name: 'Payer' fills it" in one]) == 3
