"""The machine's troubles, as a run meets them."""

import os
import shutil
from pathlib import Path

import pytest

from tests.end_to_end.command import claims_audit
from tests.end_to_end.test_command_line import GOOD, left_in, write_csv


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_whose_name_is_not_utf_8_is_read(packed: bool, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "plain.csv", GOOD)
    name = os.fsdecode(b"caf\xe9.zip" if packed else b"caf\xe9.csv")
    if packed:
        shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path, "plain.csv")
        source = tmp_path / "packed.zip"
    try:
        source.rename(tmp_path / name)
    except OSError:
        pytest.skip("this file system takes no such name")
    done = claims_audit("run", name, "--select", "TIM001", cwd=tmp_path)
    assert done.code == 0, done.err
    assert "caf\\\\xe9." in (tmp_path / "out" / "2025-11" / "manifest.json").read_text(encoding="utf-8")


def test_a_folder_of_runs_whose_name_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "export.csv", GOOD)
    done = claims_audit("run", source, "--out", os.fsdecode(b"caf\xe9"), cwd=tmp_path)
    assert done.code == 2
    assert "not UTF-8" in done.err
    assert left_in(tmp_path) == {"export.csv"}


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "export.csv", GOOD)
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    done = claims_audit("run", source, cwd=tmp_path)
    assert done.code == 2
    assert "Nothing can be written into out" in done.err
