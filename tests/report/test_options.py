"""Patient pseudonyms and the key behind them."""

from pathlib import Path

import pyarrow as pa
import pytest

from audit.errors import ConfigError
from audit.report.options import ReportOptions, namer_for
from audit.runs import patient_names
from audit.runs.patient_names import patient_namer, read_key
from audit.settings.config import Phi


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "data" / "pseudonym.key"
    key = read_key(path)
    assert read_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_patient_keeps_the_name_and_no_two_share_one(tmp_path: Path) -> None:
    name = patient_namer("pseudonym", tmp_path / "key")
    assert name("A1") == name("A1")
    assert len({name(f"A{n}") for n in range(2_000)}) == 2_000
    assert "A1" not in name("A1")
    assert name(None) == name("") == ""


def test_another_installation_gives_other_names(tmp_path: Path) -> None:
    here, there = (patient_namer("pseudonym", tmp_path / name) for name in ("a", "b"))
    assert here("A1") != there("A1")


def test_a_damaged_key_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(ConfigError, match="damaged"):
        read_key(tmp_path / "key")


def test_a_place_that_cannot_hold_the_key_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "key"
    with pytest.raises(ConfigError) as raised:
        read_key(path)
    assert raised.value.message.startswith(f"The key for patient pseudonyms, {path}, cannot be read or made: ")


KEPT = {"full": "A1", "pseudonym": "P-7KQ2M9XA", "hidden": ""}


@pytest.mark.parametrize("stored", KEPT)
def test_a_report_has_patients_as_the_run_does_where_nothing_else_is_asked(stored: Phi, tmp_path: Path) -> None:
    name, reason = namer_for(stored, ReportOptions(key_file=tmp_path / "no key"))
    assert (name(KEPT[stored] or None), reason) == (KEPT[stored], "")
    assert not (tmp_path / "no key").exists()


@pytest.mark.parametrize(("stored", "asked"), [("full", "hidden"), ("pseudonym", "hidden"), ("hidden", "hidden")])
def test_a_report_may_leave_patients_out(stored: Phi, asked: Phi) -> None:
    name, _ = namer_for(stored, ReportOptions(patients=asked))
    assert name("A1") == name(None) == "" or stored == asked


def test_a_report_of_ids_may_have_pseudonyms(tmp_path: Path) -> None:
    name, _ = namer_for("full", ReportOptions(patients="pseudonym", key_file=tmp_path / "key"))
    assert name("A1") == patient_namer("pseudonym", tmp_path / "key")("A1")


@pytest.mark.parametrize(("stored", "asked"), [("hidden", "full"), ("hidden", "pseudonym"), ("pseudonym", "full")])
def test_a_report_brings_nothing_back(stored: Phi, asked: Phi) -> None:
    with pytest.raises(ConfigError) as raised:
        namer_for(stored, ReportOptions(patients=asked))
    has = "leaves patients out" if stored == "hidden" else "has patients under pseudonyms"
    assert raised.value.message == f"This run {has}, and nothing brings their ids back (--phi {asked})."
    assert raised.value.hint == f"Audit the export again: claims-audit run ... --phi {asked}."


def test_ids_that_are_shown_are_inert(tmp_path: Path) -> None:
    name, _ = namer_for("full", ReportOptions())
    assert name("A\u202e1") == "A[U+202E]1"


def test_a_table_of_findings_has_its_patients_named_and_those_without_a_name_are_null() -> None:
    table = pa.table({"rule_id": ["R"] * 4, "patient_id": ["A", "B", None, "A"]})
    seen: list[str | None] = []

    def namer(patient: str | None) -> str:
        seen.append(patient)
        return f"<{patient}>" if patient == "A" else ""

    assert patient_names.named(table, namer).to_pydict() == {"rule_id": ["R"] * 4, "patient_id": ["<A>", None, None, "<A>"]}
    assert seen == ["A", "B"]


def test_the_key_lies_in_the_users_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert patient_names.default_key_file() == tmp_path / "claims-audit" / "pseudonym.key"
