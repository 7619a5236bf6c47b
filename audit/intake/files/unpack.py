"""Packed exports: .gz and .zip are opened into the scratch folder, where the readers find a plain file.

An archive of several exports is opened up before: each export in it is a file of its own, "archive.zip/inner.csv".
"""

import gzip
import lzma
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from audit.errors import InputError
from audit.files.packed import open_zip
from audit.intake.files.beside import without_prose
from audit.intake.files.sources import distinct_names
from audit.intake.formats.readers import SUFFIXES

_AGAIN = "Copy it again from where it came, or unpack it and name the file inside."
_CHUNK = 1 << 20
# Of the disk's free space a tenth is left alone.
_SHARE_OF_DISK = 0.9


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: the name that findings carry, where it lies, and where the user has it (in an archive, perhaps).

    `beside` are the other files of its archive, which claims-audit does not read; the archive's first export has them.
    """

    name: str
    path: Path
    shown: Path
    beside: tuple[str, ...] = ()


def opened_up(paths: Sequence[Path], scratch: Path) -> list[Source]:
    """The files, each under a name of its own and in the order of names; an archive of several exports gives each of them.

    InputError where an archive is damaged, locked, empty, holds archives, or is larger than the disk has room for.
    """
    sources = []
    for number, (name, path) in enumerate(zip(distinct_names(paths), paths, strict=True)):
        inside, beside = _listed(path, name, scratch) if path.name.lower().endswith(".zip") else ([], ())
        if len(inside) < 2 and not any(is_read(one) for one in beside):
            sources.append(Source(_legible(name), _within_reach(path, scratch, number), Path(_legible(str(path))), beside))
            continue
        with _said_plainly(name), open_zip(path) as archive:
            for nth, (inner, entry) in enumerate(zip(_inner_names(inside), inside, strict=True)):
                folder = scratch / f"archive_{number}_{nth}"
                folder.mkdir()
                target = folder / PurePosixPath(inner).name
                _extract(archive, entry, target)
                shown = Path(_legible(str(path))) / inner
                sources.append(Source(f"{_legible(name)}/{inner}", target, shown, () if nth else beside))
    return sorted(sources, key=lambda source: source.name)


def _legible(name: str) -> str:
    r"""A name as text: of one that is not UTF-8 the bytes that spoil it stand as \\xe9."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _within_reach(path: Path, scratch: Path, number: int) -> Path:
    """The file, or a link to it where its path is not UTF-8: the readers take no other."""
    if _legible(str(path.absolute())) == str(path.absolute()):
        return path
    ends = [suffix for suffix in path.suffixes[-2:] if suffix.isascii()]
    link = scratch / f"link_{number}{''.join(ends)}"
    link.symlink_to(path.absolute())
    return link


def unpacked(path: Path, name: str, scratch: Path) -> Path:
    """The plain file itself, or the one export that a packed file holds, opened into `scratch`. InputError where damaged."""
    lower = path.name.lower()
    with _said_plainly(name):
        if lower.endswith(".gz"):
            return _from_gzip(path, name, scratch)
        if lower.endswith(".zip"):
            return _from_zip(path, name, scratch)
    return path


@contextmanager
def _said_plainly(name: str) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise InputError(f"{name} cannot be read: {error.strerror}.", "Check its permissions.") from error
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError) as error:
        raise InputError(f"{name} is damaged or is not what its suffix says.", _AGAIN) from error
    except RuntimeError as error:
        raise InputError(f"{name} is locked with a password.", "Unpack it and name the file inside.") from error


def _from_gzip(path: Path, name: str, scratch: Path) -> Path:
    inner = Path(path.stem)
    target = scratch / (inner.name if inner.suffix.lower() in SUFFIXES else f"{inner.name}.csv")
    with gzip.open(path, "rb") as packed:
        _copy(packed, target, name)
    return target


def _from_zip(path: Path, name: str, scratch: Path) -> Path:
    with open_zip(path) as archive:
        entry = _exports(archive, name)[0]
        # Only the last part of the entry's name is used: an archive may not choose where its files go.
        target = scratch / PurePosixPath(_plain(entry.filename)).name
        _extract(archive, entry, target)
        return target


def _listed(path: Path, name: str, scratch: Path) -> tuple[list[zipfile.ZipInfo], tuple[str, ...]]:
    """The exports in an archive, and the names of its other files."""
    with _said_plainly(name), open_zip(path) as archive:
        inside = without_prose(archive, _exports(archive, name))
        _has_room(sum(entry.file_size for entry in inside), scratch, name)
        read = {entry.header_offset for entry in inside}
        return inside, tuple(_plain(entry.filename) for entry in _visible(archive) if entry.header_offset not in read)


def _exports(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """The entries that claims-audit reads, by name. InputError where there are none, or archives among them."""
    entries = _visible(archive)
    packed = [entry.filename for entry in entries if entry.filename.lower().endswith(".zip")]
    if packed:
        raise InputError(f"{name} holds an archive within the archive: {packed[0]}.", "Unpack it and name the folder.")
    inside = [entry for entry in entries if is_read(entry.filename)]
    if not inside:
        held = ", ".join(sorted(entry.filename for entry in entries)[:3]) or "nothing"
        raise InputError(
            f"{name} holds no export that claims-audit reads. It holds: {held}.", "Unpack it and name the file inside."
        )
    return sorted(inside, key=lambda entry: entry.filename)


def is_read(filename: str) -> bool:
    """Whether a file of that name in an archive is one that claims-audit reads."""
    return filename.lower().endswith((*SUFFIXES, ".gz"))


def _visible(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The archive's files without those that a system leaves in it."""
    return [
        entry
        for entry in archive.infolist()
        if not entry.is_dir()
        and not PurePosixPath(_plain(entry.filename)).name.startswith((".", "~$"))
        and "__MACOSX" not in entry.filename
    ]


def _inner_names(entries: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The entries' names without what leads out of the archive; one that comes twice is numbered."""
    seen: dict[str, int] = {}
    names = []
    for entry in entries:
        plain = _plain(entry.filename)
        seen[plain] = seen.get(plain, 0) + 1
        path = PurePosixPath(plain)
        names.append(plain if seen[plain] == 1 else str(path.with_name(f"{path.stem} ({seen[plain]}){path.suffix}")))
    return names


def _plain(filename: str) -> str:
    parts = [part for part in filename.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "/".join("".join(sign for sign in part if sign.isprintable()) for part in parts) or "export.csv"


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    _has_room(entry.file_size, target.parent, entry.filename)
    with archive.open(entry) as packed:
        _copy(packed, target, entry.filename)


def _copy(packed: IO[bytes] | gzip.GzipFile, target: Path, name: str) -> None:
    """Unpack piece by piece: an archive that says less than it holds fills no disk."""
    room = _room(target.parent)
    with target.open("wb") as plain:
        while chunk := packed.read(_CHUNK):
            room -= len(chunk)
            if room < 0:
                raise _too_large(name)
            plain.write(chunk)


def _room(folder: Path) -> int:
    return int(shutil.disk_usage(folder).free * _SHARE_OF_DISK)


def _has_room(size: int, folder: Path, name: str) -> None:
    if size > _room(folder):
        raise _too_large(name)


def _too_large(name: str) -> InputError:
    return InputError(
        f"{name} is larger, unpacked, than the disk has room for.", "Free space, or unpack it elsewhere and name the files."
    )
