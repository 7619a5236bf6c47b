"""The processes that this one has started, and theirs: which live, and what all together took of the processors. Linux alone."""

import ctypes
import os
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ADOPT = 36  # PR_SET_CHILD_SUBREAPER
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Process:
    """A live process: `seconds` of CPU are its own, `of_ended` those of its children that it has waited for."""

    pid: int
    parent: int
    session: int
    is_ended: bool
    seconds: float
    of_ended: float

    @property
    def command(self) -> str:
        """The words that it was started with; empty of one that has ended."""
        return _text(self.pid, "cmdline").replace("\0", " ")


def adopt() -> None:
    """Become the parent of whatever is orphaned below this process, so that what it took is not lost. Raises OSError."""
    if ctypes.CDLL(None, use_errno=True).prctl(_ADOPT, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def below() -> tuple[Process, ...]:
    """Every process that this one, or one of its own, has started; orphans once `adopt` was called."""
    living = list(_living())
    found = {os.getpid()}
    while more := {one.pid for one in living if one.parent in found} - found:
        found |= more
    return tuple(one for one in living if one.pid in found and one.pid != os.getpid())


def bury(own: frozenset[int]) -> None:
    """Wait for orphans that have ended; `own` are children for whom somebody else waits."""
    for one in below():
        if one.is_ended and one.parent == os.getpid() and one.pid not in own:
            os.waitpid(one.pid, 0)


def spent() -> float:
    """Seconds of CPU, user and system, of all that was ever started and has been waited for, or lives."""
    waited = resource.getrusage(resource.RUSAGE_CHILDREN)
    return waited.ru_utime + waited.ru_stime + sum(one.seconds + one.of_ended for one in below())


def _living() -> Iterator[Process]:
    for name in filter(str.isdecimal, os.listdir("/proc")):
        if told := _text(int(name), "stat"):
            state, parent, _, session, *rest = told.rpartition(")")[2].split()
            own, of_ended = sum(map(int, rest[7:9])), sum(map(int, rest[9:11]))
            yield Process(int(name), int(parent), int(session), state in "ZX", own / _TICKS, of_ended / _TICKS)


def _text(pid: int, name: str) -> str:
    try:
        return Path("/proc", str(pid), name).read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""  # it has ended meanwhile
