"""What of the machine stands in the way is told from the error, however it is wrapped."""

import errno
from collections.abc import Callable

import duckdb
import pyarrow as pa
import pytest

from audit.cli import front_door
from audit.errors import AuditError, ConfigError, ExitCode, InputError
from audit.machine import troubles
from audit.machine.troubles import trouble


def raised_from(error: BaseException, cause: BaseException, hidden: bool = False) -> BaseException:
    """The error as it looks where it was raised while the cause was handled; with `hidden`, "from None"."""
    error.__context__ = cause
    error.__suppress_context__ = hidden
    return error


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FULL, "The disk is full"),
        (OSError(errno.EDQUOT, ""), "share of the disk"),
        (OSError(errno.EFBIG, ""), "larger than this user"),
        (OSError(errno.EMFILE, ""), "open files"),
        (OSError(errno.ENFILE, ""), "open files"),
        (OSError(errno.EROFS, ""), "read-only"),
        (OSError(errno.EIO, ""), "reports an error"),
        (MemoryError(), "not enough memory"),
        (pa.ArrowMemoryError("malloc of size 64 failed"), "not enough memory"),
        (SystemError("error return without exception set"), "not enough memory"),
        (RuntimeError("can't start new thread"), "no more threads"),
        (pa.ArrowInvalid("Error writing bytes to file. Detail: [errno 28] No space left on device"), "The disk is full"),
        (duckdb.IOException("IO Error: Could not write file: No space left on device"), "The disk is full"),
        (duckdb.OutOfMemoryException("failed to offload data block: 'max_temp_directory_size' was reached"), "The disk is full"),
        (duckdb.OutOfMemoryException("Out of Memory Error: could not allocate block"), "not enough memory"),
        (duckdb.IOException('IO Error: Cannot open file "x": Too many open files'), "open files"),
        (UnicodeEncodeError("utf-8", "\udce9", 0, 1, "surrogates not allowed"), "not UTF-8"),
        (ImportError("libx.so: failed to map segment from shared object"), "not enough memory"),
    ],
)
def test_an_error_of_the_machine_is_told_plainly(error: BaseException, said: str) -> None:
    for one in (error, raised_from(ValueError("no number: Robin Example"), error)):
        found = trouble(one)
        assert found is not None
        assert said in found.message
        assert "Robin" not in str(found)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("No space left on device"),
        duckdb.ConversionException("Could not convert 'No space left on device' to INT32"),
        duckdb.InvalidInputException("Out of memory: a note"),
        RuntimeError("Query interrupted"),
        KeyError("x"),
        OSError("odd"),
        raised_from(InputError("no file"), FULL, hidden=True),
    ],
)
def test_what_a_cell_says_is_no_trouble_of_the_machine(error: BaseException) -> None:
    assert trouble(error) is None


@pytest.mark.parametrize(
    ("make", "code", "said"),
    [
        (lambda: FULL, 4, "The disk is full"),
        (lambda: raised_from(InputError("export.csv is likely damaged."), FULL), 4, "The disk is full"),
        (lambda: raised_from(AuditError("30_step.sql failed"), MemoryError()), 4, "not enough memory"),
        (lambda: raised_from(ConfigError("memory_limit is too low."), MemoryError()), 2, "memory_limit is too low."),
        (lambda: raised_from(InputError("export.csv cannot be read."), OSError(errno.EACCES, "")), 3, "export.csv cannot"),
        (lambda: OSError(errno.EROFS, ""), 2, "read-only"),
        (lambda: OSError(errno.ENOENT, "", "out/.partial/x"), 4, "is gone: out/.partial/x."),
        (lambda: OSError(errno.EACCES, "", b"out/caf\xe9"), 2, "may not be used by this user: out/caf\\xe9."),
        (lambda: OSError(errno.EACCES, "", 7), 2, "may not be used by this user.\n"),
    ],
)
def test_the_exit_code_is_that_of_the_trouble(
    make: Callable[[], BaseException],
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(**_: object) -> int:
        raise make()

    monkeypatch.setattr(front_door.cli, "main", fail)
    assert front_door.answer(()) == ExitCode(code)
    told = capsys.readouterr().err
    assert said in told
    assert "defect" not in told
    assert "damaged" not in told


@pytest.mark.parametrize(
    ("left", "said"), [(None, "no more threads"), (999_999_999, "not enough memory"), (1_000_000_000, "no more threads")]
)
def test_a_thread_without_room_for_its_stack_lacks_memory(left: int | None, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(troubles.capacity, "addresses_left", lambda: left)
    found = trouble(RuntimeError("can't start new thread"))
    assert found is not None
    assert said in found.message
