"""Importing MUE files, refusing what is neither table, and what names, archives and the store promise."""

import json
import stat
from datetime import date
from pathlib import Path

import duckdb
import pytest

from audit.errors import ConfigError, InputError
from audit.reference.cms_names import read_name
from audit.reference.importer import import_files
from audit.reference.store import default_store, editions
from tests.reference.import_files import CLINICAL, POLICY, mue_csv, mue_xlsx, ptp, ptp_text, zip_of

ROWS = [
    ("0001U", "1", POLICY, "Code Descriptor / CPT Instruction"),
    ("97124", "4", CLINICAL, "Clinical: Data"),
    ("97014", "0", CLINICAL, "CMS Policy"),
]
NAME = "MCR_MUE_PractitionerServices_Eff_07-01-2026"
SETTINGS = {"practitioner": "PractitionerServices", "hospital": "OutpatientHospitalServices", "dme": "DMESupplierServices"}


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "reference"


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_mue_csv(tmp_path: Path, store: Path, setting: str, newline: str) -> None:
    path = put(tmp_path, f"MCR_MUE_{SETTINGS[setting]}_Eff_07-01-2026.csv", mue_csv(ROWS, setting, newline))
    (edition,) = import_files([path], store).editions
    assert (edition.kind, edition.setting, edition.edition, edition.rows) == ("mue", setting, date(2026, 7, 1), 3)
    assert edition.warnings == ()
    assert duckdb.execute(f"SELECT * FROM read_parquet('{edition.files[0]}')").fetchall() == [
        ("0001U", 1, 2, "Code Descriptor / CPT Instruction"),
        ("97014", 0, 3, "CMS Policy"),
        ("97124", 4, 3, "Clinical: Data"),
    ]


def test_mue_excel_and_zip_read_alike(tmp_path: Path) -> None:
    numbers = [(row[0], int(row[1]), *row[2:]) for row in ROWS]
    files = [
        put(tmp_path, f"{NAME}.csv", mue_csv(ROWS)),
        put(tmp_path, f"{NAME}.xlsx", mue_xlsx(numbers)),
        put(
            tmp_path,
            "practitionerservicesmuetable-effective-07-01-2026.zip",
            zip_of({f"{NAME}.csv": mue_csv(ROWS), f"{NAME}.xlsx": b"not read"}),
        ),
    ]
    hashes = {import_files([path], tmp_path / path.suffix).editions[0].parts[0].file_sha256 for path in files}
    assert len(hashes) == 1


def test_no_notice_text_reaches_the_store(tmp_path: Path, store: Path) -> None:
    import_files([put(tmp_path, f"{NAME}.csv", mue_csv(ROWS))], store)
    held = b"".join(path.read_bytes() for path in store.rglob("*") if path.is_file())
    assert b"Notice" not in held


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("9712", "4", CLINICAL, ""), "line 10, code: found '9712'"),
        (("97140", "x", CLINICAL, ""), "line 10, MUE value: found 'x', expected a whole number of units"),
        (("97140", "-1", CLINICAL, ""), "line 10, MUE value"),
        (
            ("97140", "1", "4 Other", ""),
            "line 10, MUE adjudication indicator: found '4 Other', expected a text that begins with 1, 2 or 3",
        ),
        (("97140", "1", "", ""), "line 10, MUE adjudication indicator"),
        (("97124", "1", CLINICAL, ""), r"line 10, code: found '97124', expected each code once \(it stands in line 8 too\)"),
        (("97140",), "line 10: 1 columns where the MUE table has 4"),
    ],
)
def test_a_bad_mue_row_refuses_the_file(tmp_path: Path, store: Path, row: tuple[str, ...], words: str) -> None:
    with pytest.raises(InputError, match=words):
        import_files([put(tmp_path, f"{NAME}.csv", mue_csv([*ROWS, row]))], store)
    assert editions(store) == ()


def test_name_and_header_that_disagree(tmp_path: Path, store: Path) -> None:
    with pytest.raises(InputError, match="dme and practitioner"):
        import_files([put(tmp_path, f"{NAME}.csv", mue_csv(ROWS, "dme"))], store)


