"""Puts claim lines written in a test straight into a session: no files, no intake, typed by the contract."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from audit.contract import COLUMNS
from audit.engine import sql_files
from audit.engine.duckdb_session import Session, open_session
from audit.model import Intake
from audit.settings.config import Config
from tests import staging_parts

# What a test's line has unless it says otherwise. The NPIs pass their check digit and belong to nobody.
DEFAULTS: dict[str, str] = {
    "patient_id": "P1",
    "service_date": "2025-11-03",
    "procedure_code": "97110",
    "units": "1",
    "payer_name": "Medicare Part B",
    "rendering_npi": "1234567893",
    "billing_npi": "1000000004",
    "charge_amount": "60.00",
    "allowed_amount": "40.00",
    "paid_amount": "30.00",
}

# A row that has this key comes of a file without a column of modifiers: that none stood on the claim is not known.
NO_MODIFIER_COLUMN = "no modifier column"
# A row that has this key comes of another system's file: that one has a column for what its own rows fill, and for nothing else.
OTHER_FILE = "other file"
_FILE, _BARE_FILE, _OTHER_FILE = "test.csv", "bare.csv", "other.csv"
_KEYS = frozenset({NO_MODIFIER_COLUMN, OTHER_FILE, *(column.name for column in COLUMNS)})


def completed(rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The rows with defaults filled in; claim lines are numbered within their claim. Blank text means NULL.

    ValueError for a key that is no column of the contract: a test that says something there would say nothing.
    """
    full: list[dict[str, str]] = []
    for position, row in enumerate(rows, 1):
        if unknown := row.keys() - _KEYS:
            raise ValueError(f"no column of the contract: {', '.join(sorted(unknown))}")
        claim_id = row.get("claim_id", f"C{position}")
        number = 1 + sum(earlier["claim_id"] == claim_id for earlier in full)
        full.append({**DEFAULTS, "claim_line_number": str(number), **row, "claim_id": claim_id})
    return full


def put_rows(session: Session, rows: Sequence[Mapping[str, str]], without_modifiers: bool = False) -> Intake:
    """Fill claim_row with completed rows; returns the Intake that staging needs. Line ids are 1, 2, 3 ...

    `without_modifiers`: their file has no column of modifiers.
    """
    filled = tuple(column.name for column in COLUMNS if any(row.get(column.name) for row in rows))
    files = [_file_of(row, without_modifiers) for row in rows]
    text = pa.table(
        {name: pa.array([row.get(name) or None for row in rows], pa.string()) for name in filled} | {"source_file": files}
    )
    session.con.register("given", text)
    columns = ", ".join(
        f'CAST({column.name if column.name in filled else "NULL"} AS {column.kind.sql_type}) AS "{column.name}"'
        for column in COLUMNS
    )
    session.con.execute(
        f"""
        CREATE OR REPLACE TABLE claim_row AS
        SELECT row_number() OVER () AS line_id, source_file, row_number() OVER () AS source_row, {columns}
        FROM given
        """
    )
    session.con.unregister("given")
    lacking = (_BARE_FILE,) if _BARE_FILE in files else ()
    theirs = {name for row in rows if OTHER_FILE in row for name, cell in row.items() if cell}
    without = {name: (_OTHER_FILE,) for name in filled if theirs and name not in theirs}
    told = {"filled_columns": filled, "files_without_modifiers": lacking, "files_without": without}
    return Intake(files=(), rejections=(), **told)


def _file_of(row: Mapping[str, str], without_modifiers: bool) -> str:
    if OTHER_FILE in row:
        return _OTHER_FILE
    return _BARE_FILE if without_modifiers or NO_MODIFIER_COLUMN in row else _FILE


@contextmanager
def staged(
    rows: Sequence[Mapping[str, str]],
    config: Config | None = None,
    without_modifiers: bool = False,
    queries: Sequence[str] = (),
) -> Iterator[Session]:
    """A session in which the rows are staged and rules can be evaluated; what a run has, files and intake apart.

    `queries`: as with `staged_in_turn`.
    """
    config = config or Config(sources=())
    with TemporaryDirectory() as folder, open_session(config, Path(folder)) as session:
        if queries:
            session.staging = staging_parts.needed(queries, has_notes=True)
        session.stage(put_rows(session, rows, without_modifiers), config)
        yield session


@contextmanager
def staged_in_turn(
    rows: Sequence[Mapping[str, str]],
    config: Config | None = None,
    without_modifiers: bool = False,
    queries: Sequence[str] = (),
) -> Iterator[Session]:
    """The same in a session that tests share one after the other: macros and reference tables are loaded once a process.

    All that is staged and found is rolled back, so nothing passes from one test to the next. The session is not closed
    off as a run's is: it is for tests of what SQL makes of rows, not of what a rule may reach. `queries`: all that will be
    asked of the session; what staging makes for others is then left out, and is missed by a query that was not named.
    """
    session = _shared_session()
    has_notes = any(row.get("note_text") for row in rows)
    session.staging = staging_parts.needed(queries, has_notes) if queries else sql_files.statements("staging")
    session.con.execute("BEGIN TRANSACTION")
    try:
        session.settle(put_rows(session, rows, without_modifiers), config or Config(sources=()))
        yield session
    finally:
        session.con.execute("ROLLBACK")


def asked(
    query: str, rows: Sequence[Mapping[str, str]], config: Config | None = None, without_modifiers: bool = False
) -> list[dict[str, Any]]:
    """One query over staged rows, one dictionary a row."""
    with staged_in_turn(rows, config, without_modifiers, (query,)) as session:
        return session.rows(query)


_open_while_tests_run = ExitStack()


def close_shared_session() -> None:
    """To be called when the last test has run: a connection left to the end of the process would be reported as leaked."""
    _open_while_tests_run.close()
    _shared_session.cache_clear()


@cache
def _shared_session() -> Session:
    folder = Path(_open_while_tests_run.enter_context(TemporaryDirectory()))
    # One thread: the tables are tiny, and handing them around takes longer than reading them.
    config = Config(sources=(), threads=1, reference_dir=folder / "nothing imported")
    session = _open_while_tests_run.enter_context(open_session(config, folder))
    session.load_references(config)
    session.walls_rules = False
    _keep_the_tables_of_no_notes(session, config)
    return session


def _keep_the_tables_of_no_notes(session: Session, config: Config) -> None:
    """Reading notes is a third of staging, and of rows without any it makes the same empty tables every time."""
    session.settle(put_rows(session, completed([{}])), config)
    made = session.con.execute("SELECT table_name, table_type FROM information_schema.tables").fetchall()
    others = staging_parts.made_by_others()
    for name, kind in made:
        if name in others:
            session.con.execute(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} {name}")
