"""One writer at a time: locks that the system drops when their holder dies, whatever it died of.

A lock is on a file beside what it guards (0600), and that file is never removed: another may be waiting for it. What is
written into it tells people who holds it, and decides nothing: a process id of another machine, or of another container,
says nothing of who is alive.
"""

import errno
import fcntl
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from audit.errors import ConfigError
from audit.files.door import make_folder

_MOST_TOLD = 300


class HeldError(ConfigError):
    """Another holds the lock."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Wait until nobody else writes `path`, and keep others waiting while the block runs."""
    make_folder(path.parent)
    held = _opened(path.with_name(f".{path.name}.lock"))
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


@contextmanager
def alone(path: Path, whose: str) -> Iterator[Callable[[], bool]]:
    """Hold the lock file `path` while the block runs; `whose` says in its message what is held ("the folder out").

    What the block is given tells whether the file is still the one that is held: a folder may be removed, or a drive be
    taken away, while a lock on it holds.

    Raises HeldError at once where another has it, with who and since when; ConfigError where the file system has no locks;
    OSError where the file cannot be made.
    """
    held = _opened(path)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HeldError(
                f"Another run is at work in {whose}{_holder(held)}.", "Wait until it ends, or name another folder with --out."
            ) from None
        except OSError as error:
            if error.errno not in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP):
                raise
            raise ConfigError(
                f"The file system of {path.parent} has no locks, so two runs could meet in {whose}.",
                "Name a folder on another disk with --out.",
            ) from error
        _tell(held, f"process {os.getpid()} on {socket.gethostname()}, since {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n")
        yield lambda: _is_there(path, held)
    finally:
        os.close(held)


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _is_there(path: Path, held: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(held))
    except OSError:
        return False


def _holder(held: int) -> str:
    """What the holder has told of itself: " (process 7 on desk, since ...)"; nothing where it has not come to that yet."""
    told = os.pread(held, _MOST_TOLD, 0).decode("utf-8", "replace")
    first = told.splitlines()[0] if told.endswith("\n") else ""
    return f" ({first})" if first.isprintable() and first else ""


def _tell(held: int, text: str) -> None:
    """Write who holds the lock; one that cannot be told of (the disk is full) holds as well."""
    try:
        os.ftruncate(held, 0)
        os.pwrite(held, text.encode("utf-8", "replace"), 0)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO):
            raise
