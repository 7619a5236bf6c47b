"""Reads export files into the session's tables, one after the other, and accounts for every row and dollar of each."""

import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import duckdb

from audit.contract import MONEY_COLUMNS
from audit.errors import ConfigError, InputError
from audit.intake.columns.cells import with_modifiers
from audit.intake.columns.entries import entries_of
from audit.intake.columns.given import NOTHING, Given
from audit.intake.columns.likely import in_words_or_place
from audit.intake.columns.mapping import FileMapping
from audit.intake.columns.unfound import refuse, unfound
from audit.intake.files.fingerprint import Fingerprint, changed_since
from audit.intake.files.sources import present
from audit.intake.files.unpack import Source, opened_up
from audit.intake.files.watch import Tell, watched
from audit.intake.formats.text.opened import OpenedText
from audit.intake.opening import Export, laid_out, mapped, open_export
from audit.intake.proof.apart import set_apart
from audit.intake.proof.claim_totals import create_table, mark_claim_totals
from audit.intake.proof.entries import without_entries
from audit.intake.proof.filled import filled_by_constants
from audit.intake.proof.minutes_as_units import refuse_minutes
from audit.intake.proof.moments import moments
from audit.intake.proof.no_ids import settle_no_ids
from audit.intake.proof.oddities import oddities
from audit.intake.proof.payment_signs import turn_payments
from audit.intake.proof.refusals import refuse_unsound
from audit.intake.proof.statement_days import forget_statement_days
from audit.intake.proof.totals import FileTotals, dollars, file_totals
from audit.intake.proof.unit_prices import unit_prices
from audit.intake.raw import BrokenRows, RawTable
from audit.intake.reading import read_rows
from audit.intake.rows.dates import DateOrder, Told, UntoldDatesError, layout, settle_dates
from audit.intake.rows.decimals import settle_decimals
from audit.intake.rows.store import Store
from audit.intake.together.batch import ReadFile
from audit.intake.together.layout_groups import read_together
from audit.intake.together.plain import PlainFile, plain_file
from audit.model import Intake, MappedColumn, SourceFile

_MOST_NAMED = 3
_QUOTED = re.compile(r"\"[^\"]*(\"|$)|'[^']*('|$)")


@dataclass(slots=True)
class _Session:
    """What one load carries from file to file."""

    con: duckdb.DuckDBPyConnection
    store: Store
    given: Given
    progress: Tell | None
    scratch: Path
    sources: Sequence[Source] = ()
    orders: Told = field(default_factory=Told)
    warnings: dict[int, list[str]] = field(default_factory=dict)
    notes: dict[int, list[str]] = field(default_factory=dict)

    def warn(self, file_no: int, *sentences: str) -> None:
        self.warnings.setdefault(file_no, []).extend(sentences)


def load(
    con: duckdb.DuckDBPyConnection,
    sources: Sequence[Path],
    *,
    given: Given = NOTHING,
    dates: str | None = None,
    scratch: Path | None = None,
    progress: Tell | None = None,
) -> Intake:
    """Read the files into claim_row and rejected_row; gives what was read, file by file.

    `given` is what the user says of columns; `dates` ("month_first" or "day_first") is the order of dates in files whose own
    values do not tell it. `scratch` is where packed files are unpacked (default: the system's folder). `progress` hears
    (file name, bytes done, bytes of the file). InputError names the file and the mend where one cannot be read;
    ReconciliationError where rows or dollars do not tie.
    """
    if not sources:
        raise InputError("No export was named.", "Name at least one file, folder or pattern.")
    create_table(con)
    with present(sources), tempfile.TemporaryDirectory(prefix="claims-audit-", dir=scratch) as unpacked:
        session = _Session(con, Store(con), given, progress, Path(unpacked))
        session.sources = opened_up(sources, session.scratch)
        files = _load_files(session, session.sources, dates)
    coded = session.store.publish([file.name for file in files])
    said, notes = (
        [one for file_no in sorted(by_file) for one in by_file[file_no]] for by_file in (session.warnings, session.notes)
    )
    filled = session.store.filled_columns()
    return Intake(
        files=tuple(files),
        rejections=session.store.rejections(),
        rejected_at=session.store.rejected_at(),
        filled_columns=filled,
        warnings=(*said, *coded.warnings, *_twins(files)),
        notes=(*notes, *coded.notes),
        files_without_modifiers=tuple(file.name for file in files if not _has_modifiers(file)),
        files_without=_files_without(filled, files),
    )


