"""Reads the SQL of queries/: files in name order, statements in file order."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from audit import assets
from audit.errors import AuditError


def statements(folder: str) -> Iterator[tuple[Path, str]]:
    """Each statement of queries/<folder>/*.sql with the file it stands in."""
    for path in sorted((assets.queries() / folder).glob("*.sql")):
        for statement in duckdb.extract_statements(path.read_text(encoding="utf-8")):
            yield path, statement.query


def run_all(con: duckdb.DuckDBPyConnection, folder: str) -> None:
    """Run every statement of a folder in order. Raises AuditError that names the file if one fails."""
    for path, statement in statements(folder):
        try:
            con.execute(statement)
        except duckdb.Error as error:
            raise AuditError(f"{path.name} failed: {error}") from error
