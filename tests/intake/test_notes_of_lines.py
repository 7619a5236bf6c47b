"""Quoted notes of several lines: read whole whatever stands in them, and told from rows that a lost quote has joined."""

import csv
import io
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.intake.columns.second_codes import _NUMBERED
from audit.intake.columns.shapes import is_blank
from audit.intake.formats.structure import HEADER, Structure
from audit.intake.formats.text.looks import Looks
from tests.intake.test_load import read, rejects, rows, write

NAMES = ("Claim ID", "Line", "Patient ID", "DOS", "CPT", "Units", "Payer", "Charge", "Note", "Room")
LISTS = (
    "tolerated well\nreach, pull, push, squat, lunge, step, walk, march, bridge\nplan: continue",
    "1, 2, 3, 4, 5, 6, 7, 8, 9, 10\n11, 12, 13, 14, 15, 16, 17, 18, 19, 20\n",
    ",,,,,,,,,\n" * 3,
    '"quoted"\n"reach", "pull", "push", "a", "b", "c", "d", "e", "f", "g"\nend',
    "a\r\nb\n\n\nc",
    '5\'10" tall, "so, he said"\n, , , , , , , , , ',
    "visit on 11/13/2025\n97110, 2, 30\n97140, 1, 15",
)


def table(notes: list[str]) -> list[list[str]]:
    return [
        [f"C{n}", "1", f"P{n % 7}", f"11/{13 + n % 16}/2025", "97110", "2", "Aetna", "90.00", note, "7"]
        for n, note in enumerate(notes, start=1)
    ]


def written(folder: Path, cells: list[list[str]], name: str = "export.csv", *, broken: str = "", delimiter: str = ",") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
        writer.writerows([list(NAMES), *cells])
        stream.write(broken)
    return path