def _load_files(session: _Session, sources: Sequence[Source], dates: str | None) -> list[SourceFile]:
    """Load the files in their order; one whose dates do not tell their order waits for others of its layout to tell it.

    What the others do not tell either, the one reading that makes sense does. Small files of one layout are read together.
    """
    given = DateOrder(dates, "as audit.toml or --dates says") if dates else None
    files: dict[int, SourceFile] = {}
    waiting: dict[int, UntoldDatesError | None] = {}
    together = read_together(session.store, _plain_files(session, sources), lambda _: given, session.scratch)
    ready = {one.file.file_no: one for one in together.read}
    untold = {file.file_no: file for file in together.untold}
    for file_no, source in enumerate(sources, start=1):
        try:
            if file_no in untold:
                waiting[file_no] = None
            else:
                files[file_no] = _load_source(session, file_no, source, given, ready.get(file_no))
        except UntoldDatesError as error:
            waiting[file_no] = error
    again = read_together(
        session.store, together.untold, lambda file: session.orders.of(layout(file.export.headers)), session.scratch
    )
    ready = {one.file.file_no: one for one in again.read}
    for file_no, refusal in waiting.items():
        files[file_no] = _load_untold(session, file_no, sources[file_no - 1], refusal, ready.get(file_no))
    return [files[file_no] for file_no in sorted(files)]


def _load_untold(
    session: _Session, file_no: int, source: Source, untold: UntoldDatesError | None, ready: ReadFile | None
) -> SourceFile:
    """Load a file whose dates do not tell their order, now that all others have been heard."""
    if untold is None:
        try:
            return _load_source(session, file_no, source, None, ready)
        except UntoldDatesError as error:
            untold = error
    order = session.orders.of(untold.headers) or untold.likely
    if order is None:
        raise untold
    session.warnings.pop(file_no, None)
    session.notes.pop(file_no, None)
    return _load_source(session, file_no, source, order)


def _plain_files(session: _Session, sources: Sequence[Source]) -> list[PlainFile]:
    """The files that may be read together; the first one is not among them, because it is held against the user's settings."""
    found = []
    for file_no, source in enumerate(sources[1:], start=2):
        file = plain_file(session.con, file_no, source, session.given, session.scratch)
        if file is not None:
            found.append(file)
    return found


def _refuse_unfound(session: _Session, file_no: int, headers: Sequence[str]) -> None:
    """ConfigError where the user names a header that no file has. Other files are only looked at where the first lacks one."""
    missing = unfound(session.given.columns, headers) if file_no == 1 else {}
    every = [*headers]
    for number, source in enumerate(session.sources[1:], start=2):
        if not missing:
            return
        folder = session.scratch / f"{number}-headers"
        folder.mkdir()
        every += open_export(session.con, source.path, source.name, folder).headers
        shutil.rmtree(folder)
        missing = unfound(missing, every)
    refuse(missing, every)


def _has_modifiers(file: SourceFile) -> bool:
    """Whether a file has a place for modifiers: a column of its own, or codes behind which some modifier stands."""
    return any(column.name.startswith("modifier_") for column in file.mapping)


def _files_without(filled: Sequence[str], files: Sequence[SourceFile]) -> dict[str, tuple[str, ...]]:
    """By each filled column that some file has no column for, these files' names."""
    mapped = [(file.name, {column.name for column in file.mapping}) for file in files]
    lacking = {name: tuple(file for file, columns in mapped if name not in columns) for name in filled}
    return {name: without for name, without in lacking.items() if without}


