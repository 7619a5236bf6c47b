"""Writes a file whole or not at all, readable by its owner alone (0600), and on the disk before it has its name.

Every file that the program leaves behind goes through here, and every folder that it works in is made here, so that a
signal, a full disk or a lost machine leaves no half of one.
"""

import atexit
import errno
import gc
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from audit.machine import interrupts

# What must not outlive the process: a signal between two steps may keep a block from cleaning up after itself.
_unfinished: set[Path] = set()
# Bytes: no manifest or ledger comes near it.
_LARGEST = 1 << 30


@contextmanager
def new_file(path: Path, replacing: bool = True) -> Iterator[BinaryIO]:
    """A binary stream whose content takes the name `path` when the block ends well; else nothing is left of it.

    With `replacing` off a file of that name is left as it is, and FileExistsError is raised. OSError comes through.
    """
    draft = _unused_name(path.parent, f".{path.name}.", ".part")
    _unfinished.add(draft)
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if replacing:
            draft.replace(path)
        else:
            _link(draft, path)
        sync_folder(path.parent)
    finally:
        _remove(draft)


def write_text(path: Path, text: str) -> Path:
    """Write a text file in UTF-8 with plain line ends; gives its path."""
    with new_file(path) as stream:
        stream.write(text.encode("utf-8"))
    return path


def read_whole(path: Path) -> bytes:
    """What a file holds that lies beside the runs or in one. Raises OSError, also where it is none that such a file can be.

    A pipe would keep the reader waiting, and a device or a file of any size take all memory.
    """
    must_be_plain(path)
    if path.stat().st_size > _LARGEST:
        raise OSError(errno.EINVAL, f"it is larger than {_LARGEST >> 20} MB", str(path))
    return path.read_bytes()


def must_be_plain(path: Path) -> None:
    """Raise OSError where there is no file, or a pipe or a device in its place; FileNotFoundError where there is nothing."""
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is no plain file", str(path))


def add_line(path: Path, line: bytes) -> None:
    """Add a line at the end of a file, which is made (0600) where there is none; it is on the disk when this ends.

    A last line that a full disk or a lost machine has cut off stays as it is, and spoils none after it. Who calls sees to it
    that nobody else writes the file (lock.py). OSError comes through.
    """
    if os.path.lexists(path):
        must_be_plain(path)
    number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(number, "r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        is_cut = size > 0 and file.read(1) != b"\n"
        file.seek(0, os.SEEK_END)
        file.write((b"\n" if is_cut else b"") + line + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if not size:
        sync_folder(path.parent)


def make_folder(path: Path) -> Path:
    """A folder that its owner alone may enter (0700), with those above it; gives its path."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@contextmanager
def scratch_folder(parent: Path | None = None, prefix: str = "claims-audit-") -> Iterator[Path]:
    """A fresh private folder (default: below the system's own); whatever happens, it is gone when the block ends."""
    folder = _unused_name(parent or Path(tempfile.gettempdir()), prefix, "")
    _unfinished.add(folder)
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        _remove(folder)


def sync_folder(folder: Path) -> None:
    """Bring a folder's list of names to the disk, where the system can."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _link(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError(path) from None
        draft.rename(path)


def _unused_name(parent: Path, prefix: str, suffix: str) -> Path:
    return parent / f"{prefix}{os.urandom(6).hex()}{suffix}"


def _remove(path: Path) -> None:
    with interrupts.held():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        # What could not be removed (no more files may be open) is tried once more as the process ends.
        if not path.exists():
            _unfinished.discard(path)


@atexit.register
def _remove_unfinished() -> None:
    if _unfinished:
        gc.collect()  # files that what failed has left open, and that nothing leads to any more
    for path in tuple(_unfinished):
        _remove(path)
