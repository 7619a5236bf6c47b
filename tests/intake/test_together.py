"""Small files of one layout are read in one pass: what comes out is what reading each of them alone gives, byte for byte."""

import random
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from audit.errors import AuditError
from audit.intake.raw import RawTable
from audit.intake.rows import publishing
from audit.intake.together import batch, layout_groups
from audit.intake.together.plain import PlainFile
from audit.model import Intake
from tests.intake.test_load import read

HEADER = "Claim #,Line,Patient ID,DOS,CPT,Mod 1,Units,Minutes,Payer,Charge,Paid,Note"
TABLES = ("claim_row", "rejected_row", "left_out_row", "claim_total")


def row(number: int, **cells: str) -> str:
    usual = {
        "claim": f"C{number}", "line": "1", "patient": f"P{number}", "dos": f"11/{13 + number % 10}/2025", "cpt": "97140",
        "mod": "GP", "units": "1", "minutes": "15", "payer": "Aetna", "charge": "45.00", "paid": "30.00",
        "note": "manual therapy",
    }  # fmt: skip
    return ",".join((usual | cells).values())


def text(*rows: str, header: str = HEADER, end: str = "\n") -> bytes:
    return (end.join([header, *rows]) + end).encode()


def as_delimited(content: bytes, delimiter: str) -> bytes:
    return content.replace(b",", delimiter.encode())


PLAIN = text(row(1), row(2, note='"massage, and more"'), row(3, mod="59"))
# Each of them is read among plain files of the same header.
ODD = {
    "a bad cell": text(row(4), row(5, units="many")),
    "a row too short": text(row(4), "C5,1,P5"),
    "a row too long": text(row(4), row(5) + ",more,and more"),
    "a bad row at the end": text(row(4), row(5), "C6,1"),
    "no required cell": text(row(4, claim="")),
    "no row": text(),
    "another delimiter": as_delimited(text(row(4), row(5)), ";"),
    "tabs": as_delimited(text(row(4), row(5)), "\t"),
    "headers in another order": text(
        "P4,C4,11/13/2025,97140,1,Aetna,5.00,massage", header="Patient ID,Claim #,DOS,CPT,Units,Payer,Paid,Note"
    ),
    "fewer columns": text("C4,1,P4,11/13/2025,97140,1,Aetna", header="Claim #,Line,Patient ID,DOS,CPT,Units,Payer"),
    "windows line ends": text(row(4), row(5), end="\r\n"),
    "old line ends": text(row(4), row(5), end="\r"),
    "a bare CR in a cell": text(row(4, note="mas\rsage"), row(5)),
    "no end behind the last row": text(row(4), row(5)).rstrip(b"\n"),
    "empty lines": text(row(4), "", row(5), "", ""),
    "a blank row": text(row(4), "," * 11, row(5)),
    "a mark at the start": b"\xef\xbb\xbf" + text(row(4), row(5)),
    "windows-1252": text(row(4, payer="Soci\u00e9t\u00e9")).decode().encode("cp1252"),
    "utf-16": text(row(4), row(5)).decode().encode("utf-16"),
    "a zero byte": text(row(4, note="a\x00b"), row(5)),
    "the end of file of old": text(row(4), row(5)) + b"\x1a",
    "a note of two lines": text(row(4, note='"first\nsecond"'), row(5)),
    "a quote that is not closed": text(row(4, note='"massage'), row(5)),
    "a quote within a cell": text(row(4, note='the "lower" back'), row(5, note='5" scar')),
    "a title": b"Claims of November\n" + text(row(4), row(5)),
    "the header again": text(row(4), HEADER, row(5)),
    "a total": text(row(4), row(5), "Total,,,,,,,,,90.00,60.00,"),
    "a ledger entry": text(row(4), row(5, cpt="Payment", mod="")),
    "several codes": text(row(4), row(5, cpt='"97124, 97140"')),
    "a modifier behind the code": text(row(4), row(5, cpt="97140-59", mod="")),
    "modifiers in one cell": text(row(4, mod="GP59"), row(5)),
    "minutes of nought": text(row(4, minutes="0"), row(5, minutes="0")),
    "units of nought": text(row(4, units="0"), row(5)),
    "an amount below zero": text(row(4, paid="(30.00)"), row(5)),
    "an NPI in scientific notation": text(row(4, note="1.2E+09"), header=HEADER.replace("Note", "Rendering NPI")),
    "cells that a spreadsheet protects": text(row(4, claim='="""C4"""', cpt="'97140"), row(5)),
    "words for nothing": text(row(4, paid="N/A", mod="none"), row(5, minutes="-")),
    "dates day first": text(row(4, dos="13/11/2025"), row(5, dos="14/11/2025")),
    "dates that do not tell": text(row(4, dos="11/05/2025"), row(5, dos="11/06/2025")),
    "dates of both orders": text(*(row(n, dos=dos) for n in range(13, 20) for dos in (f"{n}/11/2025", f"11/{n}/2025"))),
    "ISO dates": text(row(4, dos="2025-11-05"), row(5, dos="2025-11-06")),
    "no date": text(row(4, dos=""), row(5)),
    "the same rows twice": text(row(4), row(4)),
    "an id with parts": text(row(4, claim="1001.1"), row(5, claim="1001.2")),
    "amounts that may be thousands": text(row(4, charge="1.234", paid="980"), row(5, charge="95", paid="76")),
    "amounts of three decimals": text(row(4, charge="61.250", paid="49.000"), row(5, charge="0.500", paid="0.400")),
    "an amount too large": text(row(4, paid="123456789012.00"), row(5)),
    "empty": b"",
}  # fmt: skip
# Of these a run says no more than that.
REFUSED = ("empty", "no row", "several codes", "dates of both orders", "amounts that may be thousands")