def _twins(files: Sequence[SourceFile]) -> list[str]:
    """A warning for each file that is another one over again, byte by byte."""
    seen: dict[str, str] = {}
    said = []
    for file in files:
        first = seen.setdefault(file.sha256, file.name)
        if first != file.name:
            said.append(f"{file.name} is the same file as {first}; its rows are repeats, and are audited once.")
    return said


def _load_source(
    session: _Session, file_no: int, source: Source, given: DateOrder | None, ready: ReadFile | None = None
) -> SourceFile:
    if ready is not None:
        return replace(_take(session, ready), path=source.shown)
    folder = session.scratch / str(file_no)
    folder.mkdir()
    if source.beside:
        listed = ", ".join(source.beside[:_MOST_NAMED]) + (" and others" if len(source.beside) > _MOST_NAMED else "")
        session.warn(file_no, f"{source.name}: beside it the archive holds {listed}, which claims-audit does not read.")
    try:
        return replace(_load_file(session, file_no, source, given, folder), path=source.shown)
    except duckdb.OutOfMemoryException as error:
        if "used)" not in str(error):  # the system's memory, not the engine's limit
            raise
        mend = "Raise memory_limit (--memory-limit), or leave it out; fewer threads need less too."
        raise ConfigError(f"{source.name} cannot be read within the memory that the engine may use.", mend) from error
    except (duckdb.Error, UnicodeError) as error:
        raise _refused(source, error) from error
    finally:
        shutil.rmtree(folder)


def _refused(source: Source, error: Exception) -> InputError:
    """What to say of a file that no reader gets through: it is damaged inside, as only reading it shows."""
    # What stands in quotes may be a cell of the file.
    said = _QUOTED.sub("...", (str(error).splitlines() or ["no reason given"])[0])
    return InputError(f"{source.name} cannot be read; it is likely damaged ({said}).", "Export or copy it again.")


def _load_file(session: _Session, file_no: int, source: Source, given: DateOrder | None, folder: Path) -> SourceFile:
    name, path = source.name, source.path
    with watched(session.con, session.progress, name, path) as watch:
        opened = open_export(session.con, path, name, folder)
        _refuse_unfound(session, file_no, opened.headers)
        if more := opened.opened.beside:
            sheets = "another sheet" if more == 1 else f"{more:,} other sheets"
            session.warn(file_no, f"{name}: the workbook holds {sheets} with cells, which claims-audit does not read.")
        export = laid_out(opened, session.given)
        mapping = mapped(export, session.given)

        def settle(table: RawTable) -> FileMapping:
            read = settle_dates(session.con, export, table, mapping, given, session.orders)
            is_text = isinstance(export.opened, OpenedText)
            read = settle_decimals(session.con, name, table, read, export.sample, is_text=is_text)
            signed = [
                one.index for name in ("units", "charge_amount") if (one := read.named(name)) is not None and one.index >= 0
            ]
            ledger = entries_of(session.con, table, name, export.sample, signed)
            return replace(read, entries=ledger.entries, warnings=(*read.warnings, *ledger.said))

        reading = read_rows(session.store, file_no, export, settle, watch)
        apart = set_apart(session.store, file_no, name, reading.table, reading.numbers, reading.mapping)
        session.warn(file_no, *apart.said(name, reading.mapping))
        session.notes[file_no] = apart.agreed
        session.warn(file_no, *moments(session.con, name, reading.table, reading.mapping))
        session.warn(file_no, *settle_no_ids(session.con, file_no, name, reading.mapping))
        refuse_unsound(session.con, file_no, name)
        refuse_minutes(session.con, file_no, name, reading.mapping)
        settled = with_modifiers(reading.mapping, session.store.settle_modifiers(file_no, reading.mapping))
        session.warn(file_no, *session.store.forget_noughts(file_no, name, settled))
        session.warn(file_no, *forget_statement_days(session.con, file_no, name, settled))
        if settled.named("claim_line_number") is None:
            session.store.number_lines(file_no)
        _warn_of_mapping(session, file_no, export, settled)
        mark = watch.fingerprint()
        _refuse_changed(name, path, mark)
        return _account(session, file_no, export, settled, reading.table.broken, mark)


