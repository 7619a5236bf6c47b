"""Tells how many parts of a job are done while Spark works on it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark import SparkContext

Tell = Callable[[str], None]
_SECONDS = 2.0
_STEPS = 4  # a log wants a few lines a job, however many parts it has


def silent(_: str) -> None:
    """Tell nobody."""


@contextmanager
def watched(context: "SparkContext", parts: int, doing: str, tell: Tell) -> Iterator[None]:
    """A block in which Spark works on so many parts; `tell` hears of them, a quarter at a time."""
    done = threading.Event()

    def watch() -> None:
        told = 0
        while not done.wait(_SECONDS):
            finished = 0
            with suppress(Exception):  # Java may have ended: who waits for the parts is told so
                finished = _finished(context, parts)
            if finished * _STEPS // parts > told:
                told = finished * _STEPS // parts
                tell(f"{doing}: {finished} of {parts} parts")

    watcher = threading.Thread(target=watch, name="parts done", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _finished(context: "SparkContext", parts: int) -> int:
    """Parts done of the stage in hand; 0 where none is."""
    tracker = context.statusTracker()
    stages = [tracker.getStageInfo(number) for number in tracker.getActiveStageIds()]
    return max((stage.numCompletedTasks for stage in stages if stage is not None and stage.numTasks == parts), default=0)
