"""One pass over plain files of one layout: their rows typed by one statement, and each file proved plain by its own counts.

A file whose rows hold any fault, any row that is no claim, any oddity that a run tells of, is dropped from the batch and read
alone: so every sentence, reject and total has one place where it is made.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import duckdb

from audit.contract import MONEY_COLUMNS
from audit.errors import InputError
from audit.intake.columns.mapping import FileMapping
from audit.intake.proof.minutes_as_units import MANY
from audit.intake.proof.no_ids import suspected
from audit.intake.proof.statement_days import IS_OF_STATEMENT
from audit.intake.proof.totals import amount_of
from audit.intake.raw import Field, RawTable, sql_path, sql_text
from audit.intake.rows import dates
from audit.intake.rows.dates import DateOrder
from audit.intake.rows.decimals import MAYBE_THOUSANDS
from audit.intake.rows.numbering import FILE_OF_ROW, ROWS_PER_FILE_BITS
from audit.intake.rows.store import Store, unnamed_modifiers
from audit.intake.together.plain import PlainFile

_RAW = "intake_together_raw"
_MINUTES = ("minutes", "visit_timed_minutes", "visit_total_minutes")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read in a batch: the mapping it was read by, the order its dates told, its rows and dollars."""

    file: PlainFile
    mapping: FileMapping
    order: str | None
    rows: int
    dollars: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the files of a batch; those that are in neither list have to be read alone."""

    read: tuple[ReadFile, ...] = ()
    untold: tuple[PlainFile, ...] = ()


def read_batch(store: Store, files: Sequence[PlainFile], given: Mapping[int, DateOrder | None], scratch: Path) -> Outcome:
    """Read plain files of one layout. `given` is the order of dates by file, where the file's own do not tell it."""
    table = _raw_table(store.con, files, scratch)
    settled: dict[int, tuple[FileMapping, str | None]] = {}
    untold = []
    for file, outcome in _settled(store.con, table, files, given):
        if outcome is None:
            untold.append(file)
        else:
            settled[file.file_no] = outcome
    groups: dict[object, list[PlainFile]] = defaultdict(list)
    for file in files:
        if file.file_no in settled:
            groups[read_alike(settled[file.file_no][0])].append(file)
    read: list[ReadFile] = []
    for group in groups.values():
        read += _read_group(store, table, group, settled)
    store.con.execute(f"DROP TABLE {_RAW}")
    return Outcome(tuple(read), tuple(untold))


def read_alike(mapping: FileMapping) -> tuple[object, ...]:
    """What two mappings must share so that one statement reads by both."""
    return tuple(
        (one.name, one.index, one.cell, one.reader, one.fill, one.joined, one.beside, one.constant) for one in mapping.assignments
    )


def _raw_table(con: duckdb.DuckDBPyConnection, files: Sequence[PlainFile], scratch: Path) -> RawTable:
    """The rows of all files as one table, each behind its file and its line. DuckDB's error where one cannot be read."""
    dialect = files[0].dialect
    path = scratch / "together.csv"
    mark = dialect.delimiter.encode()
    with path.open("wb") as target:
        for file in files:
            target.writelines(b"%d%s%d%s%s\n" % (file.file_no, mark, number, mark, line) for number, line in file.rows())
    names = [f"c{index}" for index in range(len(dialect.headers))]
    columns = ", ".join(["'file': 'BIGINT'", "'row': 'BIGINT'", *(f"'{name}': 'VARCHAR'" for name in names)])
    con.execute(
        f"CREATE OR REPLACE TABLE {_RAW} AS FROM read_csv({sql_path(path)}, auto_detect = FALSE, strict_mode = TRUE, "
        f"header = FALSE, delim = {sql_text(dialect.delimiter)}, quote = '\"', escape = '\"', new_line = '\\n', "
        f"columns = {{{columns}}})"
    )
    path.unlink()
    fields = tuple(Field(header, name) for header, name in zip(dialect.headers, names, strict=True))
    return RawTable(_RAW, fields, source_row=f'("file" << {ROWS_PER_FILE_BITS}) + "row"')


