"""Watches a file while it is read: takes its fingerprint beside the reader, and tells how far the reader is.

Reading for the hash goes on in a thread of its own, so that a file is fetched from the disk once and both cores work.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb

from audit.intake.files.fingerprint import Fingerprint, count_lines, fingerprint

Tell = Callable[[str, int, int], None]
_EVERY_SECONDS = 0.2


class Watch:
    """How far one file is: bytes hashed and share parsed, each counting for half of the file."""

    def __init__(self, con: duckdb.DuckDBPyConnection, tell: Tell | None, name: str, path: Path) -> None:
        self._con, self._tell, self._name, self._path = con, tell, name, path
        self._size = path.stat().st_size if path.exists() else 0
        self._hashed = self._parsed = 0
        self._told = -1
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="intake")
        self._fingerprint: Future[Fingerprint] = self._pool.submit(fingerprint, path, self._goes_on)

    def fingerprint(self) -> Fingerprint:
        """The file's fingerprint, waited for. InputError where the file cannot be read."""
        return self._fingerprint.result()

    def lines_of(self, path: Path) -> int:
        """A file's line ends: of the watched one as the fingerprint counts them, of a copy of it counted now."""
        return self.fingerprint().lines if path == self._path else count_lines(path)

    def heard_by(self, path: Path) -> Callable[[int], None] | None:
        """Who hears how many bytes of the file a reader that is not DuckDB has behind it; nobody for a copy."""
        return self._bytes_done if path == self._path else None

    def _bytes_done(self, done: int) -> None:
        self._parsed = min(done, self._size)

    def start(self) -> None:
        """Begin to tell, where somebody listens."""
        if self._tell is not None:
            self._pool.submit(self._go_on_telling)

    def close(self) -> None:
        """Stop telling and hashing; the last word is that the whole file is read."""
        self._stop.set()
        self._pool.shutdown(wait=True)

    def _goes_on(self, hashed: int) -> bool:
        self._hashed = hashed
        return not self._stop.is_set()

    def _go_on_telling(self) -> None:
        while not self._stop.wait(_EVERY_SECONDS):
            share = self._con.query_progress()
            if 0 <= share <= 100:
                self._parsed = max(self._parsed, int(self._size * share / 100))
            self._say((self._hashed + self._parsed) // 2)

    def _say(self, done: int) -> None:
        if self._tell is not None and done > self._told:
            self._told = done
            self._tell(self._name, done, self._size)

    def finish(self) -> None:
        """Tell that the whole file is read."""
        self._say(self._size)


@contextmanager
def watched(con: duckdb.DuckDBPyConnection, tell: Tell | None, name: str, path: Path) -> Iterator[Watch]:
    """A Watch for the time that the file is read; at its end all bytes are told, unless reading failed."""
    watch = Watch(con, tell, name, path)
    try:
        watch.start()
        yield watch
    finally:
        watch.close()
    watch.finish()
