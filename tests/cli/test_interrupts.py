"""A signal is noted, raised where that is safe, and never taken for a failed rule."""

import os
import signal
from collections.abc import Iterator

import duckdb
import pytest

from audit import rules
from audit.cli import front_door
from audit.engine.duckdb_session import Session
from audit.errors import ExitCode, InputError
from audit.machine import interrupts


@pytest.fixture(autouse=True)
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    monkeypatch.setattr(interrupts, "_state", interrupts._State())
    # As in a shell's foreground: a test runner in the background may have it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    interrupts.listen()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def send(number: int = signal.SIGTERM) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_raises_once_and_is_noted(number: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        send(number)
    send(number)  # while it is being cleaned up
    assert interrupts.was_asked()
    with pytest.raises(KeyboardInterrupt):
        interrupts.check()


def test_a_held_block_ends_before_the_signal_is_raised() -> None:
    steps = []
    with pytest.raises(KeyboardInterrupt), interrupts.held():
        with interrupts.held():
            send()
            steps.append("inner")
        steps.append("outer")
    assert steps == ["inner", "outer"]


def test_once_done_a_signal_changes_nothing() -> None:
    interrupts.done()
    send()
    interrupts.check()
    assert not interrupts.was_asked()


def test_an_ignored_signal_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    interrupts.listen()
    send(signal.SIGHUP)
    assert not interrupts.was_asked()


def test_a_signal_in_a_query_is_told_as_one(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def as_duckdb_does(**_: object) -> None:
        with pytest.raises(KeyboardInterrupt):
            send()
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(front_door.cli, "main", as_duckdb_does)
    assert front_door.answer(()) == ExitCode.INTERRUPTED
    assert capsys.readouterr().err == "Interrupted; no run folder was written.\n"


def test_without_a_signal_the_error_is_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise InputError("no such file")

    monkeypatch.setattr(front_door.cli, "main", refuse)
    assert front_door.answer(()) == ExitCode.INPUT


def test_a_signal_that_a_verb_swallowed_is_told_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def swallow(**_: object) -> int:
        with pytest.raises(KeyboardInterrupt):
            send()
        return 0

    monkeypatch.setattr(front_door.cli, "main", swallow)
    assert front_door.answer(()) == ExitCode.INTERRUPTED


def test_a_rule_that_a_signal_broke_off_has_not_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_off(*_: object) -> None:
        with pytest.raises(KeyboardInterrupt):
            send()
        raise duckdb.InvalidInputException("Python exception occurred while executing the UDF")

    monkeypatch.setattr("audit.engine.rule_result.keep", broken_off)
    with duckdb.connect() as con, pytest.raises(KeyboardInterrupt):
        Session(con).evaluate(rules.load()[0])