def _settled(
    con: duckdb.DuckDBPyConnection, table: RawTable, files: Sequence[PlainFile], given: Mapping[int, DateOrder | None]
) -> list[tuple[PlainFile, tuple[FileMapping, str | None] | None]]:
    """Each file with its mapping and the order that its dates told, or None where its order is not known."""
    assignments = dates.written_dates(table, files[0].mapping)
    counts = {}
    if assignments:
        counts = dates.count_by_file(con, _RAW, [dates.slashed(table, one) for one in assignments], '"file"')
    found: list[tuple[PlainFile, tuple[FileMapping, str | None] | None]] = []
    for file in files:
        if not assignments:
            found.append((file, (file.mapping, None)))
            continue
        own = dates.written_dates(table, file.mapping)
        try:
            told = dates.settle_by_counts(file.export, own, file.mapping, counts.get(file.file_no, dates.DateCounts(0, 0, 0)))
        except InputError:
            continue
        order = given.get(file.file_no)
        if told is not None:
            found.append((file, (told.mapping, told.order)))
        elif not file.has_dates_beside:
            in_order = (dates.read_in_order(file.export, own, file.mapping, order), None) if order else None
            found.append((file, in_order))
    return found


def _read_group(
    store: Store, table: RawTable, files: Sequence[PlainFile], settled: Mapping[int, tuple[FileMapping, str | None]]
) -> list[ReadFile]:
    """Type the rows of files with one mapping, and keep those of the files that are plain throughout."""
    mapping = settled[files[0].file_no][0]
    numbers = ", ".join(str(file.file_no) for file in files)
    batch = store.insert_batch(replace(table, relation=f'(FROM {_RAW} WHERE "file" IN ({numbers}))'), mapping)
    plain = _plain_files(store, batch, mapping, files)
    read = []
    for file in files:
        if file.file_no in plain:
            own, order = settled[file.file_no]
            read.append(ReadFile(file, own, order, file.lines, plain[file.file_no]))
    store.keep_of_batch(batch, sorted(plain), mapping)
    return read


def _plain_files(store: Store, batch: str, mapping: FileMapping, files: Sequence[PlainFile]) -> dict[int, dict[str, Decimal]]:
    """The files with as many rows as lines and nothing to be said of any of them, each with its dollars by column."""
    money = [column for column in MONEY_COLUMNS if mapping.named(column) is not None]
    odd = ["faults IS NOT NULL", "left_out IS NOT NULL", "unread IS NOT NULL"]
    odd += [f"{name} IS NOT NULL" for name in unnamed_modifiers(mapping)]
    odd += suspected(one.name for one in mapping.assignments)
    odd += [f"{column} < 0" for column in money]
    odd += [f"regexp_matches({column}_raw, '{MAYBE_THOUSANDS}')" for column in money]
    odd += [IS_OF_STATEMENT] if mapping.named("service_date_to") is not None else []
    odd += ["units = 0", f"units >= {MANY}"] if mapping.named("units") is not None else []
    minutes = [f"count({column}) > 0 AND max(abs({column})) = 0" for column in _MINUTES if mapping.named(column) is not None]
    sums = [f"coalesce(sum({column}), 0)" for column in money]
    found = store.con.execute(
        f"""
        SELECT {FILE_OF_ROW}, count(*), count(DISTINCT source_row),
            count(*) FILTER ({" OR ".join(odd)}) + {" + ".join([f"({one})::INTEGER" for one in minutes] or ["0"])},
            {", ".join(["0", *sums])}
        FROM {batch}
        GROUP BY ALL
        """
    ).fetchall()
    lines = {file.file_no: file.lines for file in files}
    raw = _raw_sums(store.con, batch, money)
    plain = {}
    for file_no, rows, different, oddities, _, *typed in found:
        own = {column: raw[column][file_no] for column in money}
        if rows == different == lines[file_no] and not oddities and list(own.values()) == [Decimal(one) for one in typed]:
            plain[file_no] = own
    return plain


def _raw_sums(con: duckdb.DuckDBPyConnection, batch: str, money: Sequence[str]) -> dict[str, dict[int, Decimal]]:
    """The dollars that the cells themselves state, by column and file: see audit.intake.proof.totals."""
    sums: dict[str, dict[int, Decimal]] = {}
    for column in money:
        sums[column] = defaultdict(lambda: Decimal("0.00"))
        found = con.execute(
            f"SELECT {FILE_OF_ROW}, {column}_raw, count(*) FROM {batch} WHERE {column}_raw IS NOT NULL GROUP BY ALL"
        ).fetchall()
        for file_no, cell, count in found:
            sums[column][file_no] += (amount_of(cell) or Decimal(0)) * count
    return sums
