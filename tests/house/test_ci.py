""".ci/run with stand-ins for make and apt-get: what it runs, what it says, and when it fails. No network here."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.checkout import ROOT

TOOLS = ("bash", "cat", "dirname", "mktemp", "rm")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the script and a `bin` that holds all the programs that it can find; each leaves its words in `called`."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    (tmp_path / "bin").mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found, name
        (tmp_path / "bin" / name).symlink_to(found)
    program(tmp_path, "make")
    return tmp_path


def program(checkout: Path, name: str, fails_at: str = "nothing") -> None:
    """A stand-in that notes its words, says them, and fails where one of them is `fails_at`."""
    path = checkout / "bin" / name
    body = f'echo "{name} $*" >>called; echo "said by {name} $*"; case " $* " in *" {fails_at} "*) exit 1 ;; esac'
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


def ran(checkout: Path) -> tuple[int, str, list[str]]:
    """Exit code, what was said, what was called."""
    done = subprocess.run(
        ["bash", ".ci/run"],
        cwd=checkout,
        env={"PATH": str(checkout / "bin"), "TMPDIR": str(checkout)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, (checkout / "called").read_text(encoding="utf-8").splitlines()


def test_everything_is_run_and_the_tests_last(checkout: Path) -> None:
    program(checkout, "chromium")
    program(checkout, "java")
    code, said, called = ran(checkout)
    assert code == 0
    assert called[:3] == ["make audit", "make env-dev", "make env-spark"]
    assert sorted(called[3:5]) == ["make lint", "make wheel-test"]
    assert called[5:] == ["make test"]
    assert "skip" not in said
    assert not [name for name in os.listdir(checkout) if name.startswith("tmp.")]


@pytest.mark.parametrize("target", ["lint", "wheel-test"])
def test_a_check_that_fails_ends_it_and_what_both_said_is_shown(checkout: Path, target: str) -> None:
    program(checkout, "make", fails_at=target)
    code, said, called = ran(checkout)
    assert code == 1
    assert "said by make lint" in said
    assert "said by make wheel-test" in said
    assert "make test" not in called


@pytest.mark.parametrize("target", ["audit", "env-dev", "test"])
def test_a_step_that_fails_ends_it(checkout: Path, target: str) -> None:
    program(checkout, "make", fails_at=target)
    code, _, called = ran(checkout)
    assert code
    assert called[-1] == f"make {target}"


def test_what_is_missing_is_installed_each_by_itself_and_told_where_it_cannot_be(checkout: Path) -> None:
    program(checkout, "apt-get", fails_at="chromium")
    (checkout / "bin" / "id").write_text("#!/bin/sh\necho 0\n", encoding="utf-8")
    (checkout / "bin" / "id").chmod(0o755)
    code, said, called = ran(checkout)
    assert code == 0
    assert any(call.startswith("apt-get install") and call.endswith(" openjdk-17-jre-headless") for call in called)
    assert "chromium could not be installed; the tests that need it will skip" in said
    assert "openjdk-17-jre-headless could not" not in said


def test_without_apt_get_it_says_what_is_missing(checkout: Path) -> None:
    program(checkout, "java")
    code, said, _ = ran(checkout)
    assert code == 0
    assert "chromium cannot be installed here" in said


def test_pyspark_that_cannot_be_built_costs_its_tests_alone(checkout: Path) -> None:
    program(checkout, "make", fails_at="env-spark")
    code, said, called = ran(checkout)
    assert code == 0
    assert "PySpark could not be built" in said
    assert called[-1] == "make test"
