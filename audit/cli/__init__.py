"""Words typed by a user in, exit codes out: a file a verb. Only this room prints or exits."""

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from audit import interrupts


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code. Signals are heard before anything large is loaded."""
    interrupts.listen()
    if not os.environ.get("CLAIMS_AUDIT_DEBUG"):
        # A library's half-written file that is given up, after a signal or on a full disk, would show a traceback of its own.
        sys.unraisablehook = lambda _: None
    try:
        from audit.cli import front_door

        code = front_door.answer(arguments)
    except BaseException:
        if not interrupts.was_asked():
            raise
        code = _interrupted()
    interrupts.done()
    if interrupts.was_asked():
        _leave_at_once(code)
    sys.exit(code)


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
