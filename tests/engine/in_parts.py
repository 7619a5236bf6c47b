"""The engine over parts without Spark: each part judged in this process, one after the other, in a DuckDB of its own."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from audit.engine.duckdb_session import open_session
from audit.engine.spark.kernel import Job
from audit.engine.spark.parted import PartedSession
from audit.engine.spark.pieces import Piece
from audit.settings.config import Config


@dataclass(frozen=True)
class Here:
    """Pieces that lie in this process."""

    pieces: tuple[Piece, ...]

    def judged(self, address: str, job: Job) -> "Here":
        parts: dict[int, list[Piece]] = defaultdict(list)
        for piece in self.pieces:
            if piece.address == address:
                parts[piece.part].append(piece)
        return Here(tuple(piece for part in sorted(parts) for piece in job.judge(parts[part])))

    def gathered(self, addresses: Sequence[str]) -> Iterator[Piece]:
        return (piece for piece in self.pieces if piece.address in addresses)


@dataclass(frozen=True)
class InProcess:
    """A cluster that is this process, of so many parts."""

    parts: int
    master: str = "this process"

    def spread(self, rows: Iterable[Piece], parts: int) -> Here:
        return Here(tuple(rows))

    def parts_of(self, lines: int) -> int:
        return self.parts


@contextmanager
def open_parted(config: Config, spill: Path, parts: int = 3) -> Iterator[PartedSession]:
    with open_session(config, spill) as driver:
        yield PartedSession(driver, InProcess(parts))