def everything(folder: Path, files: Sequence[bytes], **options: object) -> tuple[Intake | str, list[list[tuple[object, ...]]]]:
    """All that a load gives, or the words of its refusal."""
    folder.mkdir()
    paths = []
    for number, content in enumerate(files):
        paths.append(folder / f"export_{number:03}.csv")
        paths[-1].write_bytes(content)
    try:
        con, intake = read(*paths, **options)  # type: ignore[arg-type]
    except AuditError as error:
        return f"{error}\n{error.hint}".replace(str(folder), ""), []
    return intake, [con.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall() for table in TABLES]


def told(one: Intake | str, folder: Path) -> str:
    return repr(one).replace(str(folder), "")


def read_twice(folder: Path, files: Sequence[bytes], monkeypatch: pytest.MonkeyPatch, **options: object) -> int:
    """Hold reading together against reading alone; gives how many files were read together."""
    read_in_batches: list[object] = []
    taken = batch.ReadFile.__init__

    def count(self: batch.ReadFile, *values: object) -> None:
        read_in_batches.append(self)
        taken(self, *values)  # type: ignore[arg-type]

    monkeypatch.setattr(batch.ReadFile, "__init__", count)
    together = everything(folder / "a", files, **options)
    count_together = len(read_in_batches)
    monkeypatch.setattr(layout_groups, "_FEWEST", len(files) + 1)
    alone = everything(folder / "a_", files, **options)
    assert len(read_in_batches) == count_together
    monkeypatch.undo()
    assert told(together[0], folder / "a") == told(alone[0], folder / "a_")
    assert together[1] == alone[1]
    return count_together


def test_plain_files_are_read_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_twice(tmp_path, [PLAIN] * 6, monkeypatch) == 5


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_is_refused_is_refused_in_the_same_words(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [PLAIN, PLAIN, ODD[what], PLAIN, PLAIN]
    read_twice(tmp_path, files, monkeypatch)
    assert isinstance(everything(tmp_path / "b", files)[0], str)


def test_files_that_differ_are_read_as_if_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [content for what, content in ODD.items() if what not in REFUSED] + [PLAIN] * 8
    random.Random(5).shuffle(files)
    assert read_twice(tmp_path, files, monkeypatch) > 8


def test_harmless_ways_of_writing_do_not_make_a_file_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    harmless = (
        "windows line ends",
        "a mark at the start",
        "words for nothing",
        "ISO dates",
        "empty lines",
        "the same rows twice",
    )
    assert read_twice(tmp_path, [PLAIN, *(ODD[what] for what in harmless)], monkeypatch) == len(harmless)


def test_dates_that_do_not_tell_are_settled_by_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [text(row(n, dos=f"11/0{n}/2025")) for n in range(1, 7)]
    assert read_twice(tmp_path, [*files, PLAIN], monkeypatch) == 6


@pytest.mark.parametrize("dates", ["month_first", "day_first"])
def test_dates_that_do_not_tell_are_settled_by_the_user(dates: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [text(row(n, dos=f"11/0{n}/2025")) for n in range(1, 7)]
    assert read_twice(tmp_path, files, monkeypatch, dates=dates) == 5


def test_dates_that_nobody_tells_refuse_the_first_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        read_twice(
            tmp_path, [text(row(n, dos=f"0{n}/11/2025"), row(n, dos=f"0{n + 1}/11/2025")) for n in range(1, 7)], monkeypatch
        )
        == 0
    )


def test_lines_without_numbers_are_numbered_within_their_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    header = HEADER.replace("Line,", "")
    files = [text(*(row(n).replace(",1,P", ",P", 1) for n in (1, 1, 2)), header=header)] * 4
    assert read_twice(tmp_path, files, monkeypatch) == 3


def test_more_files_alone_than_a_view_has_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "_MOST_TABLES", 2)
    alone = [text(row(n, paid="(1.00)")) for n in range(4)]
    assert read_twice(tmp_path, [PLAIN, *alone, PLAIN, PLAIN, PLAIN], monkeypatch) == 3


def test_a_batch_that_duckdb_refuses_is_halved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = batch._raw_table
    sizes = []

    def refuse(con: duckdb.DuckDBPyConnection, files: Sequence[PlainFile], scratch: Path) -> RawTable:
        sizes.append(len(files))
        if any(file.file_no == 5 for file in files):
            raise duckdb.InvalidInputException("refused")
        return whole(con, files, scratch)

    monkeypatch.setattr(batch, "_raw_table", refuse)
    intake, tables = everything(tmp_path / "a", [PLAIN] * 25)
    assert isinstance(intake, Intake)
    assert intake.rows == 75
    assert len(tables[0]) == 75
    assert sizes[0] == 24
    assert len(sizes) > 3


def test_a_file_that_changes_meanwhile_is_not_read_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = batch._raw_table

    def grow(con: duckdb.DuckDBPyConnection, files: Sequence[PlainFile], scratch: Path) -> RawTable:
        path = files[1].export.path
        path.write_bytes(path.read_bytes() + row(9).encode())
        return whole(con, files, scratch)

    monkeypatch.setattr(batch, "_raw_table", grow)
    intake, _ = everything(tmp_path / "a", [PLAIN] * 5)
    assert isinstance(intake, Intake)
    assert [file.rows for file in intake.files] == [3, 3, 4, 3, 3]
