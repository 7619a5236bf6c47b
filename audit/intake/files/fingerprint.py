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
    # One buffer for the whole file: to ask for fresh memory each time takes as long as to count the lines.
    buffer = bytearray(_CHUNK)
    view = memoryview(buffer)
    try:
        modified = path.stat().st_mtime_ns
        with path.open("rb", buffering=0) as stream:
            while (filled := stream.readinto(buffer)) and goes_on(size):
                digest.update(view[:filled])
                size += filled
                lines += _line_ends(buffer, filled, last)
                last = bytes(view[filled - 1 : filled])
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.", "Check the file and its permissions.") from error
    return Fingerprint(size, digest.hexdigest(), lines + (1 if last not in (b"", b"\n", b"\r") else 0), modified)


def fingerprint_of(content: bytes, modified_ns: int) -> Fingerprint:
    """The fingerprint of a file whose bytes are at hand."""
    ends = _line_ends(content, len(content), b"")
    rest = 0 if content[-1:] in (b"", b"\n", b"\r") else 1
    return Fingerprint(len(content), hashlib.sha256(content).hexdigest(), ends + rest, modified_ns)


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


def _line_ends(buffer: bytes | bytearray, filled: int, before: bytes) -> int:
    """Line ends that close in the filled part; a CRLF cut in two by its border counts once."""
    cut = 1 if before == b"\r" and buffer.startswith(b"\n") else 0
    # Looking for a CR that is not there is many times as quick as counting none.
    has_returns = buffer.find(b"\r", 0, filled) >= 0
    returns = buffer.count(b"\r", 0, filled) - buffer.count(b"\r\n", 0, filled) if has_returns else 0
    return buffer.count(b"\n", 0, filled) + returns - cut
