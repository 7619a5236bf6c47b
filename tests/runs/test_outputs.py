"""CSV cells that people open in spreadsheets: no formula, no hidden turn of the text, nothing else changed."""

import pyarrow as pa
import pytest

from audit.runs.outputs import inert


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("|calc", "'|calc"),
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
    assert inert(pa.chunked_array([[cell]], pa.string())).to_pylist() == [shown]


def test_numbers_are_left_alone() -> None:
    amounts = pa.chunked_array([[-1.5, 2.0]])
    assert inert(amounts) is amounts
