"""What a file is before anybody parses it: its size, its SHA-256 and how many lines it has.

The line count is taken from the bytes, apart from any CSV reader, so that a reader that loses rows is found out.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from audit.errors import InputError

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`lines` counts line ends of every kind (LF, CRLF, CR), and a last line that has none."""

    size_bytes: int
    sha256: str
    lines: int
    modified_ns: int = 0


def fingerprint(path: Path, goes_on: Callable[[int], bool] = lambda _: True) -> Fingerprint:
    """Read the file once. InputError where the file cannot be read.

    `goes_on` hears the bytes done so far; where it says no, the rest is left, and the fingerprint is of no use.
    """
    digest = hashlib.sha256()
    size = lines = 0
    last = b""
    try:
        modified = path.stat().st_mtime_ns
        with path.open("rb") as stream:
            while (chunk := stream.read(_CHUNK)) and goes_on(size):
                digest.update(chunk)
                size += len(chunk)
                lines += _line_ends(chunk, last)
                last = chunk[-1:]
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.", "Check the file and its permissions.") from error
    return Fingerprint(size, digest.hexdigest(), lines + (1 if last not in (b"", b"\n", b"\r") else 0), modified)


def count_lines(path: Path) -> int:
    """Line ends of every kind in the file, and a last line that has none. InputError where the file cannot be read."""
    return fingerprint(path).lines


def changed_since(path: Path, mark: Fingerprint) -> bool:
    """Whether the file's size or time of change is another than when its fingerprint was taken."""
    try:
        now = path.stat()
    except OSError:
        return True
    return now.st_size != mark.size_bytes or now.st_mtime_ns != mark.modified_ns


def _line_ends(chunk: bytes, before: bytes) -> int:
    """Line ends that close in this chunk; a CRLF cut in two by the chunk's border counts once."""
    cut = 1 if before == b"\r" and chunk.startswith(b"\n") else 0
    # Looking for a CR that is not there is many times as quick as counting none.
    returns = chunk.count(b"\r") - chunk.count(b"\r\n") if b"\r" in chunk else 0
    return chunk.count(b"\n") + returns - cut
