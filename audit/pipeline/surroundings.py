"""What a run needs of the machine, looked at before it begins: room on the disk, memory, and a clock that can be right."""

import os
import shutil
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from audit import intake
from audit.errors import AuditError, ConfigError
from audit.files.packed import open_zip
from audit.machine import capacity
from audit.settings.config import Config, bytes_of

# What a run leaves of an export of nothing: report, workbook, data files, and the drafts of them.
_LEAST_ROOM = 8 << 20
# DuckDB takes this share of the memory where no limit is set.
_SHARE = 0.8


def check_machine(config: Config, sources: Sequence[Path]) -> None:
    """Raise AuditError where the disk of the runs cannot hold this one, ConfigError where its memory is not there."""
    has, may = capacity.memory_and_swap(), bytes_of(config.memory_limit) if config.memory_limit else None
    if has is not None and may is not None and may > has:
        raise ConfigError(
            f"memory_limit {config.memory_limit} is more than the {_megabytes(has)} that this job has.",
            "The system would end the run without a word. Set less: what memory does not hold is written to disk.",
        )
    check_room(config.out, sources, may or (int(has * _SHARE) if has is not None else None))


def check_room(out: Path, sources: Sequence[Path], memory: int | None = None) -> None:
    """Raise AuditError where the disk of `out` has not even room for what a run of these sources writes in any case.

    InputError where one of them is gone.

    That is what archives unpack to, a tenth of the text for findings and lines, and, of what `memory` (bytes) does not
    hold, a quarter, for it is compressed. What the findings take besides cannot be known before.
    """
    free = shutil.disk_usage(out).free
    with intake.present(sources):
        packed = sum(filter(None, map(_unpacked_size, sources)))
        whole = sum(_unpacked_size(source) or source.stat().st_size for source in sources)
    spilled = max(0, whole - memory) // 4 if memory is not None else 0
    needed = _LEAST_ROOM + packed + whole // 10 + spilled
    if free < needed:
        raise AuditError(
            f"The disk is full: {_megabytes(free)} are free for {out}, and this run needs {_megabytes(needed)} at least.",
            "Free some space, or name a folder on another disk with --out.",
        )


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
            with open_zip(source) as archive:
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


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
