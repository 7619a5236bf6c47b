"""Reads export files into the session's tables, one after the other, and accounts for every row and dollar of each."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from audit.contract import MONEY_COLUMNS
from audit.errors import InputError, ReconciliationError
from audit.intake import store
from audit.intake.dialect import Dialect, opened, read_dialect
from audit.intake.fingerprint import Fingerprint, fingerprint
from audit.intake.mapping import FileMapping, map_columns
from audit.intake.parquet import open_parquet
from audit.intake.raw import RawTable
from audit.intake.sources import PARQUET_SUFFIXES, distinct_names
from audit.intake.text import careful_table, fast_table, refused
from audit.intake.totals import file_totals
from audit.model import Intake, MappedColumn, SourceFile

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class _Session:
    """What one load carries from file to file."""

    con: duckdb.DuckDBPyConnection
    overrides: Mapping[str, str]
    progress: Progress | None
    scratch: Path
    warnings: list[str] = field(default_factory=list)

    def say(self, name: str, done: int, total: int) -> None:
        if self.progress is not None:
            self.progress(name, done, total)


def load(
    con: duckdb.DuckDBPyConnection,
    sources: Sequence[Path],
    *,
    column_overrides: Mapping[str, str] = {},
    progress: Progress | None = None,
) -> Intake:
    """Read the files into claim_row and rejected_row; gives what was read, file by file.

    `column_overrides` maps contract column to export header. `progress` hears (file name, bytes done, bytes of the file).
    InputError names the file and the mend where one cannot be read; ReconciliationError where rows or dollars do not tie.
    """
    if not sources:
        raise InputError("No export was named.", "Name at least one file, folder or pattern.")
    ordered = sorted(zip(distinct_names(sources), sources, strict=True))
    store.create_tables(con)
    files: list[SourceFile] = []
    first_rowids: list[int] = []
    with tempfile.TemporaryDirectory(prefix="claims-audit-") as scratch:
        session = _Session(con, column_overrides, progress, Path(scratch))
        for file_no, (name, path) in enumerate(ordered, start=1):
            file, first = _load_file(session, file_no, name, path)
            files.append(file)
            first_rowids.append(first)
    store.publish(con, [file.name for file in files], first_rowids)
    return Intake(
        files=tuple(files),
        rejections=store.rejections(con),
        filled_columns=store.filled_columns(con),
        warnings=tuple(session.warnings),
    )


def _load_file(session: _Session, file_no: int, name: str, path: Path) -> tuple[SourceFile, int]:
    size = path.stat().st_size if path.exists() else 0
    # Reading for the hash is quick beside parsing: it counts for a fifth of the bar.
    mark = fingerprint(path, lambda done: session.say(name, done // 5, size))
    if not mark.size_bytes:
        raise InputError(f"{name} is empty.", "Export it again, and check the date range and filters.")
    table, mapping, stored = _read(session, file_no, name, path, mark)
    if mapping.named("claim_line_number") is None:
        store.number_lines(session.con, file_no)
        session.warnings.append(f"{name} has no line numbers: lines were numbered within each claim in the order of the file.")
    rejected = store.reject(session.con, file_no, name, stored, table.broken)
    money = tuple(column for column in MONEY_COLUMNS if mapping.named(column) is not None)
    totals = file_totals(session.con, file_no, name, money)
    session.say(name, size, size)
    session.warnings.extend(table.warnings)
    return SourceFile(
        name=name,
        path=path,
        format=table.format,
        size_bytes=mark.size_bytes,
        sha256=mark.sha256,
        rows=stored.rows + len(table.broken),
        rejected_rows=rejected,
        dollars=totals.read,
        rejected_dollars=totals.rejected,
        mapping=tuple(MappedColumn(a.name, a.header, a.how) for a in mapping.assignments),
        unmapped_columns=mapping.unmapped,
    ), stored.first_rowid


def _read(
    session: _Session, file_no: int, name: str, path: Path, mark: Fingerprint
) -> tuple[RawTable, FileMapping, store.Stored]:
    if path.name.lower().endswith(PARQUET_SUFFIXES):
        table = open_parquet(session.con, path, name)
        mapping = map_columns(name, [column.header for column in table.fields], session.overrides)
        return table, mapping, _insert_all(session, table, mapping, file_no, name)
    with opened(path) as stream:
        dialect = read_dialect(stream, name)
    mapping = map_columns(name, dialect.headers, session.overrides)
    if dialect.plain_utf8:
        table = fast_table(path, dialect)
        fast = _insert_fast(session, table, mapping, file_no, dialect, mark)
        if fast is not None:
            return table, mapping, fast
    table = careful_table(path, dialect, session.scratch)
    if not table.rows and not table.broken:
        raise InputError(f"{name} has a header and no rows.", "Check the export's date range and filters.")
    return table, mapping, _insert_all(session, table, mapping, file_no, name)


def _insert_fast(
    session: _Session, table: RawTable, mapping: FileMapping, file_no: int, dialect: Dialect, mark: Fingerprint
) -> store.Stored | None:
    """None where DuckDB refuses the file, or where its rows are not one for each line of the file."""
    try:
        stored = store.insert(session.con, table, mapping, file_no)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return None
    if stored.rows and stored.rows + dialect.skip_lines + dialect.header_lines == mark.lines:
        return stored
    store.forget(session.con, file_no)
    return None


def _insert_all(session: _Session, table: RawTable, mapping: FileMapping, file_no: int, name: str) -> store.Stored:
    try:
        stored = store.insert(session.con, table, mapping, file_no)
    except duckdb.Error as error:
        raise refused(name, error) from error
    if table.rows is not None and stored.rows != table.rows:
        raise ReconciliationError(
            f"{name}: {table.rows} rows stand in the file and {stored.rows} were read.", "Nothing was audited."
        )
    return stored
