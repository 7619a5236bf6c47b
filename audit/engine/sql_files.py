"""Reads the SQL of queries/: files in name order, statements in file order."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import duckdb

from audit import assets
from audit.errors import AuditError

FileStatement = tuple[Path, duckdb.Statement]


def statements(folder: str) -> tuple[FileStatement, ...]:
    """Each statement of queries/<folder>/*.sql with the file it stands in, parsed once a process."""
    return _parsed(assets.queries() / folder)


def run_all(con: duckdb.DuckDBPyConnection, folder: str) -> None:
    """Run every statement of a folder in order. Raises AuditError that names the file if one fails."""
    run(con, statements(folder))


def run(con: duckdb.DuckDBPyConnection, chosen: Iterable[FileStatement]) -> None:
    """Run some statements in order. Raises AuditError that names the file if one fails."""
    for path, statement in chosen:
        try:
            con.execute(statement)
        except duckdb.Error as error:
            raise AuditError(f"{path.name} failed: {error}") from error


@cache
def _parsed(folder: Path) -> tuple[FileStatement, ...]:
    return tuple(
        (path, statement)
        for path in sorted(folder.glob("*.sql"))
        for statement in duckdb.extract_statements(path.read_text(encoding="utf-8"))
    )
