"""Importing PTP files: what is read, what is refused and with which words, how parts complete an edition."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import pytest

from audit.errors import ConfigError, InputError
from audit.reference.editions import Edition
from audit.reference.importer import ImportReport, import_files
from audit.reference.store import editions
from tests.reference.import_files import MISUSE, PTP_HEADER, ptp, ptp_text, ptp_xlsx, zip_of

F1 = [ptp("0001A", "0591T", "20220101", "20231231"), ptp("0001U", "0030U", "20180701")]
F2 = [ptp("11042", "97597", "20100101")]
F3 = [ptp("64400", "97140", "20150101")]
F4 = [
    ptp("97140", "97124", "19960101", "*", "0"),
    ptp("97140", "97530", "20200101", "20191231", "9"),
    ptp("97530", "97116", "20060401", "20200930"),
    ptp("A4218", "J1642", "20060401"),
]
PARTS = {"f1": F1, "f2": F2, "f3": F3, "f4": F4}


def put(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


def part(folder: Path, name: str, version: str = "v322r0", who: str = "pra") -> Path:
    return put(folder, f"cci{who}-{version}-{name}.txt", ptp_text(PARTS[name]))


def read(edition: Edition) -> list[tuple[object, ...]]:
    return duckdb.execute(f"SELECT * FROM read_parquet({[str(f) for f in edition.files]}) ORDER BY ALL").fetchall()


def one(report: ImportReport) -> Edition:
    (edition,) = report.editions
    return edition


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "data" / "reference"


def refused(paths: Sequence[Path], store: Path, words: str, error: type[Exception] = InputError) -> None:
    with pytest.raises(error, match=words):
        import_files(paths, store)
    assert editions(store) == ()
    assert not [path for path in store.rglob("*") if path.is_file()]


def test_four_parts_make_a_complete_edition(tmp_path: Path, store: Path) -> None:
    report = import_files([part(tmp_path, name) for name in PARTS], store)
    edition = one(report)
    assert (edition.kind, edition.setting, edition.edition) == ("ptp", "practitioner", date(2026, 7, 1))
    assert (edition.rows, edition.missing, edition.complete, edition.has_manual_therapy) == (8, (), True, True)
    assert report.warnings == ("PTP practitioner 2026-07-01: rows that end before they begin, never in force: 1",)
    assert [file.status for file in report.files] == ["imported"] * 4
    assert editions(store) == report.editions


def test_columns_and_values_as_stored(tmp_path: Path, store: Path) -> None:
    edition = one(import_files([part(tmp_path, "f4")], store))
    columns = duckdb.execute(f"DESCRIBE SELECT * FROM read_parquet('{edition.files[0]}')").fetchall()
    assert [(name, kind) for name, kind, *_ in columns] == [
        ("column_1", "VARCHAR"),
        ("column_2", "VARCHAR"),
        ("effective_from", "DATE"),
        ("effective_to", "DATE"),
        ("modifier_indicator", "INTEGER"),
        ("rationale", "VARCHAR"),
    ]
    assert read(edition)[0] == ("97140", "97124", date(1996, 1, 1), None, 0, MISUSE)
    assert ("97530", "97116", date(2006, 4, 1), date(2020, 9, 30), 1, MISUSE) in read(edition)
    assert (edition.parts[0].rows, edition.parts[0].live) == (4, 2)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("lines", [1, 3, 9])
def test_header_lines_are_found_not_counted(tmp_path: Path, store: Path, newline: str, lines: int) -> None:
    header = [*(("Notice", "", "", "", "", "", ""),) * lines, *PTP_HEADER[2:]]
    path = put(tmp_path, "ccipra-v322r0-f4.txt", ptp_text(F4, header, newline) + newline.encode())
    assert one(import_files([path], store)).rows == 4


def test_text_excel_and_zip_hold_the_same_rows(tmp_path: Path) -> None:
    text, excel = ptp_text(F4), ptp_xlsx(F4)
    number = ptp_xlsx([tuple(int(c) if c.isdigit() else c for c in row) for row in F4])
    files = [
        put(tmp_path, "ccipra-v322r0-f4.txt", text),
        put(tmp_path, "ccipra-v322r0-f4.xlsx", excel),
        put(tmp_path / "n", "ccipra-v322r0-f4.xlsx", number),
        put(tmp_path, "medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f4.zip", zip_of({"ccipra-v322r0-f4.TXT": text})),
        put(tmp_path, "x.zip", zip_of({"a/ccipra-v322r0-f4.xlsx": excel})),
    ]
    rows = [read(one(import_files([path], tmp_path / f"store{n}"))) for n, path in enumerate(files)]
    assert rows == [rows[0]] * len(files)


def test_zip_with_several_members_and_a_twin(tmp_path: Path, store: Path) -> None:
    content = {f"ccipra-v322r0-{name}.txt": ptp_text(rows) for name, rows in PARTS.items()}
    extra = {"ccipra-v322r0-f4.xlsx": ptp_xlsx(F4), "readme.pdf": b"%PDF", "__MACOSX/._x.txt": b""}
    report = import_files([put(tmp_path, "all.zip", zip_of(content | extra))], store)
    assert one(report).complete
    assert sorted(file.member for file in report.files if file.status == "skipped") == ["ccipra-v322r0-f4.xlsx", "readme.pdf"]
    assert any("left out" in file.message for file in report.files)


def test_missing_therapy_part_is_said_and_a_later_import_completes_it(tmp_path: Path, store: Path) -> None:
    first = import_files([part(tmp_path, name) for name in ("f1", "f2", "f3")], store)
    assert one(first).missing == ("f4",)
    assert one(first).warnings == ("parts f1-f3 only: no therapy edits",)
    second = import_files([part(tmp_path, name) for name in PARTS], store)
    assert [file.status for file in second.files] == ["unchanged"] * 3 + ["imported"]
    assert one(second).complete
    assert one(second).rows == 8


def test_therapy_part_alone(tmp_path: Path, store: Path) -> None:
    edition = one(import_files([part(tmp_path, "f4")], store))
    assert edition.warnings[0] == "part f4 only: pairs of other parts are not evaluated"
    assert edition.covers("97530")
    assert edition.covers("V5364")
    assert not edition.covers("97140")  # the first code may have rows in f3 too
    assert not edition.covers("64400")


def test_coverage_between_neighbouring_parts(tmp_path: Path, store: Path) -> None:
    edition = one(import_files([part(tmp_path, name) for name in ("f1", "f3", "f4")], store))
    assert edition.covers("0001A")
    assert not edition.covers("0001U")  # last code of f1: the missing f2 may go on with it
    assert not edition.covers("11042")
    assert edition.covers("97140")
    assert edition.warnings[0] == "parts f1, f3-f4 only: pairs of other parts are not evaluated"


def test_unsorted_part_of_an_incomplete_edition_covers_nothing(tmp_path: Path, store: Path) -> None:
    edition = one(import_files([put(tmp_path, "ccipra-v322r0-f4.txt", ptp_text(F4[::-1]))], store))
    assert not edition.covers("97530")


def test_full_table_without_97140_is_warned_of(tmp_path: Path, store: Path) -> None:
    path = put(tmp_path, "ccipra-v322r0-f4.txt", ptp_text([ptp("97530", "97116")]))
    warnings = one(import_files([path], store)).warnings
    assert "97140 stands nowhere as a column 1 code: this is not the full table" in warnings


def test_same_files_again_change_nothing(tmp_path: Path, store: Path) -> None:
    paths = [part(tmp_path, name) for name in PARTS]
    import_files(paths, store)
    before = {path: path.stat().st_mtime_ns for path in store.rglob("*") if path.is_file()}
    again = import_files(paths, store)
    assert not again.changed
    assert all("already imported, nothing to do" in file.message for file in again.files)
    assert before == {path: path.stat().st_mtime_ns for path in store.rglob("*") if path.is_file()}
    assert one(again).rows == 8


def test_a_corrected_part_replaces_the_earlier_one(tmp_path: Path, store: Path) -> None:
    import_files([part(tmp_path, name) for name in PARTS], store)
    fixed = put(tmp_path, "ccipra-v322r1-f2.txt", ptp_text([*F2, ptp("11043", "97597")]))
    report = import_files([fixed], store)
    assert [file.status for file in report.files] == ["replaced"]
    assert one(report).rows == 9
    assert "parts of different versions stand together: v322r0, v322r1" in one(report).warnings
    assert len(list(store.rglob("*.parquet"))) == 4


def test_editions_and_settings_stand_side_by_side(tmp_path: Path, store: Path) -> None:
    import_files([part(tmp_path, "f4"), part(tmp_path, "f4", "v321r0"), part(tmp_path, "f4", who="oph")], store)
    assert [(e.setting, e.edition.isoformat()) for e in editions(store)] == [
        ("practitioner", "2026-04-01"),
        ("practitioner", "2026-07-01"),
        ("hospital", "2026-07-01"),
    ]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (0, "9714", r"f4.txt, line 8, column 1: found '9714', expected a CPT or HCPCS code of five characters"),
        (0, "97a40", "line 8, column 1: found '97a40'"),
        (0, "", "line 8, column 1: found ''"),
        (1, "971400", "line 8, column 2: found '971400'"),
        (2, "x", r"line 8, prior to 1996: found 'x', expected \* or nothing"),
        (3, "20240230", "line 8, effective date: found '20240230', expected a real date as YYYYMMDD"),
        (3, "2024011", "line 8, effective date: found '2024011'"),
        (3, "*", "line 8, effective date"),
        (4, "", "line 8, deletion date: found '', expected a real date as YYYYMMDD, or \\* for none"),
        (4, "20241301", "line 8, deletion date: found '20241301'"),
        (5, "2", "line 8, modifier indicator: found '2', expected 0, 1 or 9"),
        (5, "", "line 8, modifier indicator: found ''"),
        (6, "", "line 8, rationale: found ''"),
    ],
)
def test_a_bad_row_refuses_the_file(tmp_path: Path, store: Path, column: int, value: str, words: str) -> None:
    row = list(F4[1])
    row[column] = value
    refused([put(tmp_path, "ccipra-v322r0-f4.txt", ptp_text([F4[0], row, *F4[2:]]))], store, words)


def test_a_bad_first_row_is_not_taken_for_a_header(tmp_path: Path, store: Path) -> None:
    path = put(tmp_path, "ccipra-v322r0-f4.txt", ptp_text([("97-140", *F4[0][1:]), *F4]))
    refused([path], store, "line 7, column 1: found '97-140'")


def test_row_number_of_an_excel_sheet(tmp_path: Path, store: Path) -> None:
    path = put(tmp_path, "ccipra-v322r0-f4.xlsx", ptp_xlsx([F4[0], ("100", *F4[1][1:])]))
    refused([path], store, "row 8, column 1: found '100'")


@pytest.mark.parametrize(("row", "words"), [("97140\t97124", "2 columns"), ("97140" + "\tx" * 9, "10 columns")])
def test_wrong_number_of_columns(tmp_path: Path, store: Path, row: str, words: str) -> None:
    refused(
        [put(tmp_path, "ccipra-v322r0-f4.txt", ptp_text(F4) + row.encode())], store, f"line 11: {words} where the PTP table has 7"
    )


@pytest.mark.parametrize("junk", ["\x00", '"', "\x1f", "\x1a", "\\", "'", "\x85", "\x0b"])
def test_odd_characters_are_either_data_or_refused_by_row(tmp_path: Path, store: Path, junk: str) -> None:
    rows = [*F4, (*ptp("97597", "97602")[:6], f"Misuse {junk} of a code"), ("97602", junk, *ptp("", "")[2:])]
    refused([put(tmp_path, "ccipra-v322r0-f4.txt", ptp_text(rows))], store, r"line 12, column 2: found|rows cannot be read")


def test_one_bad_file_keeps_the_others_out(tmp_path: Path, store: Path) -> None:
    bad = put(tmp_path, "ccipra-v322r0-f3.txt", ptp_text([("x", *F3[0][1:])]))
    refused([part(tmp_path, "f4"), bad], store, "f3.txt, line 7")


def test_a_failed_completion_leaves_the_edition_as_it_was(tmp_path: Path, store: Path) -> None:
    before = import_files([part(tmp_path, "f4")], store).editions
    bad = put(tmp_path, "ccipra-v322r0-f3.txt", ptp_text([("x", *F3[0][1:])]))
    with pytest.raises(InputError):
        import_files([bad], store)
    assert editions(store) == before
    assert not list(store.glob(".import-*"))


def test_a_copy_under_another_parts_name_is_refused(tmp_path: Path, store: Path) -> None:
    copy = put(tmp_path, "ccipra-v322r0-f3.txt", ptp_text(F4))
    refused([part(tmp_path, "f4"), copy], store, "4 of its rows stand in part f")


def test_two_different_files_for_one_part(tmp_path: Path, store: Path) -> None:
    other = put(tmp_path / "b", "ccipra-v322r0-f4.txt", ptp_text(F4[1:]))
    refused([part(tmp_path, "f4"), other], store, "both claim to be PTP practitioner, effective 2026-07-01, part f4")


def test_repeated_rows_are_kept_once_and_said(tmp_path: Path, store: Path) -> None:
    edition = one(import_files([put(tmp_path, "ccipra-v322r0-f4.txt", ptp_text([*F4, F4[-1]]))], store))
    assert edition.rows == 4
    assert "rows repeated, kept once: 1" in edition.warnings


def test_name_without_edition_asks(tmp_path: Path, store: Path) -> None:
    path = put(tmp_path, "edits.txt", ptp_text(F4))
    with pytest.raises(ConfigError, match="practitioners or hospitals"):
        import_files([path], store)
    with pytest.raises(ConfigError, match="--edition YYYY-MM-DD"):
        import_files([path], store, setting="practitioner")
    edition = one(import_files([path], store, setting="practitioner", edition=date(2026, 7, 1)))
    assert edition.complete
    assert "the file's name names no part: taken as the whole table" in edition.warnings
    with pytest.raises(InputError, match="does not say which part"):
        import_files([part(tmp_path, "f1")], store)


def test_edition_that_contradicts_the_name(tmp_path: Path, store: Path) -> None:
    with pytest.raises(ConfigError, match="its name says 2026-07-01, but --edition says 2026-04-01"):
        import_files([part(tmp_path, "f4")], store, edition=date(2026, 4, 1))


def test_edits_after_the_edition_are_warned_of(tmp_path: Path, store: Path) -> None:
    path = put(tmp_path, "ccipra-v322r0-f4.txt", ptp_text([*F4, ptp("97597", "97602", "20261001")]))
    assert any(
        "effective from 2026-10-01, after the edition's date" in text for text in one(import_files([path], store)).warnings
    )


@pytest.mark.parametrize(
    "name", ["medicaid-ncci-2026-q3-ptp-edits-practitioner-services.txt", "MCD-PTP-PRA-v322r0-f1.txt", "ccipra-v322r0-f1-mcd.txt"]
)
def test_a_table_that_is_named_medicaid_s_is_refused(name: str, store: Path, tmp_path: Path) -> None:
    refused([put(tmp_path, name, ptp_text(PARTS["f1"]))], store, "this is Medicaid's table, by its name or header")


def test_a_member_that_is_named_medicaid_s_is_refused(store: Path, tmp_path: Path) -> None:
    packed = zip_of({"MCD-PTP-PRA-2026q3.txt": ptp_text(PARTS["f1"])})
    refused([put(tmp_path, "practitioner.zip", packed)], store, "this is Medicaid's table")


def test_a_large_table_without_an_old_edit_is_medicaid_s_unless_its_name_says_otherwise(store: Path, tmp_path: Path) -> None:
    def rows(start: str, count: int = 10_000) -> bytes:
        return ptp_text([ptp("10021", f"{number:05}", start=start) for number in range(20000, 20000 + count)])

    silent = {"edition": date(2026, 7, 1), "setting": "practitioner"}
    with pytest.raises(InputError, match=r"none of its 10,000 edits is from before 2010-10-01"):
        import_files([put(tmp_path, "edits.txt", rows("20101001"))], store, **silent)  # type: ignore[arg-type]
    for at, (name, start, count) in enumerate(
        [("edits.txt", "20100930", 10_000), ("edits.txt", "20101001", 9_999), ("ccipra-v322r0.txt", "20101001", 10_000)]
    ):
        report = import_files([put(tmp_path, name, rows(start, count))], store / str(at), **silent)  # type: ignore[arg-type]
        assert report.changed


def test_rows_read_kept_and_dropped_are_told(store: Path, tmp_path: Path) -> None:
    twice = [*PARTS["f1"], PARTS["f1"][0]]
    (told,) = import_files([put(tmp_path, "ccipra-v322r0-f1.txt", ptp_text(twice))], store).files
    read, kept = len(twice), len(PARTS["f1"])
    assert told.message.endswith(f": {read} rows read, {kept} kept, 1 dropped, as each stands there before)")