@pytest.mark.parametrize("broken", ["", "C9,1\n"], ids=["quickly", "with care"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_lists_in_notes_read_whole_as_from_parquet(broken: str, delimiter: str, tmp_path: Path) -> None:
    chance = random.Random(5)
    signs = "abc ,;\t|\"'\n\r.:-0123456789/"
    notes = [note.replace(",", delimiter) for note in LISTS] * 3
    notes += ["x" + "".join(chance.choices(signs, k=chance.randint(1, 300))) + "x" for _ in range(150)]
    cells = table(notes)
    con, intake = read(written(tmp_path, cells, broken=broken.replace(",", delimiter), delimiter=delimiter))
    assert (intake.rows, intake.rejected_rows) == (len(cells) + bool(broken), int(bool(broken)))
    pq.write_table(pa.table({name: [row[place] for row in cells] for place, name in enumerate(NAMES)}), tmp_path / "same.parquet")
    again, _ = read(tmp_path / "same.parquet")
    columns = "* EXCLUDE (line_id, source_file, source_row)"
    assert rows(con, columns) == rows(again, columns)
    text = (tmp_path / "export.csv").read_bytes().decode()
    reader, starts, before = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [], 0
    for _ in reader:
        starts.append(before + 1)
        before = reader.line_num
    assert [line for (line,) in rows(con, "source_row")] == starts[1 : len(cells) + 1]


@pytest.mark.parametrize("between", [1, 3, 40])
def test_rows_that_a_lost_quote_has_joined_are_told_by_their_values(between: int, tmp_path: Path) -> None:
    cells = table(["neck"] * (between + 4))
    cells[1][8], cells[between + 2][0] = '"neck', f'C{between + 3}"'
    text = "\n".join(",".join(row) for row in ([*NAMES], *cells)) + "\n"
    con, intake = read(write(tmp_path, text))
    assert intake.rows == len(cells)
    assert [row for row, *_ in rejects(con)] == [3]
    assert len(rows(con, "1")) == len(cells) - 1


@pytest.mark.parametrize("opened", ['"neck', '"two\nlines'])
def test_a_row_that_closes_the_note_of_the_one_before_is_none_of_its_words(opened: str, tmp_path: Path) -> None:
    """The closing quote of one note is lost and the opening one of the next: together they are one note, and valid."""
    cells = table(["neck"] * 8)
    cells[1][8], cells[2][8] = opened, 'the ""knot"" eased"'
    text = "\n".join(",".join(row) for row in ([*NAMES], *cells)) + "\n"
    con, intake = read(write(tmp_path, text))
    assert intake.rows == len(cells)
    assert [row for row, *_ in rejects(con)] in ([3], [3, 4], [])
    assert len(rows(con, "1")) + len({row for row, *_ in rejects(con)}) == len(cells)


def test_a_note_of_a_thousand_lines_reads_whole(tmp_path: Path) -> None:
    cells = table(["neck", "\n".join(f"line {n}, with a comma" for n in range(1000)), "back"])
    for broken in ("", "C9,1\n"):
        con, _ = read(written(tmp_path, cells, broken=broken))
        assert [line for (line,) in rows(con, "source_row")] == [2, 3, 1003]
        assert len(rows(con, "note_text")[1][0]) == len(cells[1][8])


def test_a_line_that_is_too_long_is_one_rejected_row(tmp_path: Path) -> None:
    cells = table(["neck"] * 300)
    text = "\n".join(",".join(row) for row in ([*NAMES], *cells[:150], ["C9", "x" * 5_000_000], *cells[150:])) + "\n"
    con, intake = read(write(tmp_path, text))
    assert (intake.rows, intake.rejected_rows) == (301, 1)
    assert [(row, reason) for row, _, _, reason in rejects(con)] == [(152, "the line has more than 2,000,000 signs")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_empty_lines_are_no_rows_and_keep_their_numbers(end: str, tmp_path: Path) -> None:
    cells = table(["neck", "back"])
    text = ",".join(NAMES) + end + ",".join(cells[0]) + end * 3000 + ",".join(cells[1]) + end * 500
    con, intake = read(write(tmp_path, text.encode()))
    assert (intake.rows, intake.rejected_rows) == (2, 0)
    assert [line for (line,) in rows(con, "source_row")] == [2, 3002]


@pytest.mark.parametrize("last", [False, True], ids=["a note in the middle", "a note at the end"])
@pytest.mark.parametrize("note", ["neck, then back", "neck, back, hip, knee"])
def test_a_note_with_commas_that_has_lost_its_quote_joins_no_rows(note: str, last: bool, tmp_path: Path) -> None:
    width = 9 if last else 10
    cells = [row[:width] for row in table(["neck"] * 8)]
    cells[2][8] = '"quote at the end ""so""'  # its own closing quote is lost, and the next row's opening one
    cells[3][8] = f'{note}"'
    text = "\n".join(",".join(row) for row in ([*NAMES[:width]], *cells)) + "\n"
    con, intake = read(write(tmp_path, text))
    assert intake.rows == len(cells)
    assert {row for row, *_ in rejects(con)} <= {4, 5}
    assert {claim for (claim,) in rows(con, "claim_id")} >= {f"C{n}" for n in (1, 2, 5, 6, 7, 8)}
    assert len(rows(con, "1")) + intake.rejected_rows == len(cells)


LONG = 200_000
# A sign, and whether a cell of nothing else is blank.
SIGNS = {
    "\0": True, " ": True, "\t": True, "\u200b": True, "-": True, ".": True,
    "9": False, "$": False, "(": False, "9,": False, "n ": False,
}  # fmt: skip


@pytest.mark.parametrize("sign", SIGNS)
def test_a_cell_of_one_sign_over_and_over_is_read_at_once(sign: str) -> None:
    # A pattern that tried every way to share the signs out would take hours.
    text = sign * (LONG // len(sign))
    assert is_blank(text) is SIGNS[sign]
    looks = Looks.of([["11/13/2025", "a", "2"]], ",", 3)
    structure = Structure(("DOS", "Note", "Units"))
    for cell in (f"{text}!", f"({text}x", f'="{text}x'):
        assert not is_blank(cell)
        assert looks.fit(f"11/13/2025,x,{cell}") is False
        assert structure.what_is([cell, "", ""]) != HEADER
        assert _NUMBERED.match(cell) is None
