"""Reads export files into the session's tables, one after the other, and accounts for every row and dollar of each."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from audit.contract import MONEY_COLUMNS
from audit.errors import InputError, ReconciliationError
from audit.intake import store
from audit.intake.cells import split_cells
from audit.intake.dates import settle_dates
from audit.intake.fingerprint import Fingerprint, changed_since, fingerprint
from audit.intake.footer import find_footer
from audit.intake.mapping import FileMapping, map_columns
from audit.intake.oddities import oddities
from audit.intake.opening import Export, laid_out, open_export
from audit.intake.raw import RawTable
from audit.intake.text import careful_table, refused
from audit.intake.totals import file_totals
from audit.intake.unpack import opened_up
from audit.intake.unpivot import prove, unpivoted
from audit.model import Intake, MappedColumn, SourceFile

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class _Session:
    """What one load carries from file to file."""

    con: duckdb.DuckDBPyConnection
    overrides: Mapping[str, str]
    constants: Mapping[str, str]
    dates: str | None
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
    constants: Mapping[str, str] = {},
    dates: str | None = None,
    scratch: Path | None = None,
    progress: Progress | None = None,
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
    store.create_tables(con)
    files: list[SourceFile] = []
    first_rowids: list[int] = []
    with tempfile.TemporaryDirectory(prefix="claims-audit-", dir=scratch) as unpacked:
        session = _Session(con, column_overrides, constants, dates, progress, Path(unpacked))
        for file_no, source in enumerate(opened_up(sources, session.scratch), start=1):
            folder = session.scratch / str(file_no)
            folder.mkdir()
            try:
                file, first = _load_file(session, file_no, source.name, source.path, folder)
            except (duckdb.Error, UnicodeError) as error:
                raise refused(source.name, error) from error
            files.append(replace(file, path=source.shown))
            first_rowids.append(first)
    store.publish(con, [file.name for file in files], first_rowids)
    session.warnings.extend(_twins(files))
    return Intake(
        files=tuple(files),
        rejections=store.rejections(con),
        filled_columns=store.filled_columns(con),
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


def _load_file(session: _Session, file_no: int, name: str, path: Path, folder: Path) -> tuple[SourceFile, int]:
    size = path.stat().st_size if path.exists() else 0
    # Reading for the hash is quick beside parsing: it counts for a fifth of the bar.
    mark = fingerprint(path, lambda done: session.say(name, done // 5, size))
    if not mark.size_bytes:
        raise InputError(f"{name} is empty.", "Export it again, and check the date range and filters.")
    export = laid_out(open_export(session.con, path, name, folder), session.overrides)
    mapping = map_columns(name, export.headers, session.overrides, export.sample, session.constants, groups=export.groups)
    mapping = split_cells(mapping, export.sample)
    table, mapping, stored = _read(session, file_no, export, mapping, mark, folder)
    session.warnings.extend(store.forget_noughts(session.con, file_no, name, mapping))
    if mapping.named("claim_line_number") is None:
        store.number_lines(session.con, file_no)
        order = "in the order of the file" if export.groups is None else "by their group across, or in the order of the file"
        session.warnings.append(f"{name} has no line numbers: lines were numbered within each claim {order}.")
    session.warnings.extend((*mapping.warnings, *table.warnings))
    if changed_since(path, mark):
        raise InputError(f"{name} changed while it was read.", "Wait until the export is finished, and run again.")
    file = _account(session, file_no, export, table, mapping, stored, mark)
    session.say(name, size, size)
    return file, stored.first_rowid


def _account(
    session: _Session,
    file_no: int,
    export: Export,
    table: RawTable,
    mapping: FileMapping,
    stored: store.Stored,
    mark: Fingerprint,
) -> SourceFile:
    """Set rejected rows and totals lines apart, and add up the file's rows and dollars."""
    rows = stored.rows + len(table.broken)
    in_file = rows if table.export_rows is None else table.export_rows + len(table.broken)
    footer = find_footer(session.con, file_no, stored.first_rowid, table, mapping, in_file)
    rejected = store.reject(session.con, file_no, export.name, stored, footer.broken, footer.rows)
    blank = store.blank_rows(session.con, file_no)
    if rows - blank - len(footer.rows) <= 0:
        raise InputError(f"{export.name} has a header and no rows.", "Check the export's date range and filters.")
    money = tuple(column for column in MONEY_COLUMNS if mapping.named(column) is not None)
    totals = file_totals(session.con, file_no, export.name, money, stored.first_rowid, footer.rows)
    session.warnings.extend(totals.against(export.name, footer.stated))
    session.warnings.extend(oddities(session.con, file_no, export.name, mapping))
    if export.groups is not None:
        session.warnings.append(
            f"{export.name} is wide: {in_file:,} rows hold {rows - blank - len(footer.rows):,} claim lines; "
            "each group across is one line, and counts as a row."
        )
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
    session: _Session, file_no: int, export: Export, mapping: FileMapping, mark: Fingerprint, folder: Path
) -> tuple[RawTable, FileMapping, store.Stored]:
    """Store the file's rows: by DuckDB's reader where that gives every line a row, else line by line."""
    dialect = export.dialect
    if dialect is not None and dialect.plain_utf8 and export.groups is None:
        lines = mark.lines if export.plain == export.path else fingerprint(export.plain).lines
        try:
            settled = settle_dates(session.con, export.name, export.table, mapping, session.dates)
            expected = lines - dialect.skip_lines - dialect.header_lines
            return export.table, settled, store.insert(session.con, export.table, settled, file_no, expected)
        except (duckdb.InvalidInputException, duckdb.ConversionException, store.RowsMissingError):
            pass
    table = export.table if dialect is None else careful_table(export.plain, dialect, folder)
    table.format = export.table.format
    wide = table
    if export.groups is not None:
        table = unpivoted(wide, export.groups)
    settled = settle_dates(session.con, export.name, table, mapping, session.dates)
    try:
        stored = store.insert(session.con, table, settled, file_no, table.rows)
    except store.RowsMissingError as error:
        raise ReconciliationError(f"{export.name}: {error}.", "Nothing was audited. Export it again.") from error
    if export.groups is not None:
        prove(session.con, export.name, wide, export.groups, file_no)
    return table, settled, stored
