"""Which way a file's rows are read into the session: quickly where that gives every line a row, else line by line."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import duckdb

from audit.errors import ReconciliationError
from audit.intake.columns.mapping import FileMapping
from audit.intake.files.fingerprint import count_lines
from audit.intake.files.watch import Watch
from audit.intake.formats.opening import Export
from audit.intake.formats.text.delimited import careful_table, fast_table, utf8_copy
from audit.intake.formats.text.dialect import Dialect
from audit.intake.formats.text.quoted import count_rows
from audit.intake.proof.wide import prove
from audit.intake.raw import RawTable
from audit.intake.rows.store import RowsMissingError, Store
from audit.intake.rows.unpivot import unpivoted

Settle = Callable[[RawTable], FileMapping]


def read_rows(
    store: Store, file_no: int, export: Export, settle: Settle, watch: Watch, folder: Path
) -> tuple[RawTable, FileMapping, int]:
    """Store the file's rows: gives the table they were read from, the mapping they were read by, and how many they are.

    `settle` gives the mapping for a table, once what only its values tell is known. `folder` is scratch for copies.
    ReconciliationError where rows are missing.
    """
    dialect = export.dialect
    if dialect is not None and export.groups is None:
        for plain, lines in _plain_texts(export, dialect, watch, folder):
            table = replace(fast_table(plain, dialect), format=export.table.format)
            try:
                return _stored(store, file_no, table, settle(table), partial(_is_whole, plain, dialect, lines))
            except (duckdb.InvalidInputException, duckdb.ConversionException, RowsMissingError):
                continue
    table = export.table
    if dialect is not None:
        table = careful_table(export.plain, dialect, folder, watch.bytes_done if export.plain == export.path else None)
        table.format = export.table.format
    long = table if export.groups is None else unpivoted(table, export.groups)
    try:
        stored = _stored(store, file_no, long, settle(long), lambda rows: long.rows in (None, rows))
    except RowsMissingError as error:
        raise ReconciliationError(f"{export.name}: {error}.", "Nothing was audited. Export it again.") from error
    if export.groups is not None:
        prove(store.con, export.name, table, export.groups, file_no)
    return stored


def _stored(
    store: Store, file_no: int, table: RawTable, mapping: FileMapping, is_whole: Callable[[int], bool]
) -> tuple[RawTable, FileMapping, int]:
    return table, mapping, store.insert(table, mapping, file_no, is_whole)


def _plain_texts(export: Export, dialect: Dialect, watch: Watch, folder: Path) -> Iterator[tuple[Path, Callable[[], int]]]:
    """UTF-8 files of the export's lines, for the quick reader, with the count of their lines: itself, else a copy."""
    if dialect.plain_utf8:
        yield export.plain, watch.lines if export.plain == export.path else partial(count_lines, export.plain)
    copy = folder / "utf8.csv"
    if utf8_copy(export.plain, dialect.encoding, copy):
        yield copy, partial(count_lines, copy)


def _is_whole(path: Path, dialect: Dialect, lines: Callable[[], int], rows: int) -> bool:
    """Whether so many rows are all of the file's: one a line, or as many as there are where notes run over lines."""
    return rows == lines() - dialect.skip_lines - dialect.header_lines or rows == count_rows(path, dialect)
