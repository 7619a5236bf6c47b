"""Damaged exports tie out or are refused in a plain sentence; tests.damage makes and judges them, by the thousand if asked."""

import dataclasses
import zipfile
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.errors import AuditError, InputError
from tests.damage import Bench, Case, FailedError, run
from tests.damage_specimens import HEADER as NAMES, Specimen
from tests.damage_ways import WAYS
from tests.intake.test_load import HEADER, ROW, read, rejects, rows, write


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("damage"))


@pytest.fixture(scope="module")
def quoted(bench: Bench) -> Specimen:
    specimen = bench.specimens[0]
    assert isinstance(specimen, Specimen)
    return specimen


def test_damaged_files_tie_out_or_are_refused_and_spare_the_other_rows(bench: Bench) -> None:
    tally = run(bench, seed=5, numbers=range(90))
    assert tally.failures == []
    assert tally.fates["tied out"] > 35
    assert sum(fate.startswith("refused") for fate in tally.fates) > 3
    assert tally.spared > 850


def test_every_way_of_damage_changes_a_file(bench: Bench) -> None:
    cases = [bench.case(3, number) for number in range(200)]
    seen = {way for case in cases for way in case.how.split(", ")}
    assert set(WAYS) <= seen
    assert sum(not case.spared and case.lines is not None for case in cases) < len(cases) / 3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"spared": ("C9999",)}, "C9999"),
        ({"lines": (99, 99)}, "rows lost or made"),
        ({"lines": (0, 3)}, "rows lost or made"),
        ({"is_sealed": True}, "not as it was"),
    ],
)
def test_the_judge_sees_what_is_lost(bench: Bench, quoted: Specimen, wrong: dict[str, object], said: str) -> None:
    data = quoted.header + b"".join(quoted.records[1:])
    right = Case(quoted, "first record lost", data, tuple(f"C{number:04d}" for number in range(2, 25)), lines=(23, 23))
    assert bench.judge(right) == "tied out"
    bench.whole[quoted.name].rows.setdefault("C9999", [("C9999", *bench.whole[quoted.name].rows["C0002"][0][1:])])
    with pytest.raises(FailedError, match=said):
        bench.judge(dataclasses.replace(right, **wrong))  # type: ignore[arg-type]
    del bench.whole[quoted.name].rows["C9999"]


def test_the_judge_sees_a_name(bench: Bench, quoted: Specimen) -> None:
    header = quoted.header.replace(b"Patient ID,Patient Name", b"Patient ID,Batch Group Zzyzx0001")
    with pytest.raises(FailedError, match="name is shown"):
        bench.judge(Case(quoted, "a name for a header", header + b"".join(quoted.records), lines=None))


def test_an_amount_of_forty_digits_is_no_amount(tmp_path: Path) -> None:
    con, intake = read(
        write(tmp_path, HEADER + ROW + ROW.replace("(45.00)", "9" * 40) + ROW.replace("(45.00)", "9999999999.999"))
    )
    assert [(row, column, reason) for row, column, _, reason in rejects(con)] == [
        (3, "paid_amount", "is not an amount"), (4, "paid_amount", "is not an amount"),
    ]  # fmt: skip
    assert (intake.rows, intake.rejected_rows) == (3, 2)


def test_a_lost_delimiter_between_two_names_never_shifts_the_columns(tmp_path: Path) -> None:
    lines = "".join(ROW.replace("C1", f"C{number}") for number in range(1, 3))
    with pytest.raises(InputError, match="where the cells without a name stand cannot be told"):
        read(write(tmp_path, HEADER.replace("Minutes,Start", "MinutesStart") + lines))
    # Without a name for the note alone, the amounts before it tell where it stands.
    con, _ = read(write(tmp_path, HEADER.replace(",Note", "") + lines))
    assert rows(con, "payer_name, paid_amount, note_text")[0] == ("Medicare Part B", Decimal("-45.00"), None)


def test_a_quote_lost_in_the_header_is_refused_without_a_name(tmp_path: Path) -> None:
    named = ",".join(NAMES).replace("Patient Name", '"Patient Name') + "\n"
    row = 'C1,1,P1,Ada Example,11/13/2025,97124,,,1,15,,,Aetna,M54.2,1,1,"Neck",7\n'
    with pytest.raises(InputError, match="a quote is opened in its header line") as caught:
        read(write(tmp_path, named + row))
    assert "Ada" not in str(caught.value)


def test_quotes_around_several_cells_of_a_header_are_refused_without_a_name(tmp_path: Path) -> None:
    quoted = '"P1\tAda Example\t11/13/2025\t97124"\tUnits\tPayer\tClaim ID\n'
    with pytest.raises(InputError, match="a quote is opened in its header line") as caught:
        read(write(tmp_path, quoted + "P1\tAda Example\t11/13/2025\t97124\t1\tAetna\tC1\n" * 3))
    assert "Ada" not in str(caught.value)


