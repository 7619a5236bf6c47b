"""Tells how many parts of a job are done while Spark works on it, and where nobody does."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark import SparkContext

Tell = Callable[[str], None]
_SECONDS = 2.0
_IDLE = 60.0  # seconds after which it is told that no worker has taken anything, and then again
_STEPS = 4  # a log wants a few lines a job, however many parts it has

_NOBODY = "no worker is at it: the cluster is busy, or no worker has the memory and cores that are asked for"


def silent(_: str) -> None:
    """Tell nobody."""


@contextmanager
def watched(context: "SparkContext", parts: int, doing: str, tell: Tell) -> Iterator[None]:
    """A block in which Spark works on so many parts; `tell` hears of them, a quarter at a time."""
    done = threading.Event()

    def watch() -> None:
        told, idle = 0, 0.0
        while not done.wait(_SECONDS):
            finished, waits = 0, False
            with suppress(Exception):  # Java may have ended: who waits for the parts is told so
                finished, waits = _finished(context, parts)
            if finished * _STEPS // parts > told:
                told = finished * _STEPS // parts
                tell(f"{doing}: {finished} of {parts} parts")
            idle = idle + _SECONDS if waits else 0.0
            if idle >= _IDLE:
                idle = 0.0
                tell(f"{doing}: {_NOBODY}")

    watcher = threading.Thread(target=watch, name="parts done", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _finished(context: "SparkContext", parts: int) -> tuple[int, bool]:
    """Parts done of the stage in hand, 0 where none is; and whether tasks wait of which no worker has one."""
    tracker = context.statusTracker()
    stages = [stage for number in tracker.getActiveStageIds() if (stage := tracker.getStageInfo(number)) is not None]
    finished = max((stage.numCompletedTasks for stage in stages if stage.numTasks == parts), default=0)
    return finished, bool(stages) and not any(stage.numActiveTasks for stage in stages)
