"""Texts beside the tables of an archive or a folder that are none: a readme, a letter. They are named and not read."""

import csv
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from audit.intake.columns.headers import is_known
from audit.intake.formats.kinds import HEAD, TEXT, kind_of
from audit.intake.formats.text.opened import Text

# A longer text is looked at as a table, whatever it may be.
_LONGEST = 1 << 16
_DATE = re.compile(r"\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b|\b(19|20)\d{6}\b|\b\d{1,2}[- ]?[A-Za-z]{3,9}[-, ]+\d{2,4}\b")
_CODE = re.compile(r"\b(\d{4}[0-9A-Z]|[A-Z]\d{4})\b", re.IGNORECASE)
_DELIMITERS = ",\t;|"


def without_prose(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The entries but for texts that can be no table of claims; all of them where nothing else would be left."""
    tables = [entry for entry in entries if not (_may_be_prose(entry) and _is_prose(archive.read(entry)))]
    return tables or list(entries)


def is_prose_file(path: Path) -> bool:
    """The same of a file on the disk: whether it is a text that can be no table of claims. OSError where it cannot be read."""
    return _is_short_text(path.name, path.stat().st_size) and _is_prose(path.read_bytes())


def _may_be_prose(entry: zipfile.ZipInfo) -> bool:
    return _is_short_text(entry.filename, entry.file_size)


def _is_short_text(name: str, size: int) -> bool:
    return 0 < size <= _LONGEST and name.lower().endswith(Text.suffixes)


def _is_prose(content: bytes) -> bool:
    """Whether no line has a code and a date, as every claim has, and none is a header of known names."""
    if kind_of(content[:HEAD]) != TEXT:
        return False
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    lines = content.decode("utf-16" if is_wide else "utf-8", errors="replace").splitlines()
    return bool(lines) and not any((_CODE.search(line) and _DATE.search(line)) or _is_header(line) for line in lines)


def _is_header(line: str) -> bool:
    return any(sum(map(is_known, next(csv.reader([line], delimiter=mark), []))) >= 2 for mark in _DELIMITERS if mark in line)
