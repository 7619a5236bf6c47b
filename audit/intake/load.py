"""Reads export files into the session's tables, one after the other, and accounts for every row and dollar of each."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import duckdb

from audit.contract import MONEY_COLUMNS
from audit.errors import InputError, ReconciliationError
from audit.intake.cells import split_cells
from audit.intake.claim_totals import create_table, mark_claim_totals
from audit.intake.dates import settle_dates
from audit.intake.dialect import Dialect
from audit.intake.fingerprint import Fingerprint, changed_since, count_lines
from audit.intake.footer import find_footer
from audit.intake.mapping import FileMapping, map_columns
from audit.intake.oddities import oddities
from audit.intake.opening import Export, open_export
from audit.intake.quoted import count_rows
from audit.intake.raw import RawTable
from audit.intake.sources import distinct_names
from audit.intake.store import RowsMissingError, Store
from audit.intake.text import careful_table, fast_table, refused, utf8_copy
from audit.intake.totals import file_totals
from audit.intake.watch import Tell, Watch, watched
from audit.model import Intake, MappedColumn, SourceFile


@dataclass(slots=True)
class _Session:
    """What one load carries from file to file."""

    con: duckdb.DuckDBPyConnection
    store: Store
    overrides: Mapping[str, str]
    constants: Mapping[str, str]
    dates: str | None
    progress: Tell | None
    warnings: list[str] = field(default_factory=list)


def load(
    con: duckdb.DuckDBPyConnection,
    sources: Sequence[Path],
    *,
    column_overrides: Mapping[str, str] = {},
    constants: Mapping[str, str] = {},
    dates: str | None = None,
    scratch: Path | None = None,
    progress: Tell | None = None,
) -> Intake:
    """Read the files into claim_row and rejected_row; gives what was read, file by file.

    `column_overrides` maps contract column to export header; `constants` gives a contract column one value on every row
    of files that lack it; `dates` ("month_first" or "day_first") is the order of dates in files whose own values do not
    tell it. `scratch` is where packed files are unpacked (default: the system's folder). `progress` hears
    (file name, bytes done, bytes of the file). InputError names the file and the mend where one cannot be read;
    ReconciliationError where rows or dollars do not tie.
    """
    if not sources:
        raise InputError("No export was named.", "Name at least one file, folder or pattern.")
    ordered = sorted(zip(distinct_names(sources), sources, strict=True))
    create_table(con)
    files: list[SourceFile] = []
    session = _Session(con, Store(con), column_overrides, constants, dates, progress)
    with tempfile.TemporaryDirectory(prefix="claims-audit-", dir=scratch) as unpacked:
        for file_no, (name, path) in enumerate(ordered, start=1):
            folder = Path(unpacked) / str(file_no)
            folder.mkdir()
            try:
                files.append(_load_file(session, file_no, name, path, folder))
            except (duckdb.Error, UnicodeError) as error:
                raise refused(name, error) from error
            shutil.rmtree(folder)
    session.store.publish([file.name for file in files])
    session.warnings.extend(_twins(files))
    return Intake(
        files=tuple(files),
        rejections=session.store.rejections(),
        filled_columns=session.store.filled_columns(),
        warnings=tuple(session.warnings),
    )


def _twins(files: Sequence[SourceFile]) -> list[str]:
    """A warning for each file that is another one over again, byte by byte."""
    seen: dict[str, str] = {}
    said = []
    for file in files:
        first = seen.setdefault(file.sha256, file.name)
        if first != file.name:
            said.append(f"{file.name} is the same file as {first}; its rows are repeats, and are audited once.")
    return said


def _load_file(session: _Session, file_no: int, name: str, path: Path, folder: Path) -> SourceFile:
    with watched(session.con, session.progress, name, path) as watch:
        export = open_export(session.con, path, name, folder)
        mapping = map_columns(name, export.headers, session.overrides, export.sample, session.constants)
        mapping = split_cells(mapping, export.sample)
        table, mapping, rows = _read(session, file_no, export, mapping, watch, folder)
        if mapping.named("claim_line_number") is None:
            session.store.number_lines(file_no)
            session.warnings.append(
                f"{name} has no line numbers: lines were numbered within each claim in the order of the file."
            )
        session.warnings.extend((*mapping.warnings, *table.warnings))
        mark = watch.fingerprint()
        if changed_since(path, mark):
            raise InputError(f"{name} changed while it was read.", "Wait until the export is finished, and run again.")
        return _account(session, file_no, export, table, mapping, rows, mark)


def _account(
    session: _Session,
    file_no: int,
    export: Export,
    table: RawTable,
    mapping: FileMapping,
    stored: int,
    mark: Fingerprint,
) -> SourceFile:
    """Set rejected rows and totals lines apart, and add up the file's rows and dollars."""
    rows = stored + table.broken.count
    footer = find_footer(session.con, file_no, table, mapping, rows)
    rejected = session.store.reject(file_no, export.name, table.broken, footer.rows)
    blank = session.store.blank_rows(file_no)
    if rows - blank - len(footer.rows) <= 0:
        raise InputError(f"{export.name} has a header and no rows.", "Check the export's date range and filters.")
    money = tuple(column for column in MONEY_COLUMNS if mapping.named(column) is not None)
    totals = file_totals(session.con, file_no, export.name, money, footer.rows)
    session.warnings.extend(totals.against(export.name, footer.stated))
    session.warnings.extend(mark_claim_totals(session.con, file_no, export.name, mapping))
    session.warnings.extend(oddities(session.con, file_no, export.name, mapping))
    if blank:
        session.warnings.append(f"{export.name}: {blank:,} rows are blank and were passed over.")
    return SourceFile(
        name=export.name,
        path=export.path,
        format=table.format,
        size_bytes=mark.size_bytes,
        sha256=mark.sha256,
        rows=rows - blank - len(footer.rows),
        rejected_rows=rejected,
        dollars=totals.read,
        rejected_dollars=totals.rejected,
        mapping=tuple(MappedColumn(a.name, a.header, a.how, a.confidence) for a in mapping.assignments),
        unmapped_columns=tuple(header for header in mapping.unmapped if header),
        private_columns=mapping.private,
    )


def _read(
    session: _Session, file_no: int, export: Export, mapping: FileMapping, watch: Watch, folder: Path
) -> tuple[RawTable, FileMapping, int]:
    """Store the file's rows: by DuckDB's reader where that gives every line a row, else line by line."""
    dialect = export.dialect
    if dialect is None:
        return _stored(session, file_no, export, mapping, export.table, lambda rows: rows == export.table.rows)
    for plain, lines in _plain_texts(export, dialect, watch, folder):
        table = replace(fast_table(plain, dialect), format=export.table.format)
        try:
            return _stored(session, file_no, export, mapping, table, partial(_is_whole, plain, dialect, lines))
        except (duckdb.InvalidInputException, duckdb.ConversionException, RowsMissingError):
            continue
    table = careful_table(export.plain, dialect, folder, watch.bytes_done if export.plain == export.path else None)
    table.format = export.table.format
    try:
        return _stored(session, file_no, export, mapping, table, lambda rows: rows == table.rows)
    except RowsMissingError as error:
        raise ReconciliationError(f"{export.name}: {error}.", "Nothing was audited. Export it again.") from error


def _stored(
    session: _Session,
    file_no: int,
    export: Export,
    mapping: FileMapping,
    table: RawTable,
    is_whole: Callable[[int], bool],
) -> tuple[RawTable, FileMapping, int]:
    settled = settle_dates(session.con, export.name, table, mapping, session.dates)
    return table, settled, session.store.insert(table, settled, file_no, is_whole)


def _plain_texts(export: Export, dialect: Dialect, watch: Watch, folder: Path) -> Iterator[tuple[Path, Callable[[], int]]]:
    """UTF-8 files of the export's lines, for the quick reader, with the count of their lines: itself, else a copy."""
    if dialect.plain_utf8:
        own = watch.lines if export.plain == export.path else partial(count_lines, export.plain)
        yield export.plain, own
    copy = folder / "utf8.csv"
    if utf8_copy(export.plain, dialect.encoding, copy):
        yield copy, partial(count_lines, copy)


def _is_whole(path: Path, dialect: Dialect, lines: Callable[[], int], rows: int) -> bool:
    """Whether so many rows are all of the file's: one a line, or as many as there are where notes run over lines."""
    return rows == lines() - dialect.skip_lines - dialect.header_lines or rows == count_rows(path, dialect)
