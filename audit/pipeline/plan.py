"""What a run of some exports will need of this machine, told from their size and columns before anything is read.

The figures come from runs that were measured (measured.toml, from benchmarks/), scaled by how fast this machine is at one
query that was timed there too. They are estimates: an export with more findings, or with notes that are
all different, takes longer.
"""

import shutil
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from audit import intake
from audit.engine.speed import seconds_of_yardstick
from audit.machine import capacity
from audit.settings.config import Config, bytes_of

# Of a text file so much is read to see how long its lines are; packed text and workbooks are about so much smaller.
_SAMPLE = 1 << 20
_PACKED = {".gz": 9.0, ".zip": 9.0, ".xlsx": 4.0, ".xlsb": 5.0}
_LINE_OF_UNKNOWN_LENGTH = 300  # bytes


@dataclass(frozen=True, slots=True)
class Size:
    """What a file holds: its bytes, its lines, whether these were counted or are estimated, and whether it has notes."""

    path: Path
    size: int
    lines: int
    is_counted: bool
    has_notes: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will need: seconds of CPU over all threads and on the clock, and bytes of memory and of disk.

    `memory` is what it would take without a limit, `limit` what it may take, `spill` what it then writes to disk.
    """

    files: tuple[Size, ...]
    cpu: float
    wall: float
    processors: int
    memory: int
    limit: int | None
    spill: int
    spill_folder: Path
    free: int

    @property
    def lines(self) -> int:
        """Lines of all files."""
        return sum(file.lines for file in self.files)

    @property
    def fits(self) -> bool:
        """Whether the disk has room for what is spilled."""
        return self.spill < self.free


@cache
def measured() -> Mapping[str, Any]:
    """The figures of the runs that were measured."""
    return tomllib.loads(Path(__file__).with_name("measured.toml").read_text(encoding="utf-8"))


def plan(config: Config) -> Plan:
    """What a run of the config's sources will need here. Raises AuditError where there are none."""
    sources = intake.find_sources(config.sources)
    with intake.present(sources):
        files = tuple(map(size_of, sources))
    figures = measured()
    cpu = figures["seconds_at_least"] + sum(_seconds(file, figures) for file in files)
    cpu *= seconds_of_yardstick() / figures["yardstick_seconds"]
    processors = min(config.threads or capacity.processors(), capacity.processors())
    share = figures["share_in_parallel"]  # Amdahl: what one thread alone must do stays as it is
    needed = int(1e6 * (figures["megabytes_at_least"] + figures["megabytes_a_million"] * sum(f.lines for f in files) / 1e6))
    held = capacity.memory()
    limit = bytes_of(config.memory_limit) if config.memory_limit else held and held * 4 // 5
    spill = 0 if limit is None or needed <= limit else int(figures["spilled_of_excess"] * (needed - limit))
    folder = config.spill_dir or config.out
    return Plan(
        files,
        cpu,
        cpu * (1 - share + share / processors),
        processors,
        needed,
        limit,
        spill,
        folder,
        shutil.disk_usage(_there(folder)).free,
    )


def _seconds(file: Size, figures: Mapping[str, Any]) -> float:
    kind = "parquet" if file.is_counted else "csv"
    of_notes = 0.0 if file.has_notes else figures["seconds_a_million"]["notes"]
    return max(0.0, float(figures["seconds_a_million"][kind] - of_notes)) * file.lines / 1e6


def _there(folder: Path) -> Path:
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())


def size_of(path: Path) -> Size:
    """How many lines a file holds: Parquet says it, of text it follows from the length of the first lines."""
    size = path.stat().st_size
    if path.suffix.lower() in (".parquet", ".pq"):
        try:
            found = pq.read_metadata(path)
            return Size(path, size, found.num_rows, True, _has_notes(found.schema.names))
        except (OSError, ValueError):  # a run will say what is wrong with it
            return Size(path, size, size // _LINE_OF_UNKNOWN_LENGTH, False, True)
    packed = _PACKED.get(path.suffix.lower())
    if packed:
        return Size(path, size, int(size * packed) // _LINE_OF_UNKNOWN_LENGTH, False, True)
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    breaks = head.count(b"\n") or 1
    lines = breaks if len(head) == size else int(size / len(head) * breaks)
    return Size(path, size, max(0, lines - 1), False, _has_notes([head.partition(b"\n")[0].decode("utf-8", "replace")]))


def _has_notes(headers: Sequence[str]) -> bool:
    return any("note" in header.lower() for header in headers)
