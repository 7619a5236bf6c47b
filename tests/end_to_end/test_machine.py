"""The machine's troubles, as a run meets them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from audit.runs.ledgers import suppressions
from tests.end_to_end.command import claims_audit, environment
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


def test_a_run_wants_no_network(tmp_path: Path) -> None:
    walled = ["unshare", "--map-root-user", "--net"]
    if not shutil.which("unshare") or subprocess.run([*walled, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no process here may leave the network behind")
    source = write_csv(tmp_path / "export.csv", GOOD)
    done = subprocess.run(
        [*walled, sys.executable, "-m", "audit", "run", str(source), "--select", "TIM001", "--quiet"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_run_whose_folder_of_runs_goes_away_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_csv(tmp_path / "export.csv", GOOD)
    legible = suppressions.legible

    def vanish(*arguments: Any) -> Any:
        (tmp_path / "out").rename(tmp_path / "gone")
        return legible(*arguments)

    monkeypatch.setattr(suppressions, "legible", vanish)
    (tmp_path / "out").mkdir()
    done = claims_audit("run", source, "--select", "TIM001", cwd=tmp_path)
    assert done.code == 4
    said = "The folder out, or what the run had in it, was removed, or its disk taken away, while the run worked."
    assert said in done.err
    assert not (tmp_path / "out" / "2025-11").exists()
