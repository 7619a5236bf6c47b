"""Kills a worker of a standalone cluster, and all that it has started, while its Python judges a part."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.engine import processes
from tests.engine.standalone import Standalone

_PYTHON = "pyspark.daemon"


class Killing:
    """What came of it: the seconds of CPU that a worker's Python had spent when it was killed; None where none was."""

    def __init__(self, cluster: Standalone, after: float) -> None:
        self._cluster, self._after = cluster, after
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="killing", daemon=True)
        self.seconds: float | None = None

    def begin(self) -> None:
        """Watch for the moment."""
        self._thread.start()

    def end(self) -> None:
        """Watch no more."""
        self._enough.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._enough.wait(0.05):
            for worker in self._cluster.workers:
                spent = _at_work(worker.process.pid)
                if spent >= self._after:
                    worker.kill()
                    self.seconds = spent
                    return


def _at_work(session: int) -> float:
    """Seconds of CPU that a Python which judges has spent in the session; 0 where none does. Spark forks it off another."""
    pythons = {one.pid: one for one in processes.below() if one.session == session and _PYTHON in one.command}
    return max((one.seconds for one in pythons.values() if one.parent in pythons), default=0.0)


@contextmanager
def worker_killed(cluster: Standalone, after: float = 1.0) -> Iterator[Killing]:
    """A block in which a worker is killed: the first whose Python has spent so many seconds of CPU."""
    killing = Killing(cluster, after)
    killing.begin()
    try:
        yield killing
    finally:
        killing.end()
