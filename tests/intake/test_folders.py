"""Values that stand in the names of folders, as partitions of a data set are written."""

from pathlib import Path

from audit.intake import find_sources
from tests.intake.test_load import read, rows, write

HEADER = "claim_id,claim_line_number,patient_id,service_date,procedure_code,modifier_1,units,rendering_npi,charge_amount"
LINE = "C{n},1,P{n},2025-11-03,97110,GP,1,1234567893,60.00"


def partitioned(folder: Path, *names: str, header: str = HEADER, more: str = "") -> list[Path]:
    for n, name in enumerate(names, 1):
        write(folder, f"{header}\n{LINE.format(n=n)}{more}\n", f"{name}/part-0.csv")
    return list(find_sources([f"{folder}/**/*.csv"]))


def test_a_folder_s_value_fills_the_column_that_it_names(tmp_path: Path) -> None:
    names = ("payer=Medicare Part B/year=2025", "payer=Blue%20Cross/year=2025")
    con, taken = read(*partitioned(tmp_path, *names))
    assert sorted(rows(con, "payer_name")) == [("Blue Cross",), ("Medicare Part B",)]
    (how,) = {column.how for file in taken.files for column in file.mapping if column.name == "payer_name"}
    assert how == "on every row, by the name of its folder, payer=..."


def test_a_folder_that_all_files_share_counts_too(tmp_path: Path) -> None:
    con, taken = read(*partitioned(tmp_path, "payer=Aetna/year=2025", "payer=Aetna/year=2026"))
    assert [file.name for file in taken.files] == ["year=2025/part-0.csv", "year=2026/part-0.csv"]
    assert rows(con, "payer_name") == [("Aetna",), ("Aetna",)]
    assert rows(read(*partitioned(tmp_path / "alone", "payer=Cigna"))[0], "payer_name") == [("Cigna",)]


def test_a_column_of_the_file_goes_before_its_folder(tmp_path: Path) -> None:
    con, _ = read(*partitioned(tmp_path, "payer=Cigna/x=1", "payer=Cigna/x=2", header=f"{HEADER},payer_name", more=",Aetna"))
    assert rows(con, "payer_name") == [("Aetna",), ("Aetna",)]


def test_only_what_names_a_column_surely_is_taken(tmp_path: Path) -> None:
    names = ("payer_name=Aetna/status=Void/location=East", "payer_name=Aetna/status=Void/location=__HIVE_DEFAULT_PARTITION__")
    con, _ = read(*partitioned(tmp_path, *names))
    assert sorted(rows(con, "payer_name, location, claim_status"), key=str) == [("Aetna", "East", None), ("Aetna", None, None)]
