"""requirements/install.sh says in one sentence what is missing; no pip, no network here."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.checkout import ROOT

TOOLS = ("cat", "cksum", "dirname", "mkdir", "rm", "sh")

# Stand-ins for an interpreter, told apart by what the script asks them.
OLD = 'case "$2" in *print*) echo 3.9.2 ;; *version_info*) exit 1 ;; esac'
BARE = 'case "$2" in *print*) echo 3.11.2 ;; *ensurepip*) exit 1 ;; esac'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with just what the script reads, and a `bin` that holds all the programs that it can find."""
    folder = tmp_path / "checkout"
    for name in ("requirements/install.sh", "requirements/audit.txt", "pyproject.toml", "audit/__init__.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    (folder / "bin").mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found, name
        (folder / "bin" / name).symlink_to(found)
    return folder


def interpreter(checkout: Path, name: str, body: str) -> None:
    path = checkout / "bin" / name
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


def said(checkout: Path, **environment: str) -> str:
    """What the script says on stderr when it refuses; it must refuse, and leave nothing behind."""
    done = subprocess.run(
        ["sh", "requirements/install.sh", "audit"],
        cwd=checkout,
        env={"PATH": str(checkout / "bin"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, "one line, no traceback"
    return done.stderr


def test_no_python(checkout: Path) -> None:
    assert "there is no python3 on the path" in said(checkout)
    assert not (checkout / ".venv").exists()


def test_an_old_python(checkout: Path) -> None:
    interpreter(checkout, "python3", OLD)
    assert "Python 3.11 or newer is needed, and python3 is 3.9.2." in said(checkout)
    assert not (checkout / ".venv").exists()


def test_a_python_without_venv(checkout: Path) -> None:
    interpreter(checkout, "python3", BARE)
    assert "python3 (3.11.2) cannot make virtual environments" in said(checkout)
    assert not (checkout / ".venv").exists()


def test_a_missing_venv_module_is_named_before_an_old_python(checkout: Path) -> None:
    interpreter(checkout, "python3", OLD)
    interpreter(checkout, "python3.12", BARE)
    assert "python3.12 (3.11.2) cannot make" in said(checkout)


def test_a_named_interpreter_that_is_none(checkout: Path) -> None:
    interpreter(checkout, "python3", BARE)
    assert "no-such-python is not a Python that starts" in said(checkout, PYTHON="no-such-python")


def test_a_foreign_environment_is_left_alone(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "precious").touch()
    assert "that make did not make" in said(checkout)
    assert (checkout / ".venv" / "precious").exists()
