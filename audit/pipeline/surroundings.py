"""What a run needs of the machine, looked at before it begins: room on the disk, memory, and a clock that can be right."""

import os
import resource
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from audit.config import Config, memory_bytes
from audit.errors import AuditError, ConfigError

# What a run leaves of an export of nothing: report, workbook, data files, and the drafts of them.
_LEAST_ROOM = 8 << 20
# DuckDB takes this share of the memory where no limit is set.
_SHARE = 0.8
_CGROUPS = Path("/sys/fs/cgroup")
_CGROUP_FILES = ("memory.max", "memory/memory.limit_in_bytes")
_MEMORY_INFO = Path("/proc/meminfo")


def check_machine(config: Config, sources: Sequence[Path]) -> None:
    """Raise AuditError where the disk of the runs cannot hold this one, ConfigError where its memory is not there."""
    has, may = memory_of_job(), memory_bytes(config.memory_limit) if config.memory_limit else None
    if has is not None and may is not None and may > has:
        raise ConfigError(
            f"memory_limit {config.memory_limit} is more than the {_megabytes(has)} that this job has.",
            "The system would end the run without a word. Set less: what memory does not hold is written to disk.",
        )
    check_room(config.out, sources, may or (int(has * _SHARE) if has is not None else None))


def check_room(out: Path, sources: Sequence[Path], memory: int | None = None) -> None:
    """Raise AuditError where the disk of `out` has not even room for what a run of these sources writes in any case.

    That is what archives unpack to, a tenth of the text for findings and lines, and, of what `memory` (bytes) does not
    hold, a quarter, for it is compressed. What the findings take besides cannot be known before.
    """
    free = shutil.disk_usage(out).free
    packed = sum(filter(None, map(_unpacked_size, sources)))
    whole = sum(_unpacked_size(source) or source.stat().st_size for source in sources)
    spilled = max(0, whole - memory) // 4 if memory is not None else 0
    needed = _LEAST_ROOM + packed + whole // 10 + spilled
    if free < needed:
        raise AuditError(
            f"The disk is full: {_megabytes(free)} are free for {out}, and this run needs {_megabytes(needed)} at least.",
            "Free some space, or name a folder on another disk with --out.",
        )


def memory_of_job() -> int | None:
    """Bytes of memory that this process may have: the machine's, or less where its limits say so; None where none tells."""
    told = [resource.getrlimit(resource.RLIMIT_AS)[0], *_of_machine(), *_of_cgroups()]
    known = [one for one in told if one not in (0, resource.RLIM_INFINITY)]
    return min(known) if known else None


def oddity_of_clock(today: date, last_service_date: date) -> list[str]:
    """What is to be said of a clock that cannot be right, for suppressions end and periods are chosen by it."""
    if today >= last_service_date:
        return []
    said = f"The clock of this machine says {today}, and the export holds services up to {last_service_date}"
    return [f"{said}: set it, for suppressions end by it."]


def _unpacked_size(source: Path) -> int:
    """Bytes of what an archive holds, 0 of a file that is none, or of one that is damaged: the reader tells of that."""
    name = source.name.lower()
    with suppress(OSError, zipfile.BadZipFile, NotImplementedError):
        if name.endswith(".zip"):
            with zipfile.ZipFile(source) as archive:
                return sum(entry.file_size for entry in archive.infolist())
        if name.endswith(".gz"):
            return _gzip_size(source)
    return 0


def _gzip_size(source: Path) -> int:
    """What a gzip file says of its content, in its last four bytes; of one beyond 4 GB, too little."""
    with source.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return 0
        file.seek(-4, os.SEEK_END)
        return int.from_bytes(file.read(4), "little")


def _of_machine() -> Iterator[int]:
    """Memory and swap together."""
    with suppress(OSError, ValueError, IndexError):
        lines = [line.split() for line in _MEMORY_INFO.read_text(encoding="ascii").splitlines()]
        yield sum(int(line[1]) for line in lines if line[0] in ("MemTotal:", "SwapTotal:")) * 1024


def _of_cgroups() -> Iterator[int]:
    """The limits of the control groups that this process is in, from the innermost out: of a service, of a container."""
    inner = ""
    with suppress(OSError):
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
        inner = next((line[3:] for line in lines if line.startswith("0::")), "")
    for group in (inner, *map(str, Path(inner).parents)):
        for name in _CGROUP_FILES:
            with suppress(OSError, ValueError):
                yield int((_CGROUPS / group.lstrip("/") / name).read_text(encoding="ascii"))


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
