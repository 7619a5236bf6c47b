"""The errors a user can meet, each with the exit code that the command line returns for it.

Every message is a plain sentence that names what is wrong and what to do next; the command line prints it without a
traceback. Exit codes are frozen: cron jobs branch on them.
"""

from collections.abc import Sequence
from enum import IntEnum


class ExitCode(IntEnum):
    """What the process returns; the numbers are a promise to callers."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    INPUT = 3
    FAILED = 4
    INTERRUPTED = 130


class AuditError(Exception):
    """Something the user must know about; `hint` says how to mend it."""

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class ConfigError(AuditError):
    """The command line or audit.toml asks for something that cannot be."""

    exit_code = ExitCode.USAGE


class InputError(AuditError):
    """An export is missing, unreadable, or does not hold what an audit needs."""

    exit_code = ExitCode.INPUT


class MissingFieldsError(InputError):
    """An export has no column for what an audit needs: `fields` are contract columns, "payer" stands for any of the payer's."""

    def __init__(self, message: str, hint: str, fields: Sequence[str]) -> None:
        super().__init__(message, hint)
        self.fields = tuple(fields)


class ReconciliationError(InputError):
    """Rows or dollars read are not the sum of audited, excluded and rejected ones."""


class RuleError(AuditError):
    """A rule file is not a valid rule, or a rule failed while it ran."""
