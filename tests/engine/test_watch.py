"""Parts done are told a quarter at a time, and of the stage that judges them alone."""

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest

from audit.engine.spark import watch


def _context(done: list[int], parts: int, active: int = 1) -> Any:
    """A Spark that has two stages in hand: one of another number of tasks, and one of which `done` more and more is done.

    Of the latter `active` tasks are at work.
    """
    stages = {7: lambda: SimpleNamespace(numTasks=parts + 1, numCompletedTasks=parts, numActiveTasks=0), 8: None}
    tracker = SimpleNamespace(
        getActiveStageIds=lambda: [*stages, 9],
        getStageInfo=lambda number: (
            SimpleNamespace(
                numTasks=parts, numCompletedTasks=done.pop(0) if len(done) > 1 else done[0], numActiveTasks=active
            )
            if number == 8
            else stages[7]() if number == 7 else None
        ),
    )  # fmt: skip
    return SimpleNamespace(statusTracker=lambda: tracker)


def test_quarters_are_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_SECONDS", 0.001)
    told: list[str] = []
    done = [0, 1, 1, 3, 4, 4, 7]
    with watch.watched(_context(done, 8), 8, "Judging by patient", told.append):
        while len(told) < 3:
            time.sleep(0.001)
    assert told == [
        "Judging by patient: 3 of 8 parts", "Judging by patient: 4 of 8 parts", "Judging by patient: 7 of 8 parts",
    ]  # fmt: skip


@pytest.mark.parametrize(("active", "is_told"), [(0, True), (1, False)])
def test_that_nobody_takes_a_part_is_told(active: int, is_told: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_SECONDS", 0.001)
    monkeypatch.setattr(watch, "_IDLE", 0.003)
    told: list[str] = []
    done = [0] * 30 + [8]
    with watch.watched(_context(done, 8, active), 8, "Judging by patient", told.append):
        while not any("8 of 8" in said for said in told):
            time.sleep(0.001)
    assert any("no worker is at it" in said for said in told) is is_told


def test_a_java_that_has_ended_is_told_by_who_waits_for_it_and_not_by_the_watcher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_SECONDS", 0.001)
    asked = threading.Event()

    def ended() -> Any:
        asked.set()
        raise ConnectionRefusedError

    with watch.watched(SimpleNamespace(statusTracker=ended), 8, "Judging by patient", pytest.fail):  # type: ignore[arg-type]
        assert asked.wait(60)
