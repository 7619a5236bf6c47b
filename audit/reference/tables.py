"""The shipped reference tables: what they hold, what edition they are, and how they reach a session.

Every row of a table stands in time (effective_from, effective_to, both inclusive; blank: open), so that an audit of an
old date of service uses what was in force then.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

import duckdb

from audit import assets

_NOT_TEXT = {
    "priority": "INTEGER",
    "follows_ncci": "BOOLEAN",
    "always_therapy": "BOOLEAN",
    "bills_medicare_therapy": "BOOLEAN",
    "modifier_indicator": "INTEGER",
    "filing_months": "INTEGER",
    "mue": "INTEGER",
    "mai": "INTEGER",
    "effective_from": "DATE",
    "effective_to": "DATE",
}


@dataclass(frozen=True, slots=True)
class Edition:
    """What one reference table is, for the manifest and the report. `rows` counts data rows of its CSV."""

    table: str
    edition: str
    source: str
    coverage: str
    rows: int
    sha256: str


def editions() -> tuple[Edition, ...]:
    """Every shipped table with its edition, source and coverage, ordered by name."""
    stated = tomllib.loads((assets.reference_data() / "editions.toml").read_text(encoding="utf-8"))
    return tuple(
        Edition(table, facts["edition"], facts["source"], facts["coverage"], *_size_and_hash(_file(table)))
        for table, facts in sorted(stated.items())
    )


def load(con: duckdb.DuckDBPyConnection) -> None:
    """Create one table a CSV in the session, named as the file; open dates become the first and last day there is."""
    for edition in editions():
        path = _file(edition.table)
        header = path.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
        columns = {name: _NOT_TEXT.get(name, "VARCHAR") for name in header}
        con.execute(
            f"""
            CREATE OR REPLACE TABLE {edition.table} AS
            SELECT * REPLACE (
                coalesce(effective_from, DATE '0001-01-01') AS effective_from,
                coalesce(effective_to, DATE '9999-12-31') AS effective_to
            )
            FROM read_csv($1, header = TRUE, columns = {columns!r}, nullstr = '', delim = ',', quote = '"', escape = '"')
            """,
            [str(path)],
        )


def _file(table: str) -> Path:
    return assets.reference_data() / f"{table}.csv"


def _size_and_hash(path: Path) -> tuple[int, str]:
    content = path.read_bytes()
    return content.count(b"\n") - 1, hashlib.sha256(content).hexdigest()
