"""Patient pseudonyms and the key behind them."""

from pathlib import Path

import pytest

from audit.errors import ConfigError
from audit.report import options
from audit.report.options import ReportOptions, patient_namer, read_key


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "data" / "pseudonym.key"
    key = read_key(path)
    assert read_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_patient_keeps_the_name_and_no_two_share_one(tmp_path: Path) -> None:
    name = patient_namer(ReportOptions(key_file=tmp_path / "key"))
    assert name("A1") == name("A1")
    assert len({name(f"A{n}") for n in range(2_000)}) == 2_000
    assert "A1" not in name("A1")
    assert name(None) == name("") == ""


def test_another_installation_gives_other_names(tmp_path: Path) -> None:
    here, there = (patient_namer(ReportOptions(key_file=tmp_path / name)) for name in ("a", "b"))
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


def test_patients_have_pseudonyms_where_nothing_else_is_asked() -> None:
    assert ReportOptions().patients == "pseudonym"


def test_the_key_lies_in_the_users_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert options.default_key_file() == tmp_path / "claims-audit" / "pseudonym.key"
