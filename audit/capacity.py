"""What of the machine a process may use: processors and memory, as far as its cgroup (a container, a batch job) lets it."""

import os
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")
_MEMINFO = Path("/proc/meminfo")


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
    """Bytes of memory that the process may have: the machine's, or its cgroup's where that is less; None: not known."""
    total = [int(line.split()[1]) * 1024 for line in _lines(meminfo) if line.startswith("MemTotal:")]
    limits = [
        int(word) for name in ("memory.max", "memory/memory.limit_in_bytes") for word in _words(cgroup / name) if word.isdigit()
    ]
    return min((*total, *limits), default=None)


def _words(path: Path) -> list[str]:
    return " ".join(_lines(path)).split()


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return []
