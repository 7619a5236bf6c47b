"""Kills a process at every step of writing a ledger beside the runs, and tells what is left: driven by test_ledgers_killed.

    python -m tests.runs.ledgers.kills_of_ledgers FOLDER

Decisions are imported, findings set aside and taken back, attempts and manifests noted, the page over all runs written. Each
child is killed before one more of the calls that change the disk; then the ledger must be what it was or what it was to be,
and the same act must come to its end.
"""

import hashlib
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from audit.pipeline import run_index
from audit.runs.ledgers import attempts, decisions, losses, seals, suppressions
from audit.runs.ledgers.decisions import Decision
from audit.runs.timeline import history
from tests.report.fixture import make_run
from tests.runs.folder.kills import killed_at

_NOW, _UNTIL = datetime(2026, 1, 5, 6, tzinfo=UTC), date(2999, 1, 1)


@dataclass(frozen=True)
class Act:
    """Something that writes a ledger, and what of the ledger a reader sees."""

    name: str
    write: Callable[[Path], object]
    seen: Callable[[Path], object]


def _decide(out: Path) -> None:
    ids = _ids(out)
    made = [
        Decision(finding_id=one, decision="dismiss", reviewer="AB", decided_on=date(2026, 1, 5), note="chart " * 40)
        for one in ids[:50]
    ]
    known = decisions.known_among(history.look(out).runs, ids)
    decisions.add(out, made, known, Path("decided.csv"), hashlib.sha256(b"decided").hexdigest(), _NOW)


def _set_aside(out: Path) -> None:
    suppressions.suppress(out, _ids(out)[3], "settled", _UNTIL, "AB", _NOW.date())


def _take_back(out: Path) -> None:
    suppressions.lift(out, _ids(out)[0])


def _ids(out: Path) -> list[str]:
    return sorted(history.finding_ids(history.look(out).runs[-1]))


ACTS = (
    Act("decisions", _decide, lambda out: [one.what.finding_id for one in decisions.read(out)]),
    Act("suppress", _set_aside, lambda out: [suppressions.what(one) for one in suppressions.suppressions(out)]),
    Act("lift", _take_back, lambda out: [suppressions.what(one) for one in suppressions.suppressions(out)]),
    Act("manifests", lambda out: seals.note(out, "2025-11", out / "2025-11", "run", _NOW), seals.read),
    Act(
        "attempts",
        lambda out: attempts.note(out, _NOW, "2025-12", 3, None, "no export"),
        lambda out: attempts.failed_since(out, ()),
    ),
    Act("index", lambda out: run_index.write(out, ()), lambda out: (out / run_index.NAME).read_bytes()),
)


def _begin(home: Path) -> Path:
    """A folder of runs with one entry in each ledger."""
    out = home / "out"
    make_run(out / "2025-11")
    suppressions.suppress(out, _ids(out)[0], "settled", _UNTIL, "AB", _NOW.date())
    seals.note(out, "2025-11", out / "2025-11", "run", _NOW)
    attempts.note(out, _NOW, "2025-10", 3, None, "no export")
    (out / run_index.NAME).write_text("old", encoding="utf-8")
    return out


def faults(home: Path, act: Act) -> tuple[int, list[str]]:
    """Kill the act at each of its steps; gives the number of kills, and what was wrong after each."""
    before = Path(shutil.copytree(home / "out", home / "before"))
    was = act.seen(before)
    act.write(before)
    shall_be, wrong = act.seen(before), []
    for fatal in range(200):
        out = Path(shutil.copytree(home / "out", home / str(fatal)))
        code = killed_at(fatal, lambda out=out: act.write(out))  # type: ignore[misc]
        now = act.seen(out)
        if now not in (was, shall_be):
            wrong.append(f"{act.name}, call {fatal}: the ledger is neither what it was nor what it was to be")
        wrong += [f"{act.name}, call {fatal}: {loss.said}" for loss in losses.find(out)]
        if now != shall_be or act.name not in ("manifests", "lift"):
            act.write(out)
            if act.seen(out) != shall_be:
                wrong.append(f"{act.name}, call {fatal}: done once more it is another")
        shutil.rmtree(out)
        if code == 0:
            shutil.rmtree(before)
            return fatal, wrong
    return 200, [*wrong, f"{act.name} never came to its end"]


def main() -> int:
    """Kill each act at each call; 0 where nothing was ever lost."""
    home = Path(sys.argv[1])
    _begin(home)
    tries, wrong = 0, []
    for act in ACTS:
        kills, found = faults(home, act)
        tries += kills
        wrong += found if kills else [*found, f"{act.name} was never killed"]
        print(f"{act.name}: {kills} kills", flush=True)
    print(f"{tries} kills")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
