"""CMS's files as a user downloads them: imported on the command line, they change what an audit finds."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.end_to_end.command import Finished, claims_audit
from tests.reference.import_files import CLINICAL, mue_csv, ptp, ptp_text, zip_of

HEADER = ["Claim ID", "Line", "Patient ID", "DOS", "CPT", "Mod 1", "Mod 2", "Units", "Minutes", "Payer", "Rendering NPI", "Paid"]
PARTS = {
    "f1": [ptp("20550", "97110"), ptp("20560", "20561"), ptp("29999", "97110")],
    "f2": [ptp("33000", "99213"), ptp("49999", "99213")],
    "f3": [ptp("55000", "99213"), ptp("79999", "99213")],
    "f4": [ptp("96999", "99213"), ptp("97140", "97124", indicator="0"), ptp("97530", "97110"), ptp("99499", "99213")],
}


def export(folder: Path, *lines: tuple[str, str, str, str]) -> Path:
    """An export of one visit to Medicare; a line is (code, second modifier, units, minutes)."""
    path = folder / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number, (code, modifier, units, minutes) in enumerate(lines, 1):
            same = ["C1", str(number), "P1", "11/13/2025", code, "GP", modifier, units, minutes]
            writer.writerow([*same, "Medicare Part B", "1234567893", "30.00"])
    return path


def part(folder: Path, name: str) -> Path:
    path = folder / f"ccipra-v322r0-{name}.txt"
    path.write_bytes(ptp_text(PARTS[name]))
    return path


def findings(done: Finished, folder: Path) -> set[str]:
    """Ids of the rules that found something in the run that has just ended."""
    assert done.code == 0, done.err
    return {row["rule_id"] for row in pq.read_table(folder / "out" / "2025-11" / "findings.parquet").to_pylist()}


def not_evaluated(folder: Path, rule_id: str) -> list[str]:
    manifest = json.loads((folder / "out" / "2025-11" / "manifest.json").read_text(encoding="utf-8"))
    rule = next(rule for rule in manifest["rules"] if rule["id"] == rule_id)
    return [entry["reason"] for entry in rule["not_evaluated"]]


def test_an_imported_edit_makes_a_finding(tmp_path: Path) -> None:
    source = export(tmp_path, ("97530", "", "1", "15"), ("97110", "", "1", "15"))
    assert "MOD008" not in findings(claims_audit("run", source, "--select", "MOD", cwd=tmp_path), tmp_path)
    done = claims_audit("reference", "import", *(part(tmp_path, name) for name in PARTS), "--reference-dir", "ref", cwd=tmp_path)
    assert done.code == 0, done.err
    assert len(done.out.splitlines()) == 4
    assert (
        "ccipra-v322r0-f4.txt: imported (PTP practitioner part f4, effective 2026-07-01: 4 rows read, 4 kept, none dropped)"
        in done.out
    )
    assert "reading ccipra-v322r0-f1.txt" in done.err
    with_import = claims_audit("run", source, "--select", "MOD", "--reference-dir", "ref", cwd=tmp_path)
    assert "MOD008" in findings(with_import, tmp_path)
    manifest = json.loads((tmp_path / "out" / "2025-11" / "manifest.json").read_text(encoding="utf-8"))
    edition = next(entry for entry in manifest["references"] if entry["table"] == "ptp_edit")
    assert edition["edition"] == "practitioner 2026-07-01"


def test_a_pair_outside_an_incomplete_edition_is_not_evaluated(tmp_path: Path) -> None:
    source = export(tmp_path, ("97110", "59", "1", "15"), ("33500", "", "1", ""))
    claims_audit("reference", "import", part(tmp_path, "f4"), "--reference-dir", "ref", cwd=tmp_path)
    done = claims_audit("run", source, "--select", "MOD002", "--reference-dir", "ref", cwd=tmp_path)
    assert findings(done, tmp_path) == set()
    assert not_evaluated(tmp_path, "MOD002") == ["a code of the day is outside the loaded NCCI edits"]
    rest = claims_audit(
        "reference", "import", *(part(tmp_path, n) for n in ("f1", "f2", "f3")), "--reference-dir", "ref", cwd=tmp_path
    )
    assert rest.code == 0, rest.err
    done = claims_audit("run", source, "--select", "MOD002", "--reference-dir", "ref", cwd=tmp_path)
    assert findings(done, tmp_path) == {"MOD002"}, "the whole table is loaded, and the pair is not in it"


def test_an_imported_mue_counts_from_its_date(tmp_path: Path) -> None:
    source = export(tmp_path, ("97110", "", "3", "45"))
    assert findings(claims_audit("run", source, "--select", "TIM007", cwd=tmp_path), tmp_path) == set()
    for day, expected in (("10-01-2025", {"TIM007"}), ("01-01-2026", set())):
        name = f"MCR_MUE_PractitionerServices_Eff_{day}"
        path = tmp_path / f"{name}.zip"
        path.write_bytes(zip_of({f"{name}.csv": mue_csv([("97110", "2", CLINICAL, "Clinical: Data")])}))
        assert claims_audit("reference", "import", path, "--reference-dir", day, cwd=tmp_path).code == 0
        done = claims_audit("run", source, "--select", "TIM007", "--reference-dir", day, cwd=tmp_path)
        assert findings(done, tmp_path) == expected


@pytest.mark.parametrize("how", ["environment", "audit.toml", "user folder"])
def test_where_imported_tables_lie(tmp_path: Path, how: str) -> None:
    variables = {"CLAIMS_AUDIT_REFERENCE_DIR": str(tmp_path / "ref")} if how == "environment" else {}
    if how == "audit.toml":
        (tmp_path / "audit.toml").write_text('[audit]\nreference_dir = "ref"\n', encoding="utf-8")
    done = claims_audit("reference", "import", *(part(tmp_path, name) for name in PARTS), cwd=tmp_path, **variables)
    assert done.code == 0, done.err
    assert (tmp_path / "ref").is_dir() == (how != "user folder")
    source = export(tmp_path, ("97530", "", "1", "15"), ("97110", "", "1", "15"))
    assert "MOD008" in findings(claims_audit("run", source, "--select", "MOD", cwd=tmp_path, **variables), tmp_path)


def test_show(tmp_path: Path) -> None:
    nothing = claims_audit("reference", "show", "--reference-dir", "ref", cwd=tmp_path)
    assert nothing.code == 0
    assert "ptp_edit" in nothing.out
    assert "Nothing is imported" in nothing.err
    claims_audit("reference", "import", *(part(tmp_path, n) for n in ("f1", "f2", "f3")), "--reference-dir", "ref", cwd=tmp_path)
    shown = claims_audit("reference", "show", "--reference-dir", "ref", cwd=tmp_path)
    assert "practitioner 2026-07-01" in shown.out
    assert "parts missing: f4" in shown.out
    assert "Warning: PTP practitioner 2026-07-01: parts f1-f3 only: no therapy edits" in shown.err
    facts = json.loads(claims_audit("reference", "show", "--format", "json", "--reference-dir", "ref", cwd=tmp_path).out)
    assert [(one["table"], one["edition"], one["rows"]) for one in facts["imported"]] == [("ptp", "2026-07-01", 7)]
    assert all(one["edition"] and one["source"] and one["coverage"] for one in facts["shipped"])


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    claims_audit("reference", "import", part(tmp_path, "f4"), "--reference-dir", "ref", cwd=tmp_path)
    again = claims_audit("reference", "import", part(tmp_path, "f4"), "--reference-dir", "ref", cwd=tmp_path)
    assert (again.code, "already imported, nothing to do" in again.out) == (0, True)


def test_what_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear practice,\nno table here.\n", encoding="utf-8")
    (tmp_path / "edits.txt").write_bytes(ptp_text(PARTS["f4"]))
    (tmp_path / "ccipra-v322r0-f3.txt").write_bytes(ptp_text([ptp("55000", "99213", start="20240230")]))
    cases: list[tuple[list[object], int, str]] = [
        (["missing.zip"], 3, "missing.zip"),
        (["letter.txt"], 3, "letter.txt"),
        ([part(tmp_path, "f4"), "ccipra-v322r0-f3.txt"], 3, "20240230"),
        (["edits.txt"], 2, "--setting"),
        (["edits.txt", "--setting", "practitioner"], 2, "--edition"),
        (["edits.txt", "--edition", "July"], 2, "July"),
        ([], 2, "FILE"),
    ]
    for arguments, code, word in cases:
        done = claims_audit("reference", "import", *arguments, "--reference-dir", "ref", cwd=tmp_path)
        assert done.code == code, (arguments, done.err)
        assert word in done.err
        assert "Traceback" not in done.err
    shown = json.loads(claims_audit("reference", "show", "--format", "json", "--reference-dir", "ref", cwd=tmp_path).out)
    assert shown["imported"] == [], "one bad file refuses all of the command's files"
