"""Words typed by a user in, exit codes out: a file a verb. Only this room prints or exits."""

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from audit.cli import no_pandas, streams
from audit.machine import capacity, interrupts

# Address space with which the libraries can be loaded and a small export read; with less the C library may abort the process.
_LEAST_MEMORY = 2_000_000_000
# What DuckDB and the watch over rules start on a machine of one processor, and some.
_LEAST_THREADS = 16
# What a small run has open at once, beside the streams.
_LEAST_FILES = 16


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code. Signals are heard before anything large is loaded."""
    interrupts.listen()
    streams.guard()
    no_pandas.hide()
    # Left alone, the library of linear algebra takes memory for every processor, and ends the process where there is none.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if not os.environ.get("CLAIMS_AUDIT_DEBUG"):
        # A library's half-written file that is given up, after a signal or on a full disk, would show a traceback of its own.
        sys.unraisablehook = lambda _: None
    try:
        _must_have_memory()
        capacity.must_have_threads(_LEAST_THREADS)
        capacity.must_have_files(_LEAST_FILES)
        from audit.cli import front_door

        code = front_door.answer(arguments)
    except BaseException as error:
        code = _interrupted() if interrupts.was_asked() else _unable(error)
    interrupts.done()
    code = _heard(code)
    if interrupts.was_asked():
        _leave_at_once(code)
    sys.exit(code)


def _must_have_memory() -> None:
    """Raise MemoryError where the job's own limit is too low: libraries would end the process with a code of their own."""
    limit = capacity.addresses()
    if limit is not None and limit < _LEAST_MEMORY:
        raise MemoryError


def _heard(code: int) -> int:
    """The exit code; where stdout could not be written, that is told."""
    trouble = streams.lost()
    if trouble is None:
        return code
    from audit.errors import ExitCode

    sys.stderr.write(f"claims-audit: Standard output could not be written: {trouble.strerror}. What stands in files is whole.\n")
    return code if code > ExitCode.FINDINGS else ExitCode.FAILED


def _leave_at_once(code: int) -> NoReturn:
    """End without taking the interpreter down: DuckDB would report, at length, what the signal broke off as leaked."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _interrupted() -> int:
    """Say that the program was asked to stop; gives the exit code for it."""
    from audit.errors import ExitCode

    sys.stderr.write("Interrupted; no run folder was written.\n")
    return ExitCode.INTERRUPTED


def _unable(error: BaseException) -> int:
    """Say why the program could not even start; what is no trouble of the machine's goes on to Python."""
    from audit.machine.troubles import trouble

    found = None if os.environ.get("CLAIMS_AUDIT_DEBUG") else trouble(error)
    if found is None:
        raise error
    sys.stderr.write(f"claims-audit: {found}\n")
    return found.exit_code
