"""The lines of a text in blocks, decoded: many at a time, because a million lines one by one take seconds for nothing.

Encoding "bytes" is UTF-8 or "mixed", as only the whole file tells: "mixed" is UTF-8 in some lines and Windows-1252 in others.
"""

import codecs
import io
import re
from collections.abc import Callable, Iterator
from typing import IO

_CHUNK = 1 << 20
# A longer line is no row of claims. A little more of it is kept than this, whatever its length.
LONGEST_LINE = 2_000_000
_ENDS = ("\n", "\r")
EMPTY = ("\n", "\r\n", "\r")
# Letters of Western and Central Europe, punctuation, currency, arrows, full-width signs and pictures.
_WESTERN = re.compile(r"[\x00-\u017f\u2000-\u2bff\ufe00-\uffff\U00010000-\U0010ffff]*")


def settled_encoding(stream: IO[bytes], encoding: str) -> str:
    """The encoding, "utf-8" or "mixed" in place of "bytes"; the stream is at its start again."""
    if encoding == "bytes":
        encoding = "utf-8" if _is_utf8(stream) else "mixed"
        stream.seek(0)
    return encoding


def _is_utf8(stream: IO[bytes]) -> bool:
    """Whether the rest of the stream is UTF-8 throughout."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def blocks_of_lines(stream: IO[bytes], encoding: str, on_bytes: Callable[[int], None] | None = None) -> Iterator[list[str]]:
    """Lines with their ends, as they follow each other; an end is LF, CR or both.

    `encoding` is a settled one; `on_bytes` hears how far the stream is. Of a line of more than LONGEST_LINE signs only its
    beginning may come.
    """
    for lines in _cut_into_lines(_decoded(stream, encoding, on_bytes)):
        yield lines if encoding != "mixed" else _western(lines)


def _decoded(stream: IO[bytes], encoding: str, on_bytes: Callable[[int], None] | None) -> Iterator[str]:
    # A byte that is no UTF-8 becomes a sign that no text has, so that its line is found.
    errors = "surrogateescape" if encoding == "mixed" else "replace"
    decoder = codecs.getincrementaldecoder("utf-8" if encoding == "mixed" else encoding)(errors)
    while chunk := stream.read(_CHUNK):
        yield decoder.decode(chunk)
        if on_bytes is not None:
            on_bytes(stream.tell())
    yield decoder.decode(b"", final=True)


def _cut_into_lines(texts: Iterator[str]) -> Iterator[list[str]]:
    begun = held = ""
    for text in texts:
        begun += held + text
        # A CR at the end may be half of a CRLF.
        begun, held = (begun[:-1], "\r") if begun.endswith("\r") else (begun, "")
        lines = io.StringIO(begun, newline="").readlines()
        begun = lines.pop()[: LONGEST_LINE + 1] if lines and not lines[-1].endswith(_ENDS) else ""
        if lines:
            yield lines
    if begun or held:
        yield [begun + held]


def _western(lines: list[str]) -> list[str]:
    """Lines that are no UTF-8, or are so by chance, as Windows-1252: no Western text has such signs."""
    return [line if _WESTERN.fullmatch(line) else _from_windows(line) for line in lines]


def _from_windows(line: str) -> str:
    return line.encode("utf-8", errors="surrogateescape").decode("cp1252", errors="replace")
