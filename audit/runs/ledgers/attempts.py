"""attempts.jsonl beside the runs: when a run was tried, for which period, and what came of it, a line each.

What the folder of runs does not show by itself is told from it: a month that failed, and why.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from audit.errors import ExitCode
from audit.files import lines

NAME = "attempts.jsonl"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of `run`: at what time (with its zone), for which period if one was asked for, and its exit code.

    `label` is the run's folder, None where none came of it; `said` then is what was told of it. `kept` is the folder in which
    the run that it took the place of is kept, if one is.
    """

    at: str
    period: str | None
    code: int
    label: str | None
    said: str
    kept: str | None = None


def note(
    out: Path, at: datetime, period: str | None, code: int, label: str | None, said: str = "", kept: str | None = None
) -> None:
    """Add an attempt, where there is a folder of runs; that it cannot be noted costs no run."""
    if out.is_dir():
        with suppress(OSError):
            entry = Attempt(f"{at.astimezone():%Y-%m-%dT%H:%M:%S%z}", period, code, label, said, kept)
            lines.add(out / NAME, asdict(entry))


def read(out: Path) -> tuple[Attempt, ...]:
    """What the list holds, oldest first; lines that cannot be read are passed over (`damage` names them)."""
    return lines.read(out / NAME, Attempt)


def damage(out: Path) -> tuple[str, ...]:
    """What of the list cannot be read, in a sentence; a failure may be missing from what `failed_since` tells then."""
    return lines.damage(out / NAME, Attempt)


def failed_since(out: Path, labels: Iterable[str]) -> tuple[Attempt, ...]:
    """The last attempt of each period that gave no run, unless a run of that name came of a later one. Oldest first.

    One that was refused (ExitCode.USAGE) while the period's run stood there is nobody's loss.
    """
    last: dict[str | None, Attempt] = {}
    for attempt in read(out):
        last.pop(attempt.period, None)
        last[attempt.period] = attempt
    held = set(labels)
    lost = (one for one in last.values() if one.label is None or one.label not in held)
    return tuple(one for one in lost if one.code != ExitCode.USAGE or one.period not in held)