def _take(session: _Session, ready: ReadFile) -> SourceFile:
    """Account for a file that was read together with others: nothing of it was rejected, and nothing is to be told of it."""
    file, export = ready.file, ready.file.export
    if ready.order is not None:
        session.orders.note(export, ready.order)
    _warn_of_mapping(session, file.file_no, export, ready.mapping)
    _refuse_changed(export.name, export.path, file.mark)
    if session.progress is not None:
        session.progress(export.name, file.size, file.size)
    none = dict.fromkeys(ready.dollars, Decimal("0.00"))
    totals = FileTotals(dollars(dict(ready.dollars)), dollars(none))
    return _source_file(export, ready.mapping, file.mark, totals, rows=ready.rows)


def _warn_of_mapping(session: _Session, file_no: int, export: Export, mapping: FileMapping) -> None:
    if mapping.named("claim_line_number") is None:
        order = export.layout.order
        session.warn(file_no, f"{export.name} has no line numbers: lines were numbered within each claim {order}.")
    session.warn(file_no, *mapping.warnings)


def _refuse_changed(name: str, path: Path, mark: Fingerprint) -> None:
    if changed_since(path, mark):
        raise InputError(f"{name} changed while it was read.", "Wait until the export is finished, and run again.")


def _account(
    session: _Session, file_no: int, export: Export, mapping: FileMapping, broken: BrokenRows, mark: Fingerprint
) -> SourceFile:
    """Set rejected rows apart, and add up the file's rows and dollars."""
    con, name = session.con, export.name
    lines, rows = session.store.count(file_no)
    rejected = session.store.reject(file_no, name, broken)
    left_out = session.store.leave_out(file_no, name)
    blank = session.store.blank_rows(file_no)
    counted = lines + broken.count - blank
    if counted <= 0:
        raise InputError(f"{name} has a header and no rows.", "Check the export's date range and filters.")
    money = tuple(column for column in MONEY_COLUMNS if mapping.named(column) is not None)
    totals, turned = turn_payments(con, file_no, name, mapping, file_totals(con, file_no, name, money))
    session.warn(file_no, *turned)
    session.warn(file_no, *unit_prices(con, file_no, name, mapping, export.sample))
    session.warn(file_no, *mark_claim_totals(con, file_no, name, mapping))
    session.warn(file_no, *without_entries(con, file_no, name, mapping))
    session.warn(file_no, *filled_by_constants(con, file_no, name, mapping, session.given.constants))
    session.warn(file_no, *oddities(con, file_no, name, mapping))
    session.warn(file_no, *export.layout.said(name, rows + broken.count, counted))
    if blank:
        passed_over = "1 row is blank and was" if blank == 1 else f"{blank:,} rows are blank and were"
        session.warn(file_no, f"{name}: {passed_over} passed over.")
    return _source_file(export, mapping, mark, totals, rows=counted, rejected=rejected, left_out=left_out)


def _source_file(
    export: Export,
    mapping: FileMapping,
    mark: Fingerprint,
    totals: FileTotals,
    *,
    rows: int,
    rejected: int = 0,
    left_out: int = 0,
) -> SourceFile:
    return SourceFile(
        name=export.name,
        path=export.path,
        format=export.format,
        size_bytes=mark.size_bytes,
        sha256=mark.sha256,
        rows=rows,
        rejected_rows=rejected,
        dollars=totals.read,
        rejected_dollars=totals.rejected,
        mapping=tuple(MappedColumn(a.name, a.header, a.how, a.confidence) for a in mapping.assignments),
        unmapped_columns=in_words_or_place(export.headers, [header for header in mapping.unmapped if header]),
        private_columns=mapping.private,
        left_out_rows=left_out,
    )
