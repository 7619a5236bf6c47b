"""What goes wrong inside is told in a sentence: no traceback, and no cell of an export."""

import subprocess
import sys
import threading
from collections.abc import Callable

import duckdb
import pytest

from audit import cli
from audit.cli import faults, front_door
from audit.engine import sql_files
from audit.errors import AuditError, ExitCode
from tests.house.checkout import ROOT


def test_a_defect_is_told_by_its_kind_and_place_and_quotes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> int:
        return faults.explained(ValueError("no number: Robin Example"))

    def inside(**_: object) -> int:
        raise ValueError("no number: Robin Example")

    for broken in (fail, inside):
        monkeypatch.setattr(front_door.cli, "main", broken)
        assert front_door.answer(()) == ExitCode.FAILED
        said = capsys.readouterr().err
        assert said.startswith("claims-audit failed: ValueError")
        assert "Robin" not in said
    assert said.startswith("claims-audit failed: ValueError at front_door.py, line ")


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT CAST('Robin Example' AS INTEGER)", "Conversion Error: a value could not be computed"),
        ("SELECT error('Robin Example')", "Invalid Input Error: a value could not be computed"),
        ("SELECT strptime('Robin Example', '%Y')", "Invalid Input Error: a value could not be computed"),
    ],
)
def test_sql_of_ours_that_fails_quotes_no_value(sql: str, said: str) -> None:
    chosen = [(ROOT / "30_step.sql", statement) for statement in duckdb.extract_statements(sql)]
    with duckdb.connect() as con, pytest.raises(AuditError) as caught:
        sql_files.run(con, chosen)
    assert caught.value.message == f"30_step.sql failed: {said}"


def test_sql_of_ours_that_does_not_bind_is_told_whole() -> None:
    chosen = [(ROOT / "30_step.sql", statement) for statement in duckdb.extract_statements("SELECT no_such_column")]
    with duckdb.connect() as con, pytest.raises(AuditError, match="no_such_column"):
        sql_files.run(con, chosen)


_DRAFT = """
import audit.cli
from audit.cli import faults, front_door

class Draft:
    def __del__(self):
        raise ValueError("seek of closed file")

def answer(arguments):
    Draft()
    return 0

front_door.answer = answer
audit.cli.main([])
"""


@pytest.mark.parametrize(("debug", "shown"), [("", False), ("1", True)])
def test_what_a_library_gives_up_half_done_shows_no_traceback(debug: str, shown: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMS_AUDIT_DEBUG", debug)
    done = subprocess.run([sys.executable, "-c", _DRAFT], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert ("Traceback" in done.stderr) is shown


def test_a_system_that_gives_no_threads_is_told_before_anything_waits_for_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started = []

    def start(thread: threading.Thread, begin: Callable[[threading.Thread], None] = threading.Thread.start) -> None:
        if len(started) == 3:
            raise RuntimeError("can't start new thread")
        begin(thread)
        started.append(thread)

    monkeypatch.setattr(cli, "_must_have_memory", lambda: None)
    monkeypatch.setattr(cli.interrupts, "listen", lambda: None)
    monkeypatch.setattr(cli.interrupts, "done", lambda: None)
    monkeypatch.setattr(cli.streams, "guard", lambda: None)
    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(SystemExit) as ended:
        cli.main(["rules"])
    assert ended.value.code == 4
    assert "The system gives the program no more threads." in capsys.readouterr().err
    assert not any(thread.is_alive() for thread in started)
