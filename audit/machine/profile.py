"""Where the time of a run goes: CPU seconds of all threads and seconds on the clock, part by part.

Off unless somebody profiles: a part then costs nothing. Parts of one kind never overlap; rules stand within their stage.
"""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["stage", "rule", "output"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a run, its seconds of CPU (user and system) and on the clock."""

    kind: Kind
    name: str
    cpu: float
    wall: float


@dataclass(slots=True)
class Profile:
    """The parts in the order in which they ended."""

    parts: list[Part] = field(default_factory=list)

    def of(self, kind: Kind) -> list[Part]:
        """The parts of one kind; rules and outputs the dearest first."""
        parts = [part for part in self.parts if part.kind == kind]
        return parts if kind == "stage" else sorted(parts, key=lambda part: -part.cpu)


_current: ContextVar[Profile | None] = ContextVar("profile", default=None)


@contextmanager
def profiled() -> Iterator[Profile]:
    """Note the parts of all that runs within the block."""
    noted = Profile()
    token = _current.set(noted)
    try:
        yield noted
    finally:
        _current.reset(token)


@contextmanager
def part(kind: Kind, name: str) -> Iterator[None]:
    """One part of a run; one that fails is not noted."""
    noted = _current.get()
    if noted is None:
        yield
        return
    cpu, wall = time.process_time(), time.perf_counter()
    yield
    noted.parts.append(Part(kind, name, time.process_time() - cpu, time.perf_counter() - wall))


def peak_megabytes() -> float:
    """The most memory that the process has had resident, in megabytes of 10^6 bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def told(noted: Profile, names: dict[Kind, str] | None = None) -> Iterator[str]:
    """The profile as lines of text."""
    headings: dict[Kind, str] = names or {"stage": "Stages", "rule": "Rules", "output": "Files"}
    whole = sum(part.cpu for part in noted.of("stage")) or 1.0
    for kind, heading in headings.items():
        parts = noted.of(kind)
        if parts:
            yield f"{heading:<32}{'CPU s':>9}{'clock s':>9}{'share':>8}"
            yield from (f"  {one.name:<30}{one.cpu:>9.2f}{one.wall:>9.2f}{one.cpu / whole:>8.1%}" for one in parts)
    yield f"Most memory resident: {peak_megabytes():,.0f} MB"
