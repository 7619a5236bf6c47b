"""Dates none of which tells month from day: told by another column, a file of the same layout or the user, else refused."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from audit import intake
from audit.engine import sql_files
from audit.errors import InputError
from audit.model import Intake

HEADER = "Claim #,Line,Acct #,DOS,CPT,Units,Payer,Posted,DOB"
NOVEMBER = [f"11/{day:02}/2025" for day in range(1, 13)]


def write(
    folder: Path, days: list[str], name: str = "export.csv", *, posted: str = "", born: str = "", header: str = HEADER
) -> Path:
    path = folder / name
    rows = [f"C{n}{name},1,P{n},{day},97140,1,Acme,{posted},{born}" for n, day in enumerate(days)]
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def read(*paths: Path, order: str | None = None) -> tuple[list[date], Intake]:
    """The service dates as they were read, file by file, and what intake said."""
    with duckdb.connect(":memory:") as con:
        sql_files.run_all(con, "macros")
        taken = intake.load(con, paths, dates=order, scratch=paths[0].parent)
        return [row[0] for row in con.execute("SELECT service_date FROM claim_row ORDER BY line_id").fetchall()], taken


def test_the_first_days_of_a_month_alone_are_refused_with_both_readings(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"export\.csv: its dates can be read month first and day first") as refusal:
        read(write(tmp_path, NOVEMBER))
    assert "from 2025-11-01 to 2025-11-12; day first, from 2025-01-11 to 2025-12-11" in refusal.value.message
    assert "--dates month_first" in refusal.value.hint


@pytest.mark.parametrize(("order", "expected"), [("month_first", date(2025, 11, 3)), ("day_first", date(2025, 3, 11))])
def test_the_user_decides_what_no_value_does(order: str, expected: date, tmp_path: Path) -> None:
    found, taken = read(write(tmp_path, NOVEMBER), order=order)
    assert found[2] == expected
    assert any("as audit.toml or --dates says" in warning for warning in taken.warnings)


def test_a_file_that_tells_its_order_is_read_in_it_whatever_the_user_says(tmp_path: Path) -> None:
    found, _ = read(write(tmp_path, ["11/03/2025", "11/28/2025"]), order="day_first")
    assert found == [date(2025, 11, 3), date(2025, 11, 28)]


@pytest.mark.parametrize(("posted", "expected"), [("11/28/2025", date(2025, 11, 3)), ("28/11/2025", date(2025, 3, 11))])
def test_a_column_that_serves_no_rule_may_tell(posted: str, expected: date, tmp_path: Path) -> None:
    found, taken = read(write(tmp_path, NOVEMBER, posted=posted))
    assert found[2] == expected
    assert any("as its column 'Posted' is" in warning for warning in taken.warnings)


def test_birth_dates_are_not_looked_at(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can be read month first"):
        read(write(tmp_path, NOVEMBER, born="01/28/1980"))


@pytest.mark.parametrize(("other", "expected"), [("12/28/2025", date(2025, 11, 3)), ("28/12/2025", date(2025, 3, 11))])
def test_a_file_of_the_same_layout_may_tell(other: str, expected: date, tmp_path: Path) -> None:
    first, second = write(tmp_path, NOVEMBER, "a.csv"), write(tmp_path, [other], "b.csv")
    found, taken = read(first, second)
    assert found[2] == expected
    assert any("a.csv" in warning and "as b.csv is, which has the same headers" in warning for warning in taken.warnings)
    assert [file.name for file in taken.files] == ["a.csv", "b.csv"]


def test_files_of_another_layout_or_of_two_minds_tell_nothing(tmp_path: Path) -> None:
    untold = write(tmp_path, NOVEMBER, "a.csv")
    other = write(tmp_path, ["12/28/2025"], "b.csv", header=HEADER.replace("Posted", "Sent"))
    with pytest.raises(InputError, match="can be read month first"):
        read(untold, other)
    one, another = write(tmp_path, ["12/28/2025"], "c.csv"), write(tmp_path, ["28/12/2025"], "d.csv")
    with pytest.raises(InputError, match="can be read month first"):
        read(untold, one, another)


def test_dates_that_read_the_same_either_way_and_named_months_are_not_asked_about(tmp_path: Path) -> None:
    assert read(write(tmp_path, ["11/11/2025", "03-Nov-2025", "2025-11-04"]))[0] == [
        date(2025, 11, 11),
        date(2025, 11, 3),
        date(2025, 11, 4),
    ]
