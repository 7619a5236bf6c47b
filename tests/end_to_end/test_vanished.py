"""What is taken away while a run works: a source, the folder of runs, what the run has in it. Told as that, nothing left."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from audit import intake, report
from audit.pipeline import steps, surroundings
from audit.runs import memory, outputs
from audit.runs.folder import run_folder
from audit.runs.ledgers import seals
from tests.end_to_end.command import claims_audit
from tests.end_to_end.test_command_line import changed, write_csv

# The module, which the function of the same name stands before.
LOAD = sys.modules["audit.intake.load"]
MOMENTS = [
    (surroundings, "check_machine"),
    (LOAD, "open_export"),
    (LOAD, "_refuse_changed"),
    (steps, "stage"),
    (steps, "evaluate"),
    (memory, "remember"),
    (outputs, "write"),
    (report, "write_all"),
    (seals, "note"),
    (run_folder, "publish"),
]


def _source(home: Path) -> None:
    (home / "export.csv").unlink(missing_ok=True)


def _out(home: Path) -> None:
    shutil.rmtree(home / "out", ignore_errors=True)


def _work(home: Path) -> None:
    for folder in (home / "out").glob(".partial-*"):
        shutil.rmtree(folder, ignore_errors=True)


WORDS = ("run", "export.csv", "--select", "TIM001", "--quiet")


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which a month has been audited, and its export has changed since."""
    home = tmp_path_factory.mktemp("audited")
    source = write_csv(home / "export.csv", changed(Claim_ID="C1"))
    assert claims_audit(*WORDS, cwd=home).code == 0
    with source.open("a", encoding="utf-8") as file:
        file.write("\n")
    return home


@pytest.fixture
def home(audited: Path, tmp_path: Path) -> Path:
    """The same for one test."""
    return Path(shutil.copytree(audited, tmp_path / "home", symlinks=True))


def _run(home: Path, monkeypatch: pytest.MonkeyPatch, at: tuple[ModuleType, str], act: Callable[[Path], None]) -> tuple[int, str]:
    """The month that stands there is audited anew; gives exit code and what was said. `act` comes before a call."""
    before = getattr(*at)

    def then(*given: object, **named: object) -> object:
        act(home)
        return before(*given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(*at, then)
        done = claims_audit(*WORDS, cwd=home)
    return done.code, done.err


@pytest.mark.parametrize("at", MOMENTS, ids=lambda at: at[1])
@pytest.mark.parametrize("act", [_out, _work], ids=["out", "work"])
def test_a_folder_of_runs_that_is_taken_away_is_told_as_that(
    act: Callable[[Path], None], at: tuple[ModuleType, str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = _run(home, monkeypatch, at, act)
    if code == 0:  # what the engine holds in memory needs no folder until something is written
        assert (act, said) == (_work, "")
    else:
        assert code == 4
        assert said.startswith("claims-audit: The folder out, or what the run had in it, was removed, or its disk taken away, ")
        assert said.endswith("while the run worked.\nRun again.\n")
    assert not [*(home / "out").glob(".p*")]
    assert claims_audit(*WORDS, cwd=home).code == 0


@pytest.mark.parametrize("at", [(intake, "load"), *MOMENTS], ids=lambda at: at[1])
def test_an_export_that_is_taken_away_is_told_as_that(
    at: tuple[ModuleType, str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = _run(home, monkeypatch, at, _source)
    if at[1] in ("check_machine", "load", "open_export", "_refuse_changed"):
        assert (code, said) == (
            3,
            "claims-audit: export.csv was taken away while it was read.\nBring it again, and run again.\n",
        )
    else:
        assert (code, said) == (0, ""), "it was read before"
