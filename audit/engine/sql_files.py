"""Reads the SQL of queries/: files in name order, statements in file order."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import duckdb

from audit import assets
from audit.errors import AuditError
from audit.machine import troubles

# Errors that quote SQL and nothing else.
_OF_THE_SQL = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
NO_VALUE = "a value could not be computed"
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
            raise AuditError(f"{path.name} failed: {said_of(error)}") from error


def said_of(error: Exception) -> str:
    """An error of SQL in words; where the machine is to blame, in those for it.

    DuckDB's words on a value quote it, and a cell may be a patient's: they are left out.
    """
    trouble = troubles.trouble(error)
    if trouble:
        return trouble.message
    if isinstance(error, _OF_THE_SQL):
        return str(error)
    kind = str(error).partition(":")[0] if isinstance(error, duckdb.Error) else type(error).__name__
    return f"{kind}: {NO_VALUE}"


@cache
def _parsed(folder: Path) -> tuple[FileStatement, ...]:
    return tuple(
        (path, statement)
        for path in sorted(folder.glob("*.sql"))
        for statement in duckdb.extract_statements(path.read_text(encoding="utf-8"))
    )
