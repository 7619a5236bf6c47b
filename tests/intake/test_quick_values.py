"""A cell that is read at once, before it is made tidy, must give what the tidy cell gives."""

import itertools

import duckdb
import pytest

from audit.intake.columns.mapping import Assignment
from audit.intake.raw import Field, RawTable
from audit.intake.rows.values import quick_value, read_from, text_of

# A column for each reader, and cells of its usual shape.
COLUMNS = {
    "claim_id": ("C1001", "1001", "1001.0", "1.5E+09", "A.1", "1+1", "C10\u200b01"),
    "rendering_npi": (
        "1247658447",
        "0247658447",
        "1247658447.0",
        "1.24765e+9",
        "1.247658e9",
        "0x4A5B6C7D",
        "12476584471",
        "123456789",
    ),
    "procedure_code": ("97140", "G0283", "0001F", "97140-59", "00000", "N1234", "A12", "9714O", "O7140", "9.7140E+4"),
    "claim_frequency_code": ("1", "7", "NA", "NULL", "nil", "B7", "11.0", "UNK", "TBD", "225100000X", "AB1"),
    "diagnosis_1": ("M54.50", "N18.6", "m54.5", "M5450", "NA", "N/A", "M54.5;M62"),
    "service_date": (
        "2025-11-13",
        "11/13/2025",
        "13/11/2025",
        "2025-13-13",
        "2025-1-1",
        "01/02/1999",
        "2099-12-31",
        "45427",
        "1/2/2025",
    ),
    "start_time": (
        "09:05:00",
        "23:59:59",
        "9:05",
        "23:05",
        "24:00",
        "09:05:61",
        "12:00 AM",
        "7:33 AM",
        "07:33 PM",
        "13:05 PM",
        "7:33 pm",
        "0905",
        "0.5",
    ),
    "charge_amount": (
        "12",
        "12.",
        "12.50",
        "12.505",
        "0.005",
        "$12",
        "$12.50",
        "$12.505",
        "$.50",
        "$1,200.00",
        "(12.50)",
        "1,200.00",
        "12345678901",
        "$12345678901",
        "-5",
        "1e3",
    ),
    "units": ("1", "1.00", "2 units", "1.005", "12345678", "-1", "x2"),
    "minutes": ("15", "5", "38.0", "1h", "007", "-5", "3x", "+5"),
    "claim_line_number": ("1", "01", "1.0", "12", "123", "3x"),
}
BEFORE = ("", " ", "\t", "'", "=", '="', "\u00a0", "\x01", "$", "-", "+", "N", "(", "0")
BEHIND = ("", " ", "\t", "'", '"', "\u00a0", "\x01", "-", ".", "_", "N", ")", "\u200b", "\uff10", "0")


def cells_of(column: str) -> list[str]:
    return [f"{before}{cell}{behind}" for before, cell, behind in itertools.product(BEFORE, COLUMNS[column], BEHIND)]


@pytest.mark.parametrize("column", COLUMNS)
def test_a_cell_read_at_once_is_what_its_tidy_text_gives(con: duckdb.DuckDBPyConnection, column: str) -> None:
    table = RawTable("cells", (Field("h", "cell"),))
    one = Assignment(column, 0, "h", "")
    quick = quick_value(table, one)
    assert quick is not None
    con.execute("CREATE OR REPLACE TABLE cells AS SELECT unnest(CAST(? AS VARCHAR[])) AS cell", [cells_of(column)])
    read = con.execute(
        f"""
        SELECT cell, quick, slow FROM (
            SELECT cell, cell AS cell_{column}, {quick.value} AS quick, {read_from(one, "text")} AS slow
            FROM (SELECT cell, cell AS cell_{column}, {text_of(table, one)} AS text FROM cells)
        )
        """
    ).fetchall()
    at_once = [row for row in read if row[1] is not None]
    assert [row for row in at_once if row[1] != row[2]] == []
    assert len(at_once) >= 2
    assert len(at_once) < len(read)


def test_a_column_of_words_is_never_read_at_once() -> None:
    assert quick_value(RawTable("cells", (Field("h", "cell"),)), Assignment("note_text", 0, "h", "")) is None
