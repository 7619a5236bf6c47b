"""A limit of time for what runs in a DuckDB session: beyond it the query is broken off, and an error says so."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from audit.errors import RuleError

# An interrupt between two queries stops neither: it is given again until the block is left.
_AGAIN_SECONDS = 0.1


@contextmanager
def limited(con: duckdb.DuckDBPyConnection, seconds: float, name: str) -> Iterator[None]:
    """A block whose queries are broken off after so many seconds. Raises RuleError then; `name` is for its message."""
    done, expired = threading.Event(), threading.Event()

    def watch() -> None:
        if done.wait(seconds):
            return
        expired.set()
        while not done.wait(_AGAIN_SECONDS):
            con.interrupt()

    watcher = threading.Thread(target=watch, name=f"time limit of {name}", daemon=True)
    watcher.start()
    try:
        yield
    except (duckdb.Error, RuntimeError) as error:
        if expired.is_set():
            raise RuleError(
                f"{name} ran longer than {seconds:g} seconds and was broken off.",
                "Raise rule_seconds in the [audit] table of audit.toml, or mend the rule.",
            ) from error
        raise
    finally:
        done.set()
        watcher.join()
