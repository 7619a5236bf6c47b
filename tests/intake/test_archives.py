"""Archives: every export in one is a file of its own, nothing leaves the scratch folder, and what is odd is refused."""

import gzip
import hashlib
import io
import shutil
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from audit.errors import InputError
from audit.intake import survey
from tests.intake.test_load import HEADER, ROW, read, rows
from tests.macros import session


def zipped(path: Path, *entries: tuple[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def line(claim: str, paid: str = "(45.00)") -> str:
    return HEADER + ROW.replace("C1", claim).replace("(45.00)", paid)


def test_every_export_in_an_archive_is_a_file_of_its_own(tmp_path: Path) -> None:
    parquet = tmp_path / "c.parquet"
    session().execute(
        f"COPY (SELECT 'E1' AS claim_id, 'P3' AS mrn, DATE '2025-11-03' AS dos, '97110' AS cpt, 2 AS units, 'Cigna' AS payer, "
        f"7.5 AS paid) TO '{parquet}'"
    )
    path = zipped(
        tmp_path / "month.zip",
        ("2025/nov.csv", line("C2", "10.00")),
        ("2025/oct.csv", line("C1", "20.00")),
        ("2025/older.csv.gz", gzip.compress(line("C0", "5.00").encode())),
        ("c.parquet", parquet.read_bytes()),
        ("readme.pdf", b"%PDF"),
        ("__MACOSX/2025/._oct.csv", b"x"),
        ("empty/", b""),
    )
    con, intake = read(path)
    assert [file.name for file in intake.files] == [
        "month.zip/2025/nov.csv", "month.zip/2025/oct.csv", "month.zip/2025/older.csv.gz", "month.zip/c.parquet",
    ]  # fmt: skip
    assert rows(con, "claim_id, source_file, source_row, line_id >> 40") == [
        ("C2", "month.zip/2025/nov.csv", 2, 1),
        ("C1", "month.zip/2025/oct.csv", 2, 2),
        ("C0", "month.zip/2025/older.csv.gz", 2, 3),
        ("E1", "month.zip/c.parquet", 1, 4),
    ]
    first = intake.files[0]
    assert (first.dollars.paid_amount, first.path) == (Decimal("10.00"), path / "2025/nov.csv")
    assert first.sha256 == hashlib.sha256(line("C2", "10.00").encode()).hexdigest()
    assert first.size_bytes == len(line("C2", "10.00"))
    assert [file.name for file in survey([path]).files] == [file.name for file in intake.files]


def test_an_archive_of_one_export_keeps_its_own_name(tmp_path: Path) -> None:
    _, intake = read(zipped(tmp_path / "one.zip", ("deep/x.csv", line("C1")), ("notes.txt.bak", b"x")))
    assert [(file.name, file.format) for file in intake.files] == [("one.zip", "csv, zip")]


def test_the_same_export_inside_and_beside_an_archive_is_said(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", ("x.csv", line("C1")), ("y.csv", line("C2")))
    (tmp_path / "a.csv").write_text(line("C1"))
    _, intake = read(path, tmp_path / "a.csv")
    assert "b.zip/x.csv is the same file as a.csv; its rows are repeats" in " ".join(intake.warnings)


def test_no_entry_leaves_the_scratch_folder(tmp_path: Path) -> None:
    scratch = tmp_path / "in" / "scratch"
    scratch.mkdir(parents=True)
    path = zipped(tmp_path / "slip.zip", ("../../out.csv", line("C1")), ("/abs/out.csv", line("C2")), ("..\\win.csv", line("C3")))
    con, intake = read(path, scratch=scratch)
    assert [file.name for file in intake.files] == ["slip.zip/abs/out.csv", "slip.zip/out.csv", "slip.zip/win.csv"]
    assert len(rows(con, "claim_id")) == 3
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["in", "scratch", "slip.zip"]


def test_two_entries_of_one_name_are_both_read(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zipped(tmp_path / "twice.zip", ("x.csv", line("C1")), ("x.csv", line("C2")))
    con, intake = read(path)
    assert sorted(file.name for file in intake.files) == ["twice.zip/x (2).csv", "twice.zip/x.csv"]
    assert {claim for (claim,) in rows(con, "claim_id")} == {"C1", "C2"}


def test_what_is_wrong_with_an_inner_file_names_archive_and_file(tmp_path: Path) -> None:
    path = zipped(tmp_path / "m.zip", ("a.csv", line("C1")), ("b.csv", line("C2").replace("CPT", "Thing")))
    with pytest.raises(InputError, match=r"^m\.zip/b\.csv has no column for procedure_code"):
        read(path)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ((("a.csv", "x"), ("inner.zip", "x")), "archive within the archive: inner.zip"),
        ((("readme.pdf", "x"),), "holds no export that claims-audit reads. It holds: readme.pdf"),
        ((), "It holds: nothing"),
    ],
)
def test_an_odd_archive_is_refused(entries: tuple[tuple[str, str], ...], said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read(zipped(tmp_path / "odd.zip", *entries))
    assert caught.value.message.startswith("odd.zip")
    assert caught.value.hint


def test_a_locked_and_a_damaged_archive_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "locked.zip", ("a.csv", line("C1")), ("b.csv", line("C2")))
    data = bytearray(path.read_bytes())
    for at in range(len(data) - 4):
        # The bit that says "encrypted", in each entry's own header and in the directory at the end.
        if data[at : at + 4] in (b"PK\x03\x04", b"PK\x01\x02"):
            data[at + (6 if data[at + 2] == 3 else 8)] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(InputError, match=r"locked\.zip is locked with a password"):
        read(path)
    whole = zipped(tmp_path / "cut.zip", ("a.csv", line("C1") * 50), ("b.csv", line("C2") * 50)).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 3])
    with pytest.raises(InputError, match=r"cut\.zip is damaged"):
        read(tmp_path / "cut.zip")
    spoiled = bytearray(whole)
    spoiled[60:70] = b"0123456789"
    (tmp_path / "cut.zip").write_bytes(bytes(spoiled))
    with pytest.raises(InputError, match=r"cut\.zip is damaged"):
        read(tmp_path / "cut.zip")


