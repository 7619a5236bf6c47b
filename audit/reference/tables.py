"""The shipped reference tables: what they hold, what edition they are, and how they reach a session.

Every row of a table stands in time (effective_from, effective_to, both inclusive; blank: open), so that an audit of an
old date of service uses what was in force then.
"""

import hashlib
import tomllib
from pathlib import Path

import duckdb

from audit import assets
from audit.reference import imported
from audit.reference.loaded import Edition

_NOT_TEXT = {
    "priority": "INTEGER",
    "follows_ncci": "BOOLEAN",
    "always_therapy": "BOOLEAN",
    "bills_medicare_therapy": "BOOLEAN",
    "one_on_one": "BOOLEAN",
    "modifier_indicator": "INTEGER",
    "filing_months": "INTEGER",
    "threshold_amount": "DECIMAL(12,2)",
    "mue": "INTEGER",
    "mai": "INTEGER",
    "effective_from": "DATE",
    "effective_to": "DATE",
}


def editions() -> tuple[Edition, ...]:
    """Every shipped table with its edition, source and coverage, ordered by name."""
    stated = tomllib.loads((assets.reference_data() / "editions.toml").read_text(encoding="utf-8"))
    return tuple(
        Edition(table, facts["edition"], facts["source"], facts["coverage"], *_size_and_hash(_file(table)))
        for table, facts in sorted(stated.items())
    )


def load(con: duckdb.DuckDBPyConnection, store: Path | None = None) -> tuple[Edition, ...]:
    """Create the reference tables of a run in its session; open dates become the first and last day there is.

    Shipped tables are read from their CSV files. Editions that the user imported into `store` take the place of the
    shipped NCCI tables. Returns what was loaded. Needs claim_row, for only edits of the export's codes are brought in.
    """
    loaded = {edition.table: edition for edition in editions()}
    for table in loaded:
        con.execute(
            f"""
            CREATE OR REPLACE TABLE {table} AS
            SELECT * REPLACE (
                coalesce(effective_from, DATE '0001-01-01') AS effective_from,
                coalesce(effective_to, DATE '9999-12-31') AS effective_to
            )
            FROM read_csv($1, header = TRUE, columns = {_columns(table)!r}, nullstr = '', delim = ',', quote = '"', escape = '"')
            """,
            [str(_file(table))],
        )
    if store is not None:
        loaded |= {edition.table: edition for edition in imported.load(con, store)}
    return tuple(loaded.values())


def _columns(table: str) -> dict[str, str]:
    header = _file(table).read_text(encoding="utf-8").split("\n", 1)[0].split(",")
    return {name: _NOT_TEXT.get(name, "VARCHAR") for name in header}


def _file(table: str) -> Path:
    return assets.reference_data() / f"{table}.csv"


def _size_and_hash(path: Path) -> tuple[int, str]:
    content = path.read_bytes()
    return content.count(b"\n") - 1, hashlib.sha256(content).hexdigest()
