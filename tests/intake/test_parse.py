"""The macros that read a cell: what they take, what they refuse, and that Python reads amounts the same way."""

import re
from decimal import Decimal
from hashlib import sha256

import duckdb
import pytest
from hypothesis import given, settings, strategies as st

from audit.intake.columns.shapes import is_blank
from audit.intake.proof.totals import amount_of

CASES: dict[str, dict[str, str | None]] = {
    "tidy_text": {
        " a ": "a", "North": "North", "\u00a0x\u00a0": "x", "": None, "'tis": "tis", '="001"': "001", "'001": "001",
        "\u2019x": "x",
        '= "001"': "001", '= "': '= "',
        "\ufeffx": "x", "\x01x": "x", "x\u200b": "x", '"x"': '"x"', "=x": "=x", "naïve": "naïve", "n": "n", "Nan B": "Nan B",
        "(x)": "(x)", "a.": "a.",
    },
    "tidy_value": {
        "\uff19\uff17\uff11\uff14\uff10": "97140", '="5"': "5", '=T("5")': "5", "=97140": "97140",
        "=38=": "=38=", "==38": "==38", "=1=2": "=1=2",
        "97\u200b140": "97140", "9\uff1700\ufeff0": "97000", "a\u00adb": "ab", "na\u00efve": "na\u00efve",
    },
    "parse_code": {" gp ": "GP", "59.0": "59", "131.0": "131", "N/A": None, "NU": "NU", "0": "0", "m54": "M54"},
    "parse_id": {
        "1001.0": "1001", "1001.00": "1001", "9.91214E+15": None, "1E+09": None, "1.5E9": None, "1E5": "1E5", "A.1": "A.1",
        "1.23456E+05": "123456", "1.234567E+05": "123456", "1.23E+05": None, "9.912140000000001e+15": None, "K 1": "K 1",
        "1001.5": "1001.5", "3E2": "3E2",
    },
    "parse_npi": {
        "1247658447.0": "1247658447", "1.247658447E9": "1247658447", " 1247658447": "1247658447",
        "1000000000": "1000000000", "9999999999": "9999999999", "N/A": None, '="1247658447"': "1247658447",
        "NPI: 1247658447": "1247658447", "1234-567-893": "1234567893", "1 234 567 893": "1234567893",
        "NPI 123-456-7893": "1234567893", "123 456 7894": "not-an-npi-" + sha256(b"123 456 7894").hexdigest()[:8],
        "(123) 456-7893": "not-an-npi-" + sha256(b"(123) 456-7893").hexdigest()[:8],
        "1.24533E+09": None, "1.24765e+9": None, "1.24765E+9": None,
    },
    "parse_procedure": {
        "97140": "97140", "97140.0": "97140", "HC:97124:GP": "97124", "CPT 97124": "97124", "CPT97124": "97124",
        "CPT® 97140": "97140",
        "CPT-4: 97140": "97140", "HCPCS G0283": "G0283", "g0283": "G0283", "0101T": "0101T", '="97140"': "97140",
        "'97140": "97140",
        "\x1497140": "97140", "97140(59)": "97140", "97140 [GP]": "97140", "Massage (97124)": "97124",
        "97140 Manual therapy": "97140",
        "Manual therapy - 97140": "97140", "97140-59-GP": "97140", "97140GP": "97140",
        "\uff19\uff17\uff11\uff14\uff10": "97140", "97\u200b140": "97140", '"97140"': "97140", "97110*2": "97110",
        "97110x2": "97110", "97140 - each 15 minutes": "97140", "97112 balance and posture": "97112",
        "98941 spinal adjustment": "98941", "Transfer training 97530": "97530", "97140,": "97140",
        "97124, 97140": None, "97124/97140": None, "97124 97140": None, "97110*2 | 97140*1": None, "97124\n97140": None,
        "Massage": None, "SMITH": None, "971": None, "971400": None, "D97140": None, "00000": None, "0420": None,
        "Payment": None,
        "Payment 10234": None, "Adjustment 97140": None, "-": None,
        "97124.5": None, "97124.500": None, "97124.5 Massage": None, "97124.59": "97124", "97124.GP": "97124",
        "97124.00": "97124", "9.7140E+4": "97140", "9.7140e+04": "97140", "9.714E+04": None, "9.7140E+5": None,
        "9714O": None, "O7140": None, "CPT 9711O": None, "9714F": "9714F",
    },
    "parse_money": {
        "$1,234.50": "1234.50", "(45.00)": "-45.00", "45.00-": "-45.00", "-$45": "-45.00", "$-45": "-45.00", ".5": "0.50",
        "1234,50": None, "1.234,50": None, "12,34": None, "(-45)": None, "-45-": None, "1e3": None, "": None, "$": None,
        "1.005": "1.01", "99999999999": None, "1,234": "1234.00", "1_000": None, "5 CR": None,
        "USD 45.00": "45.00", "45.00 USD": "45.00", "US$1,045.5": "1045.50", "usd(45)": "-45.00", "45 EUR": None, "USD": None,
        '="45.00"': "45.00", "'45.00": "45.00", "'-45": "-45.00", '="(45.00)"': "-45.00",
    },
    "parse_units": {
        "1.00": "1.00", "2.0000": "2.00", "-1": "-1.00", "1,5": None, "one": None,
        "2 timed units": "2.00", "2 units billed": "2.00", "2 services": "2.00", "2 visits": None,
        "2-units": "2.00", "2 (UN)": "2.00", "2\u00a0units": "2.00", "2-": None, "- 2": None,
        "2 units": "2.00", "1 Unit": "1.00", "2 UN": "2.00", "UN2": "2.00", "UN:2": "2.00", "2.0 un": "2.00", "x2": "2.00",
        "2 u": "2.00",
        "2 UNT": "2.00", "2 (units)": "2.00", "2 units (15 min)": "2.00", "2 x 15 min": "2.00", "2 Units @ 15-min": "2.00",
        "2 (15 minutes each)": "2.00", "2 units (30 min)": None, "2 15 min": None,
        "MJ30": None, "30 min": None, "2 x 15": None, "UN": None, "2 units 30": None, '="2"': "2.00",
    },
    "parse_whole": {"15": "15", "15.0": "15", "15.5": None, "001": "1", "99999999999": None, "a1": None},
    "parse_minutes": {
        "1\u202fh\u00a015\u2009m": "75",
        "38": "38", "38.0": "38", "38 min": "38", "38.5": None, "0:45": "45", "1h 15m": "75", "1 hr": "60", "1.5 hours": "90",
        "1 hour and 15 minutes": "75", "45 minutes": "45",
        "15 Minute(s)": "15", "20 min(s)": "20", "1 hour(s) 5 min(s)": "65", "h": None, "m": None, "1 h 15": None, ".": None,
        "0:38": "38", "1:05": "65", "4:59": "299", "00:38:00": "38", "0:38:00": "38", "004:00": "240",
        # Hours and minutes, minutes and seconds, or a time of day: not guessed.
        "5:00": None, "8:00": None, "15:00": None, "8:00:00": None, "09:15:00": None, "0:38:30": None, "0:60": None, "0:5": None,
        "38:00": None, ":38": None, "0:38:": None, "-0:38": None,
        "38'": "38", "38\u2019": "38", "38 \u2032": "38", "1h 5'": "65", "38 m": "38", "38 mins": "38", "38 minutes": "38",
        "PT30M": "30", "PT1H15M": "75", "pt1h": "60", "PT": None,
        "8'": "8", "8m": "8", "8h": "480", "8.": "8", "8x": None,
        "38m": "38", "38''": None, '38"': None, "38'30": None, "7.5'": None, "'": None,
    },
    "parse_hours": {
        "0.75": "45", "0:45": "45", "1:15": "75", ".25": "15", "1": "60", "x": None, "45 min": "45", "1h15m": "75",
        "00:45:00": "45", "5:30": "330", "12:00": "720", "0:38:30": None, "1:75": None,
        "0,75": None,
    },
    "parse_date": {
        "2024-05-15": "2024-05-15", "05/15/2024": "2024-05-15", "5/5/2024": "2024-05-05", "5/15/24": "2024-05-15",
        "05-15-2024": "2024-05-15", "05.15.2024": "2024-05-15", "20240515": "2024-05-15", "15-May-2024": "2024-05-15",
        "15MAY2024": "2024-05-15", "15-May-24": "2024-05-15", "May 15, 2024": "2024-05-15", "45427": "2024-05-15",
        "Wednesday, May 15, 2024": "2024-05-15", "2024-05-15T10:30:00.0000000": "2024-05-15", "2024/5/1": "2024-05-01",
        "05/15/2024 12:00 AM": "2024-05-15", "2024-05-15 00:00:00+00:00": "2024-05-15", "15/05/2024": None,
        "2024-05-15 05:00:00+00": "2024-05-15", "2024-05-15 00:00:00-05": "2024-05-15", "15MAY2024:00:00:00": "2024-05-15",
        "15MAY2024:10:30:00.000": "2024-05-15", "15MAY2024:": None,
        "02/30/2024": None,
        "0024-05-15": None, "05/15/0024": None, "240515": None, "soon": None, "--": None,
    },
    "parse_date_day_first": {"15/05/2024": "2024-05-15", "1/2/24": "2024-02-01", "05/15/2024": None,
    "2024-5-1": "2024-05-01"},
    "parse_time": {
        "9:05\u202fAM": "09:05:00", "9:05\u00a0PM": "21:05:00",
        "9:05 AM": "09:05:00", "12:05 AM": "00:05:00", "9:05a": "09:05:00", "9:05 p.m.": "21:05:00", "14:30": "14:30:00",
        "14:30:00": "14:30:00", "0905": "09:05:00", "2024-01-05T09:05:00": "09:05:00", "1/5/2024 2:30 PM": "14:30:00",
        "0.3784722": "09:05:00", "2024-01-05 09:05:00-05": "09:05:00", "25:00": None, "9": None, "2024-05-15": None,
    },
    "first_clock": {
        "10-10:30": "10:00", "9 to 9:45 am": "9:00 am", "10.00-10.30": "10:00", "10h00 - 10h30": "10:00",
        "9:00 AM - 9:45 AM": "9:00 am", "9:00-9:45": "9:00", "0900-0945": "0900", "11:30 - 12:15 PM": "11:30 am",
        "9:00 - 9:45 AM": "9:00 am", "1:00-1:45 pm": "1:00 pm", "9:00a \u2013 9:45a": "9:00a", "9 AM to 10 AM": "9 am",
        "9:00 AM": "9:00 AM",
        "2025-11-13 09:00 - 2025-11-13 09:45": "09:00", "11/13/2025 9:00 AM - 9:45 AM": "9:00 am",
        "10:00-10:30 (30 min)": "10:00",
    },
    "last_clock": {
        "9:00 AM - 9:45 AM": "9:45 am", "0900-0945": "0945", "11:30 AM - 12:15": "12:15 pm", "1:00 PM to 1:45": "1:45 pm",
        "9:00 AM": None, "11/13/2025 - 11/14/2025": None,
    },
    "first_date": {
        "11/13/2025 - 11/14/2025": "11/13/2025", "20251113-20251114": "20251113", "2025-11-13 to 2025-11-14": "2025-11-13",
        "11/13/2025": "11/13/2025", "11/13/2025 9:00 AM - 9:45 AM": "11/13/2025", "Thu, Nov 13, 2025": "Thu, Nov 13, 2025",
    },
    "last_date": {
        "11/13/2025 - 11/14/2025": "11/14/2025", "11/13/25\u201311/14/25": "11/14/25", "2025-11-13-2025-11-14": "2025-11-14",
        "13-Nov-2025 thru 14-Nov-2025": "14-nov-2025", "11/13/2025": None, "2025-11-13": None,
        "11/13/2025 9:00 AM - 9:45 AM": None,
    },
}  # fmt: skip


