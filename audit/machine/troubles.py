"""What of the machine stood in the way: a full disk, memory, open files. Told in sentences, with an exit code each.

Libraries wrap such an error in words of their own, so the whole chain of an error is looked through.
"""

import errno
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from audit.errors import ExitCode
from audit.machine import capacity


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is short or broken, what mends it, and the exit code; `decides`: whatever the program made of it before."""

    message: str
    hint: str
    exit_code: ExitCode = ExitCode.FAILED
    decides: bool = True

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}"


_SPACE = Trouble(
    "The disk is full: what the run had to write did not fit.",
    "Free some space, or name a folder on another disk with --out, or with --spill-dir for what memory does not hold.",
)
_QUOTA = Trouble("This user's share of the disk is used up.", "Free some space, or name a folder on another disk with --out.")
_FILE_SIZE = Trouble("A file would grow larger than this user may write.", "Raise the limit (ulimit -f) for this job.")
_HANDLES = Trouble(
    "The program needs more open files than it may have.", "Raise the limit (ulimit -n) for this job, or set fewer --threads."
)
_THREADS = Trouble(
    "The system gives the program no more threads.", "Raise the limit (ulimit -u) for this job, or set fewer --threads."
)
_MEMORY = Trouble(
    "There is not enough memory for this run.",
    "Give the job more, or set fewer --threads; with a --memory-limit below what is free the engine spills to disk.",
)
_READ_ONLY = Trouble("The file system is read-only.", "Name a folder that can be written into with --out.", ExitCode.USAGE, False)
_DENIED = Trouble("A file or folder may not be used by this user.", "Check its owner and its permissions.", ExitCode.USAGE, False)
_GONE = Trouble(
    "A file or folder that the run had in use is gone.",
    "Something removed it, or its disk was taken away while the run worked. Run again.",
    decides=False,
)
_BROKEN = Trouble("The disk or the network drive reports an error.", "See the system's log; then run again.", decides=False)
_NAME = Trouble(
    "The name of a file or folder is not UTF-8.", "Rename it, or name another that leads to it.", ExitCode.INPUT, decides=False
)

_BY_NUMBER = {
    errno.ENOSPC: _SPACE,
    errno.EDQUOT: _QUOTA,
    errno.EFBIG: _FILE_SIZE,
    errno.EMFILE: _HANDLES,
    errno.ENFILE: _HANDLES,
    errno.ENOMEM: _MEMORY,
    errno.EAGAIN: _THREADS,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.ENOENT: _GONE,
    errno.ESTALE: _GONE,
    errno.EIO: _BROKEN,
    errno.ENOTCONN: _BROKEN,
    errno.EHOSTDOWN: _BROKEN,
    errno.ETIMEDOUT: _BROKEN,
}
# Addresses below which it is memory that a new thread lacks: a stack and a heap for each of a dozen.
_FOR_THREADS = 1_000_000_000
# What libraries write where they keep no number.
_BY_WORDS = (
    (re.compile(r"No space left on device|max_temp_directory_size|not enough (disk )?space", re.IGNORECASE), _SPACE),
    (re.compile(r"Disk quota exceeded", re.IGNORECASE), _QUOTA),
    (re.compile(r"File too large", re.IGNORECASE), _FILE_SIZE),
    (re.compile(r"Too many open files", re.IGNORECASE), _HANDLES),
    (re.compile(r"can't start new thread|Resource temporarily unavailable", re.IGNORECASE), _THREADS),
    (
        re.compile(
            r"out of memory|cannot allocate memory|could not allocate|failed to allocate|bad_alloc|failed to offload|"
            r"failed to map segment|failed to pin block|without (setting an exception|exception set)|unreported exception",
            re.IGNORECASE,
        ),
        _MEMORY,
    ),
    (re.compile(r"Read-only file system", re.IGNORECASE), _READ_ONLY),
    (re.compile(r"Input/output error|Stale file handle", re.IGNORECASE), _BROKEN),
    (re.compile(r"surrogates not allowed", re.IGNORECASE), _NAME),
)
# Kinds of error whose words come from the system or a library, and from no cell of an export.
_OF_THE_SYSTEM = (
    "OSError",
    "ImportError",
    "RuntimeError",
    "SystemError",
    "UnicodeEncodeError",
    "ArrowException",
    "PanicException",
)
_OF_DUCKDB = ("IOException", "OutOfMemoryException", "FatalException", "InternalException", "InterruptException")


def trouble(error: BaseException) -> Trouble | None:
    """What of the machine an error comes from, by itself or by what it was made of; None where it is none of these."""
    for one in _chain(error):
        found = _of(one)
        if found is not None:
            return found
    return None


def pass_on(error: BaseException) -> None:
    """Raise an error again that says nothing of the file it was met in: what was short was memory, or files to be open.

    Who takes an error for a damaged file asks this first. Others of the machine's troubles (no leave to read it, a disk that
    fails) do say that the file cannot be read.
    """
    found = trouble(error)
    if found is not None and found.decides:
        raise error


def _of(error: BaseException) -> Trouble | None:
    if isinstance(error, MemoryError):
        return _MEMORY
    if isinstance(error, OSError) and error.errno in _BY_NUMBER:
        return _named(_BY_NUMBER[error.errno], error.filename)
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if not kinds & {*_OF_THE_SYSTEM, *_OF_DUCKDB}:
        return None
    said = str(error)
    found = next((found for words, found in _BY_WORDS if words.search(said)), None)
    if found is _THREADS and _is_short_of_addresses():
        return _MEMORY
    return found or (_MEMORY if "OutOfMemoryException" in kinds else None)


def _is_short_of_addresses() -> bool:
    """Whether a thread was refused because its stack found no place within the job's limit of memory (ulimit -v)."""
    left = capacity.addresses_left()
    return left is not None and left < _FOR_THREADS


def _named(found: Trouble, name: object) -> Trouble:
    """The trouble with the file or folder that it is about, where that is known and mends it."""
    if found not in (_READ_ONLY, _DENIED, _GONE) or not isinstance(name, str | bytes):
        return found
    said = os.fsencode(name).decode("utf-8", "backslashreplace")
    return replace(found, message=f"{found.message.removesuffix('.')}: {said}.")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, what it was raised from, and what was being handled then."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
