"""From a path to an opened export: unpacked, its format known, its headers and first rows read, its rows not yet."""

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from audit.intake.columns.given import Given
from audit.intake.columns.group_cells import unpivoted_sample
from audit.intake.columns.groups import Groups, find_groups
from audit.intake.files.sources import EXCEL_SUFFIXES, PARQUET_SUFFIXES
from audit.intake.files.unpack import unpacked
from audit.intake.formats.excel import sheet_as_csv
from audit.intake.formats.parquet import open_parquet, parquet_sample
from audit.intake.formats.text.delimited import fast_table
from audit.intake.formats.text.dialect import Dialect, opened, read_dialect
from audit.intake.raw import RawTable


@dataclass(slots=True)
class Export:
    """An opened file. `plain` is what the readers read: the file itself, or its copy out of an archive or workbook.

    `dialect` is None for Parquet. `table` scans it the fast way, as the file is laid out. `groups` are those of a wide file,
    and `sample` then holds one claim line a row, as its long table does.
    """

    name: str
    path: Path
    plain: Path
    dialect: Dialect | None
    table: RawTable
    sample: tuple[tuple[str, ...], ...]
    groups: Groups | None = None

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers, in the order of the file."""
        return tuple(column.header for column in self.table.fields)


def open_export(con: duckdb.DuckDBPyConnection, path: Path, name: str, scratch: Path) -> Export:
    """Open one file. InputError where it is damaged, empty, or not what its suffix says."""
    plain = unpacked(path, name, scratch)
    lower = plain.name.lower()
    if lower.endswith(PARQUET_SUFFIXES):
        table = open_parquet(con, plain, name)
        return Export(name, path, plain, None, table, parquet_sample(con, table))
    note = ""
    if lower.endswith(EXCEL_SUFFIXES):
        plain, sheet = sheet_as_csv(plain, name, scratch)
        note = f"excel, sheet {sheet}"
    with opened(plain) as stream:
        dialect = read_dialect(stream, name)
    table = fast_table(plain, dialect)
    table.format = note or (f"{table.format}, {path.suffix.lower().lstrip('.')}" if plain != path else table.format)
    return Export(name, path, plain, dialect, table, dialect.sample)


def laid_out(export: Export, given: Given) -> Export:
    """The export with the groups of a wide file found. InputError where it cannot be told what they hold."""
    groups = find_groups(export.name, export.headers, given)
    if groups is None:
        return export
    return replace(export, groups=groups, sample=unpivoted_sample(export.sample, groups))
