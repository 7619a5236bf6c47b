"""Text that people open in spreadsheets: no formula, no hidden turn of the text, nothing else changed, by one guard."""

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.files import inert
from audit.files.tables import inert as inert_column, write_csv, write_parquet


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("|calc", "'|calc"),
        ("%cmd", "'%cmd"),
        ("\t1", "'\t1"),
        ("\r1", "'\r1"),
        ("\v=1", "'\v=1"),
        ("\uff0b1", "'\uff0b1"),
        ("\uff0d1", "'\uff0d1"),
        ("\uff20A1", "'\uff20A1"),
        ("1=1", "1=1"),
        (" \t=1", "' \t=1"),
        ("\x00=1", "'=1"),
        ("\uff1dHYPERLINK(1)", "'\uff1dHYPERLINK(1)"),
        ("nul\x00byte", "nulbyte"),
        ("abc\u202egpj.exe", "abc[U+202E]gpj.exe"),
        ("\u2066=1", "[U+2066]=1"),
        ("massage 💆🏽 مساج", "massage 💆🏽 مساج"),
        ("97140, 2 units", "97140, 2 units"),
        ("", ""),
        (None, None),
    ],
)
def test_a_text_cell_is_inert(cell: str | None, shown: str | None) -> None:
    assert inert_column(pa.chunked_array([[cell]], pa.string())).to_pylist() == [shown]
    assert inert.cell(cell) == shown


def test_numbers_are_left_alone() -> None:
    amounts = pa.chunked_array([[-1.5, 2.0]])
    assert inert_column(amounts) is amounts
    assert inert.cell(-1.5) == -1.5


def test_csv_is_guarded_and_parquet_holds_the_text_as_it_is(tmp_path: Path) -> None:
    table = pa.table({"message": ["=1", 'a "b", c'], "amount": [-1, 2]})
    with write_csv(table, tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["message", "amount"], ["'=1", "-1"], ['a "b", c', "2"]]
    assert pq.read_table(write_parquet(table, tmp_path / "t.parquet")).equals(table)