def test_a_delimiter_that_cannot_be_told_shows_no_name(tmp_path: Path) -> None:
    row = "C{n}\tP1\tAda Example\t11/13/2025\t97124\t1\tAetna\t$1,234.50\tneck\n"
    lines = [row.format(n=number) for number in range(1, 9)]
    lines[1] = lines[1].replace("Aetna", '"Aetna')
    with pytest.raises(InputError, match="no header line that can be told") as caught:
        read(write(tmp_path, "Claim\n" + "".join(lines)))
    assert "Ada" not in str(caught.value)


def test_a_row_that_ran_into_the_header_is_refused_without_a_name(tmp_path: Path) -> None:
    row = "P1,Ada Example,11/13/2025,97124,1,Aetna\n"
    with pytest.raises(InputError, match="its header line has 11 names, and nearly every row has fewer cells") as caught:
        read(write(tmp_path, "MRN,Patient Name,DOS,CPT,Units,Payer" + row * 5))
    assert "Ada" not in str(caught.value)


def test_a_header_that_is_half_a_row_is_refused_without_a_name(tmp_path: Path) -> None:
    row = "P1,Ada Example,11/13/2025,97124,1,Aetna,C1\n"
    with pytest.raises(InputError, match="dates or amounts beside names") as caught:
        read(write(tmp_path, "P1,Ada Example,11/13/2025,CPT,Units,Payer,Claim ID\n" + row * 5))
    assert "Ada" not in str(caught.value)
    # The day of the export behind the last name is no cell of a row.
    header = "MRN,Patient Name,DOS,CPT,Units,Payer,Claim ID,11/30/2025\n"
    con, _ = read(write(tmp_path, header + row.replace("C1", "C1,") * 2))
    assert rows(con, "claim_id")[0] == ("C1",)


def test_a_file_without_a_header_is_refused_without_a_name(tmp_path: Path) -> None:
    row = "C1,1,P1,Ada Example,11/13/2025,97124,GP,1,15,Aetna,45.00\n"
    with pytest.raises(InputError, match="no header line that can be told") as caught:
        read(write(tmp_path, row * 5))
    assert "Ada" not in str(caught.value)


def test_a_broken_row_shows_its_line_and_shape_alone(tmp_path: Path) -> None:
    text = "Sunrise Therapy\n" + HEADER + ROW.replace("Massage", '"two\nlines"') + "\n" + 'C2,1,P1,"Ada Example,9/9/1959\n' + ROW
    con, _ = read(write(tmp_path, text))
    assert [(row, value) for row, _, value, _ in rejects(con)] == [(6, 'A#,#,A#,"AAA AAAAAAA,#/#/####')]


def test_a_word_in_a_column_of_dates_or_amounts_is_shown_without_its_letters(tmp_path: Path) -> None:
    con, _ = read(write(tmp_path, HEADER + ROW.replace("11/13/2025", "\u00c9va Example") + ROW.replace("1.00", "1O")))
    assert [(column, value) for _, column, value, _ in rejects(con)] == [("service_date", "AAA AAAAAAA"), ("units", "9A")]


def test_a_refusal_repeats_no_cell_of_a_damaged_table(tmp_path: Path) -> None:
    path = tmp_path / "damaged.parquet"
    bad = pa.array([b"Ada \xff\xfe Example"], pa.binary())
    text = pa.Array.from_buffers(pa.string(), 1, bad.buffers())
    pq.write_table(pa.table({"claim_id": text, **{name: ["1"] for name in ("mrn", "dos", "cpt", "units", "payer")}}), path)
    with pytest.raises(AuditError) as caught:
        read(path)
    assert "damaged.parquet" in caught.value.message
    assert "Ada" not in str(caught.value)


def sheet(path: Path, *far: tuple[int, int]) -> Path:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    with xlsxwriter.Workbook(path) as book:
        claims = book.add_worksheet()
        claims.write_row(0, 0, ["Claim #", "Patient ID", "DOS", "CPT", "Units", "Payer"])
        claims.write_row(1, 0, ["K1", 77, "2025-11-13", 97124, 2, "Aetna"])
        for row, column in far:
            claims.write(row, column, " ")
    return path


def test_a_stray_cell_in_the_last_corner_of_a_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="reach to XFD1048576") as caught:
        read(sheet(tmp_path / "far.xlsx", (1048575, 16383)))
    assert "far.xlsx" in caught.value.message
    con, _ = read(sheet(tmp_path / "wide.xlsx", (1, 300)))
    assert rows(con, "claim_id") == [("K1",)]


def test_a_workbook_whose_sheet_is_not_as_it_was_written_is_refused(tmp_path: Path) -> None:
    path = sheet(tmp_path / "flipped.xlsx")
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo("xl/worksheets/sheet1.xml").CRC.to_bytes(4, "little")
    while (place := data.find(at)) >= 0:
        data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(InputError, match="cannot be read as an Excel workbook"):
        read(path)
