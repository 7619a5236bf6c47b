"""stdout and stderr that are closed, full or gone: a run is not lost because nobody can hear of it.

What cannot be said on stderr is dropped. What cannot be written to stdout is remembered: it is data, and somebody waits for
it, so `lost` says why and the exit code tells.
"""

import codecs
import errno
import io
import os
import sys
from contextlib import suppress

_NAMES_AS_THEY_ARE = "claims_audit.names"


class _Forgiving(io.FileIO):
    """A stream of the process that takes everything, and remembers why it could not pass it on."""

    trouble: OSError | None = None

    def write(self, content: object, /) -> int:
        """Write what can be written; the rest counts as written."""
        if self.trouble is None:
            try:
                return super().write(content) or 0  # type: ignore[arg-type]
            except OSError as error:
                self.trouble = error
        return len(memoryview(content).cast("B"))  # type: ignore[arg-type]


_raw: dict[str, _Forgiving] = {}


def guard() -> None:
    """Put the process's streams behind ones that nothing upsets. A closed one leads nowhere from here on.

    A number that is not open would else be given to the next file, and what a library says would be written into that.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number
            if number == 1:
                _closed_stdout()
    codecs.register_error(_NAMES_AS_THEY_ARE, _as_they_are)
    for number, name in ((1, "stdout"), (2, "stderr")):
        raw = _raw[name] = _raw.get(name) or _Forgiving(number, "w", closefd=False)
        before = getattr(sys, name)
        stream = io.TextIOWrapper(
            io.BufferedWriter(raw),
            encoding=before.encoding if before is not None else "utf-8",
            errors=_NAMES_AS_THEY_ARE,
            line_buffering=number == 2 or raw.isatty(),
        )
        setattr(sys, name, stream)


def lost() -> OSError | None:
    """Why stdout could not be written, once it is flushed. None where it could, or its reader had read enough."""
    raw = _raw.get("stdout")
    if raw is None:
        return None
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    return None if raw.trouble is None or raw.trouble.errno == errno.EPIPE else raw.trouble


def _closed_stdout() -> None:
    raw = _raw["stdout"] = _Forgiving(1, "w", closefd=False)
    raw.trouble = OSError(errno.EBADF, "it is closed")


def _as_they_are(error: UnicodeError) -> tuple[str | bytes, int]:
    """Names of files that are not UTF-8 byte by byte; letters that the stream has no way to write as marks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    for handler in ("surrogateescape", "backslashreplace"):
        with suppress(UnicodeError):
            return codecs.lookup_error(handler)(error)
    raise error