def test_mue_name_without_date_asks(tmp_path: Path, store: Path) -> None:
    path = put(tmp_path, "mue.csv", mue_csv(ROWS))
    with pytest.raises(ConfigError, match="does not say from when"):
        import_files([path], store)
    (edition,) = import_files([path], store, edition=date(2026, 7, 1)).editions
    assert (edition.setting, edition.edition) == ("practitioner", date(2026, 7, 1))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("claims.csv", b"claim_id,units\n1,2\n", "claims.csv: neither a CMS PTP nor a CMS MUE table"),
        ("empty.txt", b"", "empty.txt: neither"),
        ("a.pdf", b"%PDF", "a.pdf: not a zip, txt, csv or xlsx file"),
        ("a.zip", b"PK nonsense", "a.zip: not a readable zip file"),
        ("a.xlsx", b"nonsense", "a.xlsx: not a readable Excel workbook"),
        ("b.zip", zip_of({"x.pdf": b"%PDF"}), r"b.zip: holds no txt, csv or xlsx member \(it holds x.pdf\)"),
        ("c.zip", zip_of({"x.txt": b"hello"}), "c.zip: x.txt: neither"),
        ("ccipra-v322r0-f4.txt", ptp_text([]), "has a PTP header but no row"),
        (f"{NAME}.csv", mue_csv([]), "has an MUE header but no row"),
    ],
)
def test_what_is_neither_is_refused_with_its_reason(tmp_path: Path, store: Path, name: str, content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        import_files([put(tmp_path, name, content)], store)


def test_a_damaged_zip_is_refused(tmp_path: Path, store: Path) -> None:
    content = bytearray(zip_of({"ccipra-v322r0-f4.txt": ptp_text([ptp("97140", "97124")] * 500)}))
    content[120] ^= 0xFF
    with pytest.raises(InputError, match="cannot be unpacked"):
        import_files([put(tmp_path, "a.zip", bytes(content))], store)


def test_missing_file_and_no_file(tmp_path: Path, store: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.txt: cannot be read"):
        import_files([tmp_path / "gone.txt"], store)
    with pytest.raises(ConfigError, match="No file to import"):
        import_files([], store)


def test_excel_without_its_reader_says_what_to_install(tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("audit.reference.grid.import_module", absent)
    with pytest.raises(InputError, match="Install claims-audit again"):
        import_files([put(tmp_path, f"{NAME}.xlsx", mue_xlsx(ROWS))], store)


@pytest.mark.parametrize(
    ("name", "setting", "edition", "version", "part"),
    [
        ("ccipra-v302r0-f1.txt", "practitioner", "2024-07-01", "v302r0", "f1"),
        ("ccipra-v313r0-f1.TXT", "practitioner", "2025-10-01", "v313r0", "f1"),
        ("folder/ccioph-v320r1-f4.xlsx", "hospital", "2026-01-01", "v320r1", "f4"),
        ("ccipra-v322r0.txt", "practitioner", "2026-07-01", "v322r0", ""),
        ("medicare-ncci-2026q2-hospital-ptp-edits-ccioph-v321r0-f3.zip", "hospital", "2026-04-01", "v321r0", "f3"),
        ("MCR_MUE_DMESupplierServices_Eff_10-01-2026.csv", "dme", "2026-10-01", "", ""),
        ("facilityoutpatienthospitalservicesmuetable-effective-10-01-2026.zip", "hospital", "2026-10-01", "", ""),
    ],
)
def test_names(name: str, setting: str, edition: str, version: str, part: str) -> None:
    facts = read_name(name)
    assert (facts.setting, facts.version, facts.part) == (setting, version, part)
    assert [day.isoformat() for day in facts.editions] == [edition]


def test_names_that_say_nothing() -> None:
    assert read_name("ccipra-v324r0-f1.txt").editions == frozenset()  # a year has four quarters: 0 to 3
    assert read_name("MCR_MUE_Eff_13-45-2026.csv").editions == frozenset()
    assert read_name("x.txt").setting is None


def test_names_that_contradict_each_other(tmp_path: Path, store: Path) -> None:
    path = put(tmp_path, "2026q1-practitioner.zip", zip_of({"ccipra-v322r0-f4.txt": ptp_text([ptp("97140", "97124")])}))
    with pytest.raises(ConfigError, match="two effective dates, 2026-01-01 and 2026-07-01"):
        import_files([path], store)


def test_the_store_is_private(tmp_path: Path, store: Path) -> None:
    import_files([put(tmp_path, f"{NAME}.csv", mue_csv(ROWS))], store)
    for path in (store, *store.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_a_damaged_store_is_said(tmp_path: Path, store: Path) -> None:
    import_files([put(tmp_path, f"{NAME}.csv", mue_csv(ROWS))], store)
    (record,) = store.rglob("edition.json")
    (table,) = store.rglob("*.parquet")
    table.unlink()
    with pytest.raises(InputError, match="a file of an imported table is missing"):
        editions(store)
    record.write_text("{}")
    with pytest.raises(InputError, match="the record of an imported table is damaged"):
        editions(store)


def test_the_record_says_where_it_comes_from(tmp_path: Path, store: Path) -> None:
    path = put(tmp_path, f"{NAME}.csv", mue_csv(ROWS))
    (edition,) = import_files([path], store).editions
    record = json.loads((edition.folder / "edition.json").read_text())
    (part,) = record["parts"]
    assert (part["source"], part["source_bytes"], part["source_sha256"]) == (path.name, path.stat().st_size, edition.sha256)
    assert record["imported_by"]
    assert str(tmp_path) not in json.dumps(record)


def test_an_interrupted_commit_keeps_the_edition_before(tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = import_files([put(tmp_path, f"{NAME}.csv", mue_csv(ROWS))], store).editions

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("audit.reference.store.os.fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        import_files([put(tmp_path, f"{NAME}.csv", mue_csv(ROWS[:2]))], store)
    assert editions(store) == before
    assert not list(store.glob(".import-*"))


def test_a_store_that_is_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the reference folder cannot be written"):
        import_files([put(tmp_path, f"{NAME}.csv", mue_csv(ROWS))], put(tmp_path, "store", b""))


def test_default_store_is_a_user_folder() -> None:
    assert default_store().parts[-2:] == ("claims-audit", "reference")
    assert editions(Path("/nowhere/at/all")) == ()


def test_progress_names_each_table(tmp_path: Path, store: Path) -> None:
    said: list[str] = []
    path = put(tmp_path, "a.zip", zip_of({f"{NAME}.csv": mue_csv(ROWS)}))
    import_files([path], store, progress=said.append)
    assert said == [f"reading a.zip: {NAME}.csv"]


def test_an_mue_table_without_adjudication_indicators_is_medicaid_s(tmp_path: Path) -> None:
    path = tmp_path / "limits_Eff_07-01-2026.csv"
    path.write_bytes(b"HCPCS/CPT Code,Practitioner Services MUE Values,MUE Rationale\n97140,6,Nature of Service\n")
    with pytest.raises(InputError, match="without adjudication indicators is Medicaid's"):
        import_files([path], tmp_path / "store")
