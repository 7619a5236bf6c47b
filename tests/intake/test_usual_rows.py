"""A file that is read in the usual shapes first gives what reading every cell with care gives, row for row."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import duckdb
import pytest

from audit.errors import AuditError
from audit.intake import load
from audit.intake.rows import inserting
from tests.intake.test_load import write

# Of each column cells of the usual shape, and others: odd ones that are read all the same, blank ones, and faults.
CELLS = {
    "claim_id": (("C1", "C2", "C3", "1001"), ("1001.0", " C9 ", "'C8", "N77", "")),
    "claim_line_number": (("1", "2", "3", "12"), ("1.0", "4 ", "", "x")),
    "patient_id": (("P1", "P2"), ("n1", '="P3"', "", "N/A")),
    "service_date": (("2025-11-03", "2025-11-28"), ("1/13/2025", "13.11.2025", "2025-02-30", "", "soon")),
    "procedure_code": (("97110", "97140", "G0283"), ("97140.0", "CPT 97124", "97140-59", "", "Smith", "Payment")),
    "units": (("1", "2", "3.00"), ("2 units", "-1", "", "two")),
    "modifier_1": (("GP", "59", "KX", ""), ("gp", "GP 59", "N1", "59,KX", "-")),
    "modifier_2": (("", "", "XE"), ("xe", "None", "59 KX GP")),
    "minutes": (("15", "38", ""), ("15.0", "1h", "0:38", "many")),
    "start_time": (("09:00:00", ""), ("9:00 AM", "0900", "25:00")),
    "rendering_npi": (("1234567893", "1003000126"), ("1234567893.0", "1.23E+09", "123", "")),
    "diagnosis_1": (("M54.50", ""), ("m54.5", "N/A", "M5450 ")),
    "payer_name": (("Medicare Part B", "Acme Health"), (" Acme  Health ", "NULL", "", "null")),
    "charge_amount": (("120.00", "60"), ("$1,200.00", "(12.50)", "", "12,50", "free")),
    "paid_amount": (("80.00", "0", ""), ("-5.00", "n/a", "7O.00")),
    "claim_status": (("paid", "Denied"), (" paid", "N/A")),
    "note_text": (("Manual therapy of the neck", ""), ("None", " stretched ", "Neck, worse")),
}


def _table(chance: Random, rows: int, odd: float) -> str:
    lines = [",".join(CELLS)]
    for _ in range(rows):
        cells = [chance.choice(unusual if chance.random() < odd else usual) for usual, unusual in CELLS.values()]
        if chance.random() < odd:
            cells = [""] * len(cells)
        lines.append(",".join('"' + cell.replace('"', '""') + '"' for cell in cells))
    return "\n".join(lines) + "\n"


@contextmanager
def _with_care() -> Iterator[None]:
    with patch.object(inserting, "can_be_read_so", lambda *_: False):
        yield


@contextmanager
def _usual_first() -> Iterator[None]:
    """However many rows are odd."""
    with patch.object(inserting, "_FEW_ODD", 0):
        yield


def _read(con: duckdb.DuckDBPyConnection, path: Path) -> tuple[Any, ...]:
    try:
        read = load(con, [path])
    except AuditError as error:
        return (str(error),)
    tables = ("claim_row ORDER BY line_id", "rejected_row ORDER BY ALL", "left_out_row ORDER BY ALL")
    return (repr(read), *(con.execute(f"SELECT * FROM {table}").fetchall() for table in tables))


@pytest.mark.parametrize("seed", range(16))
def test_both_ways_read_the_same(seed: int, con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    chance = Random(seed)
    path = write(tmp_path, _table(chance, chance.choice((3, 40, 300)), chance.choice((0.0, 0.005, 0.02, 0.1))))
    with _with_care():
        careful = _read(con, path)
    with _usual_first():
        assert _read(con, path) == careful
    assert _read(con, path) == careful


def test_an_odd_row_is_read_with_care_and_keeps_its_number(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    header = "claim_id,patient_id,service_date,procedure_code,units,payer_name\n"
    usual = "C{0},P1,2025-11-03,97140,1,Acme Health\n"
    odd = "C{0},P1,1/14/2025,97140-59,2 units,Acme Health\n"
    text = header + "".join((odd if number in (0, 13, 29) else usual).format(number) for number in range(30))
    load(con, [write(tmp_path, text)])
    found = con.execute(
        "SELECT source_row, units, modifier_1, service_date FROM claim_row WHERE claim_id IN ('C0', 'C13', 'C29')"
    )
    assert [(row[0], str(row[1]), row[2], str(row[3])) for row in sorted(found.fetchall())] == [
        (2, "2.00", "59", "2025-01-14"),
        (15, "2.00", "59", "2025-01-14"),
        (31, "2.00", "59", "2025-01-14"),
    ]
    assert con.execute("SELECT count(*), count(DISTINCT source_row), max(source_row) FROM claim_row").fetchone() == (30, 30, 31)


def test_cells_that_recur_are_read_as_the_first_of_them_was(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    chance = Random(7)
    few = {name: chance.sample(usual, k=min(2, len(usual))) for name, (usual, _) in CELLS.items()}
    lines = [",".join(CELLS)]
    for row in range(2_600):
        # What the first rows do not hold comes behind them: other usual cells, odd ones and faults.
        late = row > 2_100 and chance.random() < 0.05
        cells = [chance.choice((*usual, *odd) if late else few[name]) for name, (usual, odd) in CELLS.items()]
        # A day that stands before its month would have the file refused.
        cells = ["" if cell == "13.11.2025" else cell for cell in cells]
        lines.append(",".join('"' + cell.replace('"', '""') + '"' for cell in cells))
    path = write(tmp_path, "\n".join(lines) + "\n")
    with _with_care():
        careful = _read(con, path)
    assert _read(con, path) == careful
    assert len(careful) > 1


# Columns that the file types, and cells that need care: a day too far, an amount too large, units with a third of them.
TYPES = {
    "claim_id": ("BIGINT", ("1001", "1002"), ("NULL",)),
    "claim_line_number": ("INTEGER", ("1", "2"), ("NULL",)),
    "patient_id": ("VARCHAR", ("'P1'", "'P2'"), ("' P3 '", "NULL", "'N/A'")),
    "service_date": ("DATE", ("'2025-11-03'", "'2025-11-28'"), ("NULL",)),
    "procedure_code": ("VARCHAR", ("'97110'", "'97140'"), ("'97140-59'", "'Payment'", "'Smith'", "NULL")),
    "units": ("DECIMAL(9,3)", ("1", "2"), ("1.005", "-1", "NULL")),
    "modifier_1": ("VARCHAR", ("'GP'", "NULL"), ("'gp 59'", "'N1'")),
    "minutes": ("DOUBLE", ("15", "38", "NULL"), ("15.5", "'nan'")),
    "start_time": ("TIME", ("'09:00:00'", "NULL"), ("'23:59:59'",)),
    "rendering_npi": ("BIGINT", ("1234567893", "NULL"), ("123",)),
    "payer_name": ("VARCHAR", ("'Acme Health'", "'Medicare Part B'"), ("' Acme  Health '", "NULL")),
    "charge_amount": ("DECIMAL(18,2)", ("120.00", "60.5"), ("-5", "9999999999999", "NULL")),
    "paid_amount": ("DOUBLE", ("80", "0", "NULL"), ("1e13", "-0.005")),
    "submitted_date": ("TIMESTAMP", ("'2025-11-30 10:00:00'", "NULL"), ("'1899-01-01'",)),
}


@pytest.mark.parametrize("seed", range(4))
def test_a_typed_file_reads_the_same_both_ways(seed: int, con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    chance = Random(seed)
    odd, rows, kinds = chance.choice((0.0, 0.005, 0.03)), chance.choice((40, 2_300)), TYPES.values()
    lines = (
        ", ".join(f"CAST({chance.choice(others if chance.random() < odd else usual)} AS {kind})" for kind, usual, others in kinds)
        for _ in range(rows)
    )
    path = tmp_path / "typed.parquet"
    values = ", ".join(f"({line})" for line in lines)
    con.execute(f"COPY (SELECT * FROM (VALUES {values}) AS line ({', '.join(TYPES)})) TO '{path}'")
    with _with_care():
        careful = _read(con, path)
    with _usual_first():
        assert _read(con, path) == careful
    assert _read(con, path) == careful
    assert len(careful) > 1


def test_the_table_of_a_file_has_no_cells_left(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load(con, [write(tmp_path, _table(Random(1), 40, 0.02))])
    named = con.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE table_name LIKE 'intake%'").fetchall()
    assert ("intake_file_1", "claim_id") in named
    assert [row for row in named if row[1] == "cells" or row[0] == "intake_odd"] == []


def test_odd_rows_of_the_same_cells_keep_their_numbers_and_places(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """They are typed once; in a wide file a row's lines stand under one number, and only their places tell them apart."""
    odd = "C1,P1,11/13/2025,Aetna,CPT 97140,2 units,CPT 97124,1\n"
    text = "Claim #,Patient ID,DOS,Payer,CPT 1,Units 1,CPT 2,Units 2\n" + (odd * 3 + odd.replace("97124", "97140")) * 4
    path = write(tmp_path, text)
    with _usual_first():
        usual = _read(con, path)
    numbers = con.execute("SELECT source_row, procedure_code, units FROM claim_row ORDER BY line_id").fetchall()
    assert [row[0] for row in numbers] == [row for row in range(2, 18) for _ in range(2)]
    assert [row[1] for row in numbers] == (["97140", "97124"] * 3 + ["97140", "97140"]) * 4
    with _with_care():
        assert _read(con, path) == usual
