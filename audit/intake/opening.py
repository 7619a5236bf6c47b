"""From a path to an opened export: unpacked, its format known, its headers and first rows read, its rows not yet."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from audit.intake.columns.cells import split_cells
from audit.intake.columns.given import Given
from audit.intake.columns.mapping import FileMapping, map_columns
from audit.intake.files.unpack import unpacked
from audit.intake.formats.reader import Opened, Sample
from audit.intake.formats.readers import reader_of
from audit.intake.layouts import Layout, RowPerLine, layout_of


@dataclass(frozen=True, slots=True)
class Export:
    """An opened file: what it is called, what its reader says, and how its claim lines stand in its rows."""

    name: str
    path: Path
    opened: Opened
    packing: str = ""
    layout: Layout = field(default_factory=RowPerLine)

    @property
    def format(self) -> str:
        """What the run says of the file: "csv", "csv, gz", "excel, sheet Claims, 4 groups across"."""
        return ", ".join(part for part in (self.opened.kind, self.packing, self.layout.kind) if part)

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers, in the order of the file."""
        return self.opened.headers

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders in which the file lies, on the disk and in an archive."""
        return (*self.path.parent.parts, *self.name.split("/")[:-1])

    @property
    def sample(self) -> Sample:
        """First rows as text, one claim line a row."""
        return self.layout.sample(self.opened.sample)


def open_export(con: duckdb.DuckDBPyConnection, path: Path, name: str, scratch: Path) -> Export:
    """Open one file. InputError where it is damaged, empty, or not what its suffix says."""
    plain = unpacked(path, name, scratch)
    packing = path.suffix.lower().lstrip(".") if plain != path else ""
    return Export(name, path, reader_of(plain.name).open(con, plain, name, scratch), packing)


def mapped(export: Export, given: Given) -> FileMapping:
    """How the columns of an export that is laid out are read. InputError where something of it is missing or in doubt."""
    mapping = map_columns(
        export.name,
        export.headers,
        given.within(export.folders),
        export.sample,
        groups=export.layout.groups,
        merged=export.opened.merged,
    )
    return split_cells(mapping, export.name, export.headers, export.sample)


def laid_out(export: Export, given: Given) -> Export:
    """The export with the groups of a wide file found. InputError where it cannot be told what they hold."""
    return replace(export, layout=layout_of(export.name, export.headers, given))
