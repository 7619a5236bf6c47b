"""The macros that read a cell: what they take, what they refuse, and that Python reads amounts the same way."""

from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings, strategies as st

from audit.intake.proof.totals import amount_of
from tests.intake.test_load import session

CASES: dict[str, dict[str, str | None]] = {
    "parse_text": {" a ": "a", "N/A": None, "--": None, "(blank)": None, "North": "North", "\u00a0x\u00a0": "x", "": None},
    "parse_code": {
        " gp ": "GP", "97140.0": "97140", "59.0": "59", "m54.50": "M54.50", "N/A": None, "NU": "NU", "719.0": "719.0", "0": "0",
    },
    "parse_npi": {
        "1247658447.0": "1247658447", "1.247658447E9": "1247658447", " 1247658447": "1247658447", "12": "12",
        "1000000000": "1000000000", "9999999999": "9999999999", "0247658447": "0247658447", "124765844 ": "124765844",
        "-124765844": "-124765844", "N/A": None,
    },
    "parse_money": {
        "$1,234.50": "1234.50", "(45.00)": "-45.00", "45.00-": "-45.00", "-$45": "-45.00", "$-45": "-45.00", ".5": "0.50",
        "1234,50": None, "1.234,50": None, "12,34": None, "(-45)": None, "-45-": None, "1e3": None, "": None, "$": None,
        "1.005": "1.01", "99999999999": None, "1,234": "1234.00", "1_000": None, "5 CR": None,
    },
    "parse_units": {"1.00": "1.00", "2.0000": "2.00", "-1": "-1.00", "1,5": None, "one": None},
    "parse_whole": {"15": "15", "15.0": "15", "15.5": None, "001": "1", "99999999999": None, "a1": None},
    "parse_minutes": {"38": "38", "38.0": "38", "38 min": "38", "38.5": None, "0:45": None},
    "parse_hours": {"0.75": "45", "0:45": "45", "1:15": "75", ".25": "15", "1": "60", "x": None},
    "parse_date": {
        "2024-05-15": "2024-05-15", "05/15/2024": "2024-05-15", "5/5/2024": "2024-05-05", "5/15/24": "2024-05-15",
        "05-15-2024": "2024-05-15", "05.15.2024": "2024-05-15", "20240515": "2024-05-15", "15-May-2024": "2024-05-15",
        "15MAY2024": "2024-05-15", "15-May-24": "2024-05-15", "May 15, 2024": "2024-05-15", "45427": "2024-05-15",
        "Wednesday, May 15, 2024": "2024-05-15", "2024-05-15T10:30:00.0000000": "2024-05-15", "2024/5/1": "2024-05-01",
        "05/15/2024 12:00 AM": "2024-05-15", "2024-05-15 00:00:00+00:00": "2024-05-15", "15/05/2024": None, "02/30/2024": None,
        "0024-05-15": None, "05/15/0024": None, "240515": None, "soon": None, "--": None,
    },
    "parse_date_day_first": {"15/05/2024": "2024-05-15", "1/2/24": "2024-02-01", "05/15/2024": None, "2024-5-1": "2024-05-01"},
    "parse_time": {
        "9:05 AM": "09:05:00", "12:05 AM": "00:05:00", "9:05a": "09:05:00", "9:05 p.m.": "21:05:00", "14:30": "14:30:00",
        "14:30:00": "14:30:00", "0905": "09:05:00", "2024-01-05T09:05:00": "09:05:00", "1/5/2024 2:30 PM": "14:30:00",
        "0.3784722": "09:05:00", "25:00": None, "9": None, "2024-05-15": None,
    },
    "code_alone": {"97140 GP 59": "97140", "97140-59": "97140", "97140: hands": "97140", "97140": "97140", "971": "971"},
    "modifiers_behind_code": {"97140 GP 59": "GP 59", "97140-59": "59", "97140: hands on": None, "97140": None},
}  # fmt: skip


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return session()


@pytest.mark.parametrize(("macro", "cell"), [(macro, cell) for macro, cells in CASES.items() for cell in cells])
def test_a_cell_is_read_or_refused(macro: str, cell: str, con: duckdb.DuckDBPyConnection) -> None:
    (read,) = con.execute(f"SELECT CAST({macro}(?) AS VARCHAR)", [cell]).fetchone() or ("",)
    assert read == CASES[macro][cell]


@pytest.mark.parametrize("cell", ["59, GP", "59GP", "59-GP", "59;gp", " 59 / GP "])
def test_modifiers_in_one_cell_are_parted(cell: str, con: duckdb.DuckDBPyConnection) -> None:
    parts = [con.execute("SELECT modifier_part(?, ?)", [cell, place]).fetchone() for place in (1, 2, 3)]
    assert parts == [("59",), ("GP",), (None,)]


@settings(max_examples=600, deadline=None)
@given(cell=st.text(alphabet=st.sampled_from("aNnAz09-./#~\u00e9 \t\n\r\u00a0"), max_size=5))
def test_a_text_loses_what_stands_around_it_and_nothing_else(cell: str, con: duckdb.DuckDBPyConnection) -> None:
    (read,) = con.execute("SELECT parse_text(?)", [cell]).fetchone() or ("",)
    bare = cell.strip(" \t\n\r\u00a0")
    says_nothing = bare in ("", "-", "--", "---", ".") or bare.casefold() in ("n/a", "#n/a", "na", "nan")
    assert read == (None if says_nothing else bare), cell


@settings(max_examples=400, deadline=None)
@given(cell=st.text(alphabet=st.sampled_from("0123456789.,-()$ eE_+x\u00a0"), max_size=14))
def test_sql_and_python_read_the_same_amount(cell: str, con: duckdb.DuckDBPyConnection) -> None:
    (read,) = con.execute("SELECT parse_money(?)", [cell]).fetchone() or (None,)
    assert read == amount_of(cell), cell
    assert read is None or isinstance(read, Decimal)
