"""The formats that intake reads. Suffixes, help, what an archive may hold and the docs follow from this list."""

from pathlib import PurePath

from audit.intake.formats.excel import Excel
from audit.intake.formats.parquet import Parquet
from audit.intake.formats.reader import Reader
from audit.intake.formats.text.opened import Text

READERS: tuple[Reader, ...] = (Text(), Parquet(), Excel())

SUFFIXES = tuple(suffix for reader in READERS for suffix in reader.suffixes)


def reader_of(name: str) -> Reader:
    """The format of a file of that name, which ends in one of SUFFIXES."""
    suffix = PurePath(name).suffix.lower()
    return next(reader for reader in READERS if suffix in reader.suffixes)


def kinds() -> str:
    """The formats and their suffixes in words: "CSV or text (.csv .txt), Parquet (.parquet .pq)"."""
    return ", ".join(f"{reader.title} ({' '.join(reader.suffixes)})" for reader in READERS)
