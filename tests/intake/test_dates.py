"""Dates none of which tells month from day: told by another column, a file of the same layout or the user, else refused."""

from datetime import date
from pathlib import Path

import pytest

from audit import intake
from audit.errors import InputError
from audit.model import Intake
from tests.macros import session

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
    with session() as con:
        taken = intake.load(con, paths, dates=order, scratch=paths[0].parent)
        return [row[0] for row in con.execute("SELECT service_date FROM claim_row ORDER BY line_id").fetchall()], taken


# Read either way these lie in two months.
EITHER = ["03/04/2025", "04/03/2025"]


def test_dates_that_make_sense_both_ways_are_refused_with_both_readings(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"export\.csv: its dates can be read month first and day first") as refusal:
        read(write(tmp_path, [*EITHER, "03/05/2025"]))
    assert "from 2025-03-04 to 2025-04-03; day first, from 2025-03-04 to 2025-05-03" in refusal.value.message
    assert "--dates month_first" in refusal.value.hint


@pytest.mark.parametrize("day_first", [False, True])
def test_the_reading_of_one_month_is_taken_where_the_other_scatters_and_said(day_first: bool, tmp_path: Path) -> None:
    days = [f"{day[3:5]}/{day[:2]}/{day[6:]}" if day_first else day for day in NOVEMBER]
    found, taken = read(write(tmp_path, days))
    assert found == [date(2025, 11, day) for day in range(1, 13)]
    assert any("as its services then run from 2025-11-01 to 2025-11-12" in warning for warning in taken.warnings)


@pytest.mark.parametrize(
    ("days", "is_read"),
    [
        (["11/03/2025", "11/04/2025", "11/05/2025", "11/06/2025"], True),  # four months the other way
        (["11/03/2025", "11/04/2025", "11/05/2025"], False),  # three
        (["10/01/2025", "11/03/2025", "11/04/2025", "11/05/2025"], True),  # two months
        (["09/01/2025", "10/02/2025", "11/03/2025", "11/04/2025"], False),  # three months
    ],
)
def test_how_far_apart_the_two_readings_must_lie(days: list[str], is_read: bool, tmp_path: Path) -> None:
    path = write(tmp_path, days)
    if is_read:
        assert read(path)[0][-1].month == 11
        return
    with pytest.raises(InputError, match="can be read month first"):
        read(path)


PAID = "Claim #,Line,Acct #,DOS,CPT,Units,Payer,Paid Date,DOB"


@pytest.mark.parametrize(("paid", "is_read"), [("2025-04-10", True), ("2025-06-01", False)])
def test_a_reading_that_lies_after_the_payment_is_none(paid: str, is_read: bool, tmp_path: Path) -> None:
    path = write(tmp_path, ["04/03/2025", "04/05/2025"], posted=paid, header=PAID)
    if is_read:
        assert read(path)[0] == [date(2025, 4, 3), date(2025, 4, 5)]
        return
    with pytest.raises(InputError, match="can be read month first"):
        read(path)


def test_what_the_user_or_another_file_says_goes_before_what_is_likely(tmp_path: Path) -> None:
    assert read(write(tmp_path, NOVEMBER), order="day_first")[0][0] == date(2025, 1, 11)
    first, second = write(tmp_path, NOVEMBER, "a.csv"), write(tmp_path, ["28/12/2025"], "b.csv")
    assert read(first, second)[0][0] == date(2025, 1, 11)


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
        read(write(tmp_path, EITHER, born="01/28/1980"))


@pytest.mark.parametrize(("other", "expected"), [("12/28/2025", date(2025, 11, 3)), ("28/12/2025", date(2025, 3, 11))])
def test_a_file_of_the_same_layout_may_tell(other: str, expected: date, tmp_path: Path) -> None:
    first, second = write(tmp_path, NOVEMBER, "a.csv"), write(tmp_path, [other], "b.csv")
    found, taken = read(first, second)
    assert found[2] == expected
    assert any("a.csv" in warning and "as b.csv is, which has the same headers" in warning for warning in taken.warnings)
    assert [file.name for file in taken.files] == ["a.csv", "b.csv"]


def test_files_of_another_layout_or_of_two_minds_tell_nothing(tmp_path: Path) -> None:
    untold = write(tmp_path, EITHER, "a.csv")
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
