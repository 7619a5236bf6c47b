"""A job that judges nothing: what has arrived goes home as it came. Workers import it, so it stands in a module of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from audit.engine.spark.kernel import TO_DRIVER
from audit.engine.spark.pieces import Piece


@dataclass(frozen=True)
class Echo:
    def judge(self, arrived: Iterable[Piece]) -> Iterator[Piece]:
        for piece in arrived:
            yield Piece(TO_DRIVER, piece.part, piece.table, piece.rows)
            yield Piece("elsewhere", piece.part, piece.table, b"")