@pytest.mark.parametrize("names", [("a.csv",), ("a.csv", "b.csv"), ("note.pdf", "a.csv")])
def test_an_archive_in_which_a_file_has_lost_its_name_is_damaged(names: tuple[str, ...], tmp_path: Path) -> None:
    path = zipped(tmp_path / "nameless.zip", *((name, line(f"C{at}")) for at, name in enumerate(names)))
    # A name ends at its first nought.
    path.write_bytes(path.read_bytes().replace(names[0].encode(), b"\0" + names[0][1:].encode()))
    with pytest.raises(InputError, match=r"nameless\.zip is damaged"):
        read(path)


def test_an_archive_whose_names_are_in_no_letters_is_damaged(tmp_path: Path) -> None:
    path = zipped(tmp_path / "letters.zip", ("caf\u00e9.csv", line("C1")))
    path.write_bytes(path.read_bytes().replace("caf\u00e9".encode(), b"caf\xff\xfe"))
    with pytest.raises(InputError, match=r"letters\.zip is damaged"):
        read(path)


@pytest.mark.parametrize("several", [True, False])
def test_an_archive_that_the_disk_cannot_hold_is_refused(several: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    bomb = io.BytesIO(b"0" * 3_000_000).getvalue()
    entries = [("a.csv", bomb), *([("b.csv", bomb)] if several else [])]
    path = zipped(tmp_path / "bomb.zip", *entries)
    packed = tmp_path / "bomb.csv.gz"
    packed.write_bytes(gzip.compress(bomb))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))
    for one in (path, packed):
        with pytest.raises(InputError, match="larger, unpacked, than the disk has room for"):
            read(one)


@pytest.mark.parametrize("several", [True, False])
def test_what_an_archive_holds_beside_its_exports_is_said(several: bool, tmp_path: Path) -> None:
    more = [("oct.csv", line("C2"))] if several else []
    path = zipped(tmp_path / "a.zip", ("nov.csv", line("C1")), *more, ("dec.cs6", line("C3")), ("__MACOSX/x", "x"))
    _, intake = read(path)
    assert [said for said in intake.warnings if "beside it the archive holds dec.cs6, which claims-audit does not read" in said]
    assert len(intake.files) == 1 + several


@pytest.mark.parametrize(
    "text",
    [
        "Please find attached the claims of November 2025.\nCall 555-0100 with questions, or write to us.\n",
        "README\n\nFields: the claim id, the patient id, the date of service.\nZip 97140 and others.\n",
        "Made on 12/01/2025 by the billing office\r\n",
        "one word",
    ],
)
def test_a_text_that_is_no_table_is_set_aside_and_named(text: str, tmp_path: Path) -> None:
    path = zipped(tmp_path / "month.zip", ("a_readme.txt", text), ("claims.csv", line("C1")))
    con, intake = read(path)
    assert rows(con, "claim_id, source_file") == [("C1", "month.zip/claims.csv")]
    assert any("beside it the archive holds a_readme.txt, which claims-audit does not read" in one for one in intake.warnings)
    assert [file.name for file in survey([path]).files] == ["month.zip/claims.csv"]


@pytest.mark.parametrize(
    "text",
    [
        "C2 P1 11/13/2025 97140 1 Aetna\n",
        "nothing\nC2,P1,2025-11-13,97140,1\n",
        "Claim #,Patient ID,DOS,CPT\n",
        "C2;P1;13 Nov 2025;G0283;1",
        "ISA*00*          *00*          *ZZ*",
        "BHT*0019*00*1*20251113*1200*CH~\n",
        "x" * 70_000,
    ],
)
def test_what_may_be_claims_is_not_set_aside(text: str, tmp_path: Path) -> None:
    path = zipped(tmp_path / "month.zip", ("a_readme.txt", text), ("claims.csv", line("C1")))
    with pytest.raises(InputError):
        read(path)


def test_texts_alone_are_not_set_aside(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read(zipped(tmp_path / "month.zip", ("a.txt", "Dear sir,\n"), ("b.txt", "yours\n")))