BEHIND = {
    "97140 GP 59": ["GP", "59"], "97140-59": ["59"], "97140: hands on": [], "97140": [], "97140(59)": ["59"],
    "97140GP59": ["GP", "59"],
    "HC:97140:59:GP:::MANUAL THERAPY": ["59", "GP"], "HC>97140>XS>AB": ["XS", "AB"], "97140-59-GP Manual therapy": ["59",
    "GP"],
    "97140 59 Manual therapy": ["59"], "97140 mod 59": ["59"], "97140 w/59": ["59"], "97140 15 min": [], "97110x2": [],
    "97110*2": [],
    "97140 - each 15 minutes": [], "97140 HARRIS": [], "97140 AT": ["AT"], "97140.00 GP": ["GP"], "97140 22 minutes": [],
}  # fmt: skip
SEVERAL = {
    "59, GP": ["59", "GP"], "59GP": ["59", "GP"], "59-GP": ["59", "GP"], "59;gp": ["59", "GP"], " 59 / GP ": ["59", "GP"],
    "GPKX": ["GP", "KX"], "59.0": ["59"], "HARRIS": ["HARRIS"], "SMITH": ["SMITH"], "5": ["5"],
    "GP and 59": ["GP", "59"], "Mod: GP": ["GP"], "modifiers 59,GP": ["59", "GP"], "00, GP": ["GP"], "00": [], "ANDY": ["ANDY"],
    "N/A": [], "": [],
}  # fmt: skip
# What exports write for nothing, in every column.
NOTHING = (
    "", " ", "-", "--", "---", "\u2013", "\u2014", ".", "?", "N/A", "n/a", "NA", "n.a.", "n.a", "N / A", "nan", "NaN",
    "NaT", "NULL", "null",
    "(null)", "<null>", "[NULL]", "(blank)", "(none)", "None", "nil", "\\N", "#N/A", "#VALUE!", "#REF!", "<NA>",
    "Not available", "None reported", "not assigned", "No Modifier", "no data", "NoneType", '=""', '= ""', '= "N/A"',
    '="N/A"', "'", "\ufeff", "\u200b", " N/A ", "\u00a0--",
)  # fmt: skip
SOMETHING = (
    "n",
    "North",
    "nonesuch",
    "nanna",
    "0",
    "x",
    "blank",
    "(x)",
    "n/b",
    "-1",
    "(45.00)",
    "NU",
    "none given",
    "no modifier 59",
    "none of these",
    "not",
    "\\",
    "#",
)


