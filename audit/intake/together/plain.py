"""Which files are plain: small texts in which every line is one row, told from their bytes before any of them is read.

To read one file alone takes some forty statements, whatever its size. Nothing is decided here that reading it alone decides:
a file in doubt is no plain one.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from audit.errors import AuditError
from audit.intake.columns.entries import may_tell_entries
from audit.intake.columns.given import Given
from audit.intake.columns.mapping import FileMapping
from audit.intake.files.fingerprint import Fingerprint, fingerprint_of
from audit.intake.files.unpack import Source
from audit.intake.formats.text.dialect import Dialect
from audit.intake.formats.text.opened import OpenedText, Text
from audit.intake.layouts import RowPerLine
from audit.intake.opening import Export, laid_out, mapped, open_export
from audit.intake.proof.claim_totals import may_hold_totals
from audit.intake.proof.unit_prices import may_be_unit_prices
from audit.intake.raw import Field, RawTable
from audit.intake.rows.dates import has_dates_beside

# Of larger files the head does not show every row, and their own reading takes longer than its preparation.
_LARGEST = 1 << 17
# Signs that readers of text treat each in its own way.
_ODD_SIGNS = (b"\x00", b"\x1a")


@dataclass(frozen=True, slots=True)
class PlainFile:
    """A plain file, without its rows and its sample: there may be thousands. `lines` are its lines behind the header."""

    file_no: int
    export: Export
    dialect: Dialect
    mapping: FileMapping
    mark: Fingerprint
    lines: int
    has_dates_beside: bool

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.mark.size_bytes

    def rows(self) -> list[tuple[int, bytes]]:
        """The lines behind the header, each with its number and without its end; none where the file has changed."""
        try:
            content = self.export.path.read_bytes()
        except OSError:
            return []
        return _rows(content, self.dialect) if fingerprint_of(content, self.mark.modified_ns) == self.mark else []


def plain_file(con: duckdb.DuckDBPyConnection, file_no: int, source: Source, given: Given, scratch: Path) -> PlainFile | None:
    """The file if it is plain, else None: also where it cannot be opened, which reading it alone will tell."""
    path = source.path
    if source.beside or path.suffix.lower() not in Text.suffixes:
        return None
    try:
        state = path.stat()
        if state.st_size > _LARGEST:
            return None
        content = path.read_bytes()
        export = laid_out(open_export(con, path, source.name, scratch), given)
        if not isinstance(export.opened, OpenedText) or not isinstance(export.layout, RowPerLine):
            return None
        mapping = mapped(export, given)
    except (AuditError, OSError, UnicodeError):
        return None
    dialect = export.opened.dialect
    rows = _rows(content, dialect)
    if not rows or _is_looked_at_alone(con, export, mapping):
        return None
    table = RawTable("", tuple(Field(header, "") for header in dialect.headers))
    beside = has_dates_beside(export, table, mapping)
    slim = replace(dialect, sample=())
    bare = replace(export, opened=replace(export.opened, dialect=slim))
    return PlainFile(file_no, bare, slim, mapping, fingerprint_of(content, state.st_mtime_ns), len(rows), beside)


def _is_looked_at_alone(con: duckdb.DuckDBPyConnection, export: Export, mapping: FileMapping) -> bool:
    """Whether something of the file is looked at that a batch does not tell: it is read alone then."""
    sample = export.sample
    return (
        # An institutional file's amounts are looked at claim by claim, and blank cells that constants fill are counted.
        mapping.named("bill_type") is not None
        or any(one.constant for one in mapping.assignments)
        or may_hold_totals(mapping, sample)
        or may_be_unit_prices(mapping, sample)
        or bool(may_tell_entries(con, export.headers, sample))
    )


def _rows(content: bytes, dialect: Dialect) -> list[tuple[int, bytes]]:
    """The lines behind the header, with their numbers; none where a line is not one row for certain."""
    if not (dialect.plain_utf8 and dialect.is_even) or any(sign in content for sign in _ODD_SIGNS):
        return []
    if content.count(b"\r") != content.count(b"\r\n"):
        return []
    lines = content.replace(b"\r\n", b"\n").split(b"\n")
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if number > dialect.ahead and line]
    return numbered if all(_is_row(line, dialect) for _, line in numbered) else []


def _is_row(line: bytes, dialect: Dialect) -> bool:
    """Whether a line has as many cells as the header, and every quote in it is closed."""
    if b'"' not in line:
        return line.count(dialect.delimiter.encode()) == len(dialect.headers) - 1
    try:
        records: Sequence[Sequence[str]] = list(csv.reader([line.decode()], delimiter=dialect.delimiter, strict=True))
    except (csv.Error, UnicodeError):
        return False
    return [len(cells) for cells in records] == [len(dialect.headers)]
