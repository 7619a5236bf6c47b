"""Providers by the name that the export gives them; a column that holds patients' names gives none."""

import json
from pathlib import Path

from tests.end_to_end.command import claims_audit
from tests.end_to_end.test_command_line import HEADER, changed, write_csv

PROVIDER, OTHER = "1234567893", "1003000126"


def lines(npi: str, names: list[str], first: int) -> list[list[str]]:
    return [
        [*changed(Claim_ID=f"C{first + at}", Patient_ID=f"P{first + at}", DOS=f"11/{at + 3:02}/2025", Rendering_NPI=npi), name]
        for at, name in enumerate(names)
    ]


def test_a_name_on_nearly_all_lines_of_a_provider_is_shown_and_patients_names_are_nowhere(tmp_path: Path) -> None:
    patients = [*(["Secret, Name"] * 6), *(f"Secret{at}, Name" for at in range(4))]
    rows = [*lines(PROVIDER, ["Pine, Ana, PT"] * 10, 0), *lines(OTHER, patients, 50)]
    export = write_csv(tmp_path / "a.csv", *rows, header=[*HEADER, "Treating Therapist"])
    done = claims_audit("run", export, cwd=tmp_path)
    assert done.code == 0, done.err
    folder = (tmp_path / done.out.strip()).parent
    summary = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["summary"]
    assert summary["by_provider_name"] == [{"rendering_npi": PROVIDER, "provider_name": "Pine, Ana, PT"}]
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Pine, Ana, PT" in page
    assert OTHER in page
    for file in folder.rglob("*"):
        assert file.is_dir() or b"Secret" not in file.read_bytes(), file.name
    explained = claims_audit("explain", folder, "C50", cwd=tmp_path).out
    assert "Secret" not in explained
    assert "held back" in explained


def test_a_name_of_few_patients_is_no_providers(tmp_path: Path) -> None:
    few = [*changed(Claim_ID="C1"), "Pine, Ana"]
    export = write_csv(tmp_path / "a.csv", few, header=[*HEADER, "Treating Therapist"])
    folder = (tmp_path / claims_audit("run", export, "--select", "TIM", cwd=tmp_path).out.strip()).parent
    assert b"Pine" not in (folder / "manifest.json").read_bytes()


def test_audit_toml_goes_before_the_export(tmp_path: Path) -> None:
    (tmp_path / "audit.toml").write_text(f'[[provider]]\nnpi = "{PROVIDER}"\nname = "Room 4"\n', encoding="utf-8")
    export = write_csv(tmp_path / "a.csv", *lines(PROVIDER, ["Pine, Ana, PT"] * 10, 0), header=[*HEADER, "Treating Therapist"])
    page = tmp_path / claims_audit("run", export, "--select", "TIM", cwd=tmp_path).out.strip()
    assert "Room 4" in page.read_text(encoding="utf-8")
    assert "Pine" not in page.read_text(encoding="utf-8")