@pytest.mark.parametrize(("macro", "cell"), [(macro, cell) for macro, cells in CASES.items() for cell in cells])
def test_a_cell_is_read_or_refused(macro: str, cell: str, con: duckdb.DuckDBPyConnection) -> None:
    given = "?" if macro.startswith("tidy_") else "tidy_value(?)"
    (read,) = con.execute(f"SELECT trim(CAST({macro}({given}) AS VARCHAR))", [cell]).fetchone() or ("",)
    expected = CASES[macro][cell]
    assert read == (" ".join(expected.split()) if expected else expected) or (read or "").replace("  ", " ") == expected


@pytest.mark.parametrize("cell", BEHIND)
def test_modifiers_behind_a_code_are_told_from_words(cell: str, con: duckdb.DuckDBPyConnection) -> None:
    assert con.execute("SELECT modifiers_behind_code(tidy_value(?))", [cell]).fetchone() == (BEHIND[cell],)


@pytest.mark.parametrize("cell", SEVERAL)
def test_modifiers_in_one_cell_are_parted_and_words_are_not(cell: str, con: duckdb.DuckDBPyConnection) -> None:
    assert con.execute("SELECT modifier_parts(tidy_value(?))", [cell]).fetchone() == (SEVERAL[cell],)


@pytest.mark.parametrize(("cell", "is_nothing"), [*((cell, True) for cell in NOTHING), *((cell, False) for cell in SOMETHING)])
def test_words_for_nothing_are_the_same_in_sql_and_python(cell: str, is_nothing: bool, con: duckdb.DuckDBPyConnection) -> None:
    asked = "SELECT tidy_text(?) IS NULL, tidy_value(?) IS NULL, is_blank(?)"
    assert con.execute(asked, [cell] * 3).fetchone() == (is_nothing,) * 3
    assert is_blank(cell) is is_nothing


