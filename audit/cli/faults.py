"""What went wrong, as the user is told of it: a sentence and an exit code, no traceback, and no cell of an export."""

import os
import traceback
from pathlib import Path

import click

from audit.errors import AuditError, ConfigError, ExitCode
from audit.machine import interrupts, troubles

_ROOM = Path(__file__).parents[1]


def explained(error: BaseException) -> int:
    """Tell of an error on stderr as its kind wants, and give the exit code."""
    if isinstance(error, click.ClickException) and not interrupts.was_asked():
        error.show()
        return ExitCode.USAGE
    text, code = told(error)
    click.echo(text, err=True)
    return code


def told(error: BaseException) -> tuple[str, ExitCode]:
    """What is said of an error, and its exit code; a defect is raised again where CLAIMS_AUDIT_DEBUG asks for it.

    A library may have made an error of its own out of a signal: the note decides.
    """
    if interrupts.was_asked() or isinstance(error, KeyboardInterrupt | click.Abort):
        return "Interrupted; no run folder was written.", ExitCode.INTERRUPTED
    trouble = troubles.trouble(error)
    if isinstance(error, ConfigError) or (isinstance(error, AuditError) and not (trouble and trouble.decides)):
        return f"claims-audit: {error}", error.exit_code
    if os.environ.get("CLAIMS_AUDIT_DEBUG"):
        raise error
    if trouble:
        return f"claims-audit: {trouble}", trouble.exit_code
    return _defect(error), ExitCode.FAILED


def _defect(error: BaseException) -> str:
    """What failed and where, without the error's own words: they may quote a cell, and a cell may be a patient's."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _ROOM in Path(frame.filename).parents] or frames
    where = f" at {Path(own[-1].filename).name}, line {own[-1].lineno}" if own else ""
    return (
        f"claims-audit failed: {type(error).__name__}{where}.\n"
        "This is a defect of the program, not of your export. CLAIMS_AUDIT_DEBUG=1 shows more, cells perhaps."
    )
