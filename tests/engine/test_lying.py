"""Of a part that is judged again while its pieces go home, the pieces of one judging alone are given, and given once."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from audit.engine.spark import lying
from audit.engine.spark.java import Java
from audit.engine.spark.lying import Held, SparkPieces
from audit.engine.spark.pieces import Piece
from audit.engine.spark.watch import silent
from audit.errors import AuditError
from tests.engine.spark_here import quiet, spark

pytestmark = [spark, *quiet]

Brought = tuple[tuple[int, str], Piece]


@dataclass(frozen=True)
class Scripted(SparkPieces):
    """Pieces of which each time that they are asked for something else comes."""

    script: Iterator[list[Brought]] = field(default_factory=lambda: iter(()))

    def _brought(self, addresses: Collection[str], held: Sequence[Held]) -> Iterator[Brought]:
        return iter(next(self.script))


def piece(place: int, judging: str, name: str) -> Brought:
    return (place, judging), Piece("driver", 0, name, b"")


def held(*pieces: tuple[int, str, int]) -> list[Held]:
    return [Held("driver", place, judging, 0, 0) for place, judging, count in pieces for _ in range(count)]


def gathered(monkeypatch: pytest.MonkeyPatch, first: list[Held], then: list[list[Held]], *script: list[Brought]) -> list[str]:
    later = iter(then)
    monkeypatch.setattr(lying, "_looked_over", lambda _: (next(later), []))
    frame: Any = None
    return [one.table for one in Scripted(frame, first, 2, Java(), silent, iter(script)).gathered(("driver",))]


def test_a_part_lost_between_two_pieces_is_given_as_it_was_judged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    came = gathered(
        monkeypatch,
        held((0, "a", 2), (1, "b", 2)),
        [held((0, "a", 2), (1, "c", 3))],
        [piece(0, "a", "a1"), piece(0, "a", "a2"), piece(1, "b", "b1"), piece(1, "c", "c2"), piece(1, "c", "c3")],
        [piece(1, "c", "c1"), piece(1, "c", "c2"), piece(1, "c", "c3")],
    )
    assert came == ["a1", "a2", "c1", "c2", "c3"]


def test_what_is_judged_anew_each_time_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AuditError, match="Workers were lost again and again"):
        gathered(monkeypatch, held((0, "a", 1)), [held((0, "a", 1))] * 9, *[[piece(0, "b", "b1")]] * 9)


def test_pieces_for_others_are_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    others = [Held("elsewhere", 0, "a", 0, 0), *held((0, "a", 1))]
    assert gathered(monkeypatch, others, [], [piece(0, "a", "a1")]) == ["a1"]