@pytest.mark.parametrize("cell", ["SMITH", "12", "123456789", "124765844 ", "-124765844", "Smith, Ada", "12476584470"])
def test_what_is_no_npi_tells_persons_apart_and_shows_nothing(cell: str, con: duckdb.DuckDBPyConnection) -> None:
    (read,) = con.execute("SELECT parse_npi(tidy_value(?))", [cell]).fetchone() or ("",)
    assert re.fullmatch(r"not-an-npi-[0-9a-f]{8}", read)
    assert con.execute("SELECT parse_npi('x') = ?", [read]).fetchone() == (False,)


@pytest.mark.parametrize(
    "cell",
    ["Payment", "Insurance Payment", "PMT", "PMT01", "Pymt 1002", "Adjustment", "ADJ", "Contractual adj.", "Refund",
    "Copay", "Co-pay",
     "Co-payment", "Transfer", "Transfer to patient", "Write-off", "Write off", "W/O", "Balance", "Balance forward",
     "BAL FWD",
     "Payment 97140", "Coinsurance", "Takeback"],
)  # fmt: skip
def test_an_entry_of_a_ledger_is_known(cell: str, con: duckdb.DuckDBPyConnection) -> None:
    assert con.execute("SELECT is_ledger_entry(tidy_value(?))", [cell]).fetchone() == (True,)


