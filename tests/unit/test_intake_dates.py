"""Dates none of which tells month from day: the order that audit.toml names, else month first, else refused with the mend."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from audit import intake
from audit.engine import sql_files
from audit.errors import InputError
from audit.model import Intake

HEADER = "Claim #,Line,Acct #,DOS,CPT,Units,Payer"


def read(folder: Path, dates: list[str], order: str | None = None) -> tuple[list[date], Intake]:
    """The service dates as they were read, and what intake said."""
    path = folder / "export.csv"
    rows = [f"C{n},1,P{n},{day},97140,1,Acme" for n, day in enumerate(dates)]
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    with duckdb.connect(":memory:") as con:
        sql_files.run_all(con, "macros")
        taken = intake.load(con, [path], dates=order, scratch=folder)
        return [row[0] for row in con.execute("SELECT service_date FROM claim_row ORDER BY source_row").fetchall()], taken


def test_the_first_days_of_one_month_are_read_month_first_with_a_warning(tmp_path: Path) -> None:
    found, taken = read(tmp_path, [f"11/{day:02}/2025" for day in range(1, 13)])
    assert found == [date(2025, 11, day) for day in range(1, 13)]
    assert any('dates = "day_first"' in warning for warning in taken.warnings)


def test_one_day_of_many_months_is_refused_and_the_error_names_the_key(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one day of 12 months") as refusal:
        read(tmp_path, [f"{day:02}/11/2025" for day in range(1, 13)])
    assert 'dates = "month_first"' in refusal.value.hint


def test_one_day_of_two_months_is_too_little_to_refuse(tmp_path: Path) -> None:
    found, _ = read(tmp_path, ["11/05/2025", "12/05/2025"])
    assert found == [date(2025, 11, 5), date(2025, 12, 5)]


@pytest.mark.parametrize(("order", "month", "day"), [("month_first", 3, 11), ("day_first", 11, 3)])
def test_the_key_decides_what_the_file_does_not(order: str, month: int, day: int, tmp_path: Path) -> None:
    found, taken = read(tmp_path, [f"{n:02}/11/2025" for n in range(1, 13)], order)
    assert found[2] == date(2025, month, day)
    assert [warning for warning in taken.warnings if "audit.toml says" in warning] == (
        [taken.warnings[0]] if order == "day_first" else []
    )


def test_a_file_that_tells_its_order_is_read_in_it_whatever_the_key_says(tmp_path: Path) -> None:
    found, _ = read(tmp_path, ["11/03/2025", "11/28/2025"], "day_first")
    assert found == [date(2025, 11, 3), date(2025, 11, 28)]
