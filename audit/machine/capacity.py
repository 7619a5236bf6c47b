"""What of the machine a process may use: processors, memory, threads, as far as limits and its cgroup (a container) let it."""

import os
import resource
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")
_MEMINFO = Path("/proc/meminfo")
# In pages: the addresses in use first.
_STATM = Path("/proc/self/statm")


def processors(cgroup: Path = _CGROUP) -> int:
    """Processors that the process may run on, and whose time it is given; 1 at least."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _words(cgroup / "cpu.max") or [
        *_words(cgroup / "cpu" / "cpu.cfs_quota_us"),
        *_words(cgroup / "cpu" / "cpu.cfs_period_us"),
    ]
    if len(quota) == 2 and quota[0].isdigit() and int(quota[1]):
        return max(1, min(allowed, -(-int(quota[0]) // int(quota[1]))))
    return allowed


def memory(cgroup: Path = _CGROUP, meminfo: Path = _MEMINFO) -> int | None:
    """Bytes of memory that the process may have: the machine's, or what its limits leave it of that; None: not known."""
    return min((*_of_machine(meminfo, "MemTotal:"), *_limits(cgroup)), default=None)


def memory_and_swap(cgroup: Path = _CGROUP, meminfo: Path = _MEMINFO) -> int | None:
    """The same with the machine's swap: beyond it no process comes."""
    return min((*_of_machine(meminfo, "MemTotal:", "SwapTotal:"), *_limits(cgroup)), default=None)


def addresses() -> int | None:
    """Bytes of addresses that the process may have by its own limit (ulimit -v); None: as many as it likes."""
    own = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if own == resource.RLIM_INFINITY else own


def addresses_left() -> int | None:
    """Bytes of addresses that its own limit still leaves the process; None where there is no limit, or it cannot be told."""
    limit, used = addresses(), _words(_STATM)
    return limit - int(used[0]) * resource.getpagesize() if limit is not None and used else None


def must_have_threads(number: int) -> None:
    """Raise RuntimeError where the system gives no so many more: libraries wait without end for one, or end the process."""
    seen = threading.Event()
    threads = [threading.Thread(target=seen.wait, daemon=True) for _ in range(number)]
    try:
        for thread in threads:
            thread.start()
    finally:
        seen.set()
        for thread in threads:
            if thread.ident is not None:
                thread.join()


def must_have_files(number: int) -> None:
    """Raise OSError where the process may not open so many more: a library of charts would say so in its own way, at length."""
    opened = list[int]()
    try:
        for _ in range(number):
            opened.append(os.open(os.devnull, os.O_RDONLY))
    finally:
        for one in opened:
            os.close(one)


def _of_machine(meminfo: Path, *names: str) -> list[int]:
    told = [int(line.split()[1]) * 1024 for line in _lines(meminfo) if line.startswith(names)]
    return [sum(told)] if told else []


def _limits(cgroup: Path) -> Iterator[int]:
    """The process's own limit, and those of the control groups that it is in: of a job, a service, a container."""
    own = addresses()
    if own is not None:
        yield own
    inner = ""
    with suppress(OSError):
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
        inner = next((line[3:] for line in lines if line.startswith("0::")), "")
    for group in (inner, *map(str, Path(inner).parents)):
        for name in ("memory.max", "memory/memory.limit_in_bytes"):
            yield from (int(word) for word in _words(cgroup / group.lstrip("/") / name) if word.isdigit() and int(word))


def _words(path: Path) -> list[str]:
    return " ".join(_lines(path)).split()


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return []