@pytest.mark.parametrize(
    "cell",
    ["Massage", "97112 balance, coordination", "Balance training", "Transfer training", "Spinal adjustment",
    "98941 adjustment", "SMITH",
     "Therapeutic activities", "No show"],
)  # fmt: skip
def test_a_service_is_no_entry_of_a_ledger(cell: str, con: duckdb.DuckDBPyConnection) -> None:
    assert con.execute("SELECT is_ledger_entry(tidy_value(?))", [cell]).fetchone() == (False,)


def many(alphabet: str, longest: int) -> st.SearchStrategy[list[str]]:
    """Cells by the dozen: planning a macro takes longer than reading them."""
    return st.lists(st.text(alphabet=st.sampled_from(alphabet), max_size=longest), min_size=20, max_size=30)


def each_read(macro: str, cells: list[str], con: duckdb.DuckDBPyConnection) -> list[object]:
    """What the macro, a template for a cell, makes of each cell."""
    numbered = "SELECT unnest(?::VARCHAR[]) AS cell, generate_subscripts(?::VARCHAR[], 1) AS place"
    query = f"SELECT {macro.format('cell')} FROM ({numbered}) ORDER BY place"
    return [read for (read,) in con.execute(query, [cells, cells]).fetchall()]


@settings(max_examples=40, deadline=None)
@given(cells=many("aNnAz09-./#~\u00e9 \t\n\r\u00a0", 5))
def test_a_text_loses_what_stands_around_it_and_nothing_else(cells: list[str], con: duckdb.DuckDBPyConnection) -> None:
    for cell, read in zip(cells, each_read("tidy_text({})", cells, con), strict=True):
        bare = cell.strip(" \t\n\r\u00a0")
        is_word = bare.casefold() in ("n/a", "n/a.", "#n/a", "#na", "na", "nan")
        says_nothing = is_word or not bare.strip("-") or not bare.strip(".")
        assert read == (None if says_nothing else bare), cell


@settings(max_examples=40, deadline=None)
@given(cells=many("0123456789.,-()$ eE_+x='\"\u00a0\ufeff", 14))
def test_sql_and_python_read_the_same_amount(cells: list[str], con: duckdb.DuckDBPyConnection) -> None:
    for cell, read in zip(cells, each_read("parse_money(tidy_value({}))", cells, con), strict=True):
        assert read == amount_of(cell), cell
        assert read is None or isinstance(read, Decimal)
