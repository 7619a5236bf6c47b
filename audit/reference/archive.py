"""Opens what a user downloaded from CMS: a zip of one or several members, or a text, CSV or Excel file as it is.

A zip from CMS often holds the same table twice, as text and as Excel; the text is read and the twin is skipped, and said.
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from audit.errors import InputError
from audit.files.packed import open_zip

_FORMATS = ("txt", "csv", "xlsx")  # in order of preference among twins
_LARGEST_MEMBER = 2 * 1024**3  # bytes unpacked; CMS's largest part is about 0.1 GB
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """A file as the user gave it. `sha256` is of its bytes; `size_bytes` its length."""

    path: Path
    sha256: str
    size_bytes: int

    @property
    def name(self) -> str:
        """The file's own name, without folders."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class Member:
    """One table to read: the source itself, or one member of a zip. `name` is the member's name within the source."""

    source: Source
    name: str
    format: str

    @property
    def label(self) -> str:
        """How messages name it: `a.zip: a.txt`, or just the file's name."""
        return self.name if self.name == self.source.name else f"{self.source.name}: {self.name}"

    def at(self, number: int) -> str:
        """How messages name a place in it: by row of the sheet, or by line of the text as an editor counts."""
        return f"{self.label}, {'row' if self.format == 'xlsx' else 'line'} {number}"


def open_source(path: Path) -> Source:
    """Hashes a file. Raises InputError where it is missing or cannot be read."""
    digest = hashlib.sha256()
    size = 0
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error}).", "Check the path and its permissions.") from error
    return Source(path, digest.hexdigest(), size)


def members(source: Source) -> tuple[tuple[Member, ...], tuple[str, ...]]:
    """The tables in a source, and the names of members that are left out (twins in another format, other files).

    Raises InputError for a file type that CMS does not publish, a broken or locked zip, or a zip with nothing to read.
    """
    suffix = source.path.suffix.lower().lstrip(".")
    if suffix in _FORMATS:
        return (Member(source, source.name, suffix),), ()
    if suffix != "zip":
        raise InputError(
            f"{source.name}: not a zip, txt, csv or xlsx file, so neither a CMS PTP nor a CMS MUE table.",
            "Import the quarterly files as downloaded from CMS's NCCI pages.",
        )
    try:
        with open_zip(source.path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")]
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError(f"{source.name}: not a readable zip file ({error}).", "Download it again.") from error
    return _choose(source, infos)


def _choose(source: Source, infos: list[zipfile.ZipInfo]) -> tuple[tuple[Member, ...], tuple[str, ...]]:
    chosen: dict[str, Member] = {}
    skipped: list[str] = []
    for info in sorted(infos, key=lambda info: info.filename):
        path = PurePosixPath(info.filename)
        kind = path.suffix.lower().lstrip(".")
        if kind not in _FORMATS:
            skipped.append(info.filename)
            continue
        _check(source, info)
        stem = str(path.with_suffix("")).lower()
        twin = chosen.get(stem)
        if twin is None or _FORMATS.index(kind) < _FORMATS.index(twin.format):
            chosen[stem] = Member(source, info.filename, kind)
            skipped += [twin.name] if twin else []
        else:
            skipped.append(info.filename)
    if not chosen:
        held = ", ".join(skipped) or "nothing"
        raise InputError(
            f"{source.name}: holds no txt, csv or xlsx member (it holds {held}).",
            "Unzip it and import what is inside.",
        )
    return tuple(chosen.values()), tuple(skipped)


def _check(source: Source, info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 0x1:
        raise InputError(f"{source.name}: {info.filename} is locked with a password.", "Unzip it first.")
    if info.file_size > _LARGEST_MEMBER:
        raise InputError(
            f"{source.name}: {info.filename} unpacks to {info.file_size:,} bytes, far more than any CMS table.",
            "Check that this is CMS's own file.",
        )


@contextmanager
def open_member(member: Member) -> Iterator[IO[bytes]]:
    """The member's bytes as a stream; for Excel a seekable one, since a workbook is read from its end.

    Raises InputError where a zip turns out to be damaged while it is read.
    """
    if member.source.path.suffix.lower() != ".zip":
        with member.source.path.open("rb") as stream:
            yield stream
        return
    try:
        with open_zip(member.source.path) as archive, archive.open(member.name) as packed:
            yield io.BytesIO(packed.read()) if member.format == "xlsx" else packed
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise InputError(f"{member.label}: cannot be unpacked or read ({error}).", "Download it again.") from error
