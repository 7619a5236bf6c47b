"""Sessions with the macros of queries/macros, for tests of what reads with them.

Each is a database of its own. The macros are proven once a process, when the first is asked for, and copied from there:
running their SQL again takes five times as long as the rest of opening a session.
"""

import atexit
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from audit.engine import sql_files


def session(**settings: str | int) -> duckdb.DuckDBPyConnection:
    """A connection in memory with all macros and nothing else; `settings` are DuckDB's."""
    con = duckdb.connect(config=dict(settings))
    con.execute(f"ATTACH '{_proven()}' AS proven (READ_ONLY)")
    con.execute("COPY FROM DATABASE proven TO memory")
    con.execute("DETACH proven")
    return con


@cache
def _proven() -> Path:
    """A database file that holds the macros; it goes when the process ends."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    path = Path(folder.name) / "macros.db"
    with duckdb.connect(path) as con:
        sql_files.run_all(con, "macros")
    return path
