"""What a run needs of the machine, looked at before it begins: room on the disk, and a clock that can be right."""

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from audit.errors import AuditError

# What a run leaves of an export of nothing: report, workbook, data files, and the drafts of them.
_LEAST_ROOM = 8 << 20


def check_room(out: Path, sources: Sequence[Path]) -> None:
    """Raise AuditError where the disk of `out` has not even room for what every run writes.

    What the findings take cannot be known before; that a tenth of the export be free is asked for them.
    """
    free = shutil.disk_usage(out).free
    needed = _LEAST_ROOM + sum(source.stat().st_size for source in sources) // 10
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


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
