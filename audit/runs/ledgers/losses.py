"""What the folder of runs held and holds no more: runs whose folders are gone, ledgers that lost entries or were changed.

The list of manifests and that of attempts say what was there. A loss is told by every run until it is mended, or until a
person has said that it is so on purpose (`history accept`).
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from audit.errors import ConfigError
from audit.runs.format import stored
from audit.runs.ledgers import attempts, checkpoints, decisions, seals, suppressions
from audit.runs.ledgers.seals import ACCEPTED, Seal
from audit.runs.timeline import history

# So many runs are named in a sentence.
_NAMED = 12
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Loss:
    """What is missing or was changed, by the names that `accept` takes, in a sentence without its end."""

    names: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True)
class _Ledger:
    """A ledger's entries that can be read, its damage, which is told elsewhere, and what it means that some are gone."""

    name: str
    entries: Callable[[Path], int]
    damage: Callable[[Path], Sequence[str]]
    meaning: str
    is_only_added_to: bool = True


_ATTEMPTS = _Ledger(
    attempts.NAME, lambda out: len(attempts.read(out)), attempts.damage, "a month that failed may be missing from index.html"
)
_LEDGERS = (
    _Ledger(
        suppressions.NAME,
        lambda out: len(suppressions.legible(out)[0]),
        lambda out: suppressions.legible(out)[1],
        "findings that it set aside may count again",
        is_only_added_to=False,
    ),
    _Ledger(
        decisions.NAME,
        lambda out: len(decisions.legible(out)[0]),
        lambda out: decisions.legible(out)[1],
        "findings that it dismissed may count again",
    ),
    _ATTEMPTS,
)


def find(out: Path, but: str = "") -> tuple[Loss, ...]:
    """What the folder of runs or its ledgers have lost; a run named `but` is not missed. OSError comes through."""
    written = seals.read(out)
    ledgers = (loss for ledger in _LEDGERS for loss in _of_ledger(out, ledger, written))
    return (*_runs(out, written, but), *_unlisted(out, written), *ledgers)


def told(out: Path, but: str = "") -> tuple[str, ...]:
    """The same in sentences, with what to do."""
    return tuple(f"{loss.said}. {checkpoints.mend(out, loss.names)}" for loss in find(out, but))


def of_ledger(out: Path, name: str) -> tuple[str, ...]:
    """What one ledger has lost, as `told` says it."""
    found = (loss for ledger in _LEDGERS if ledger.name == name for loss in _of_ledger(out, ledger, seals.read(out)))
    return tuple(f"{loss.said}. {checkpoints.mend(out, loss.names)}" for loss in found)


def accept(out: Path, wanted: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Put on record that what is missing under these names, or all that is, is so on purpose; gives the names.

    Raises ConfigError for a name under which nothing is missing; then nothing is put on record.
    """
    missing = [name for loss in find(out) for name in loss.names]
    names = tuple(dict.fromkeys(wanted)) or tuple(missing)
    for name in names:
        if name not in missing:
            rest = f"Missing or changed: {', '.join(missing)}." if missing else "Nothing else is either."
            raise ConfigError(f"Nothing of the name {name!r} is missing in {out}.", rest)
    for name in names:
        _accept(out, name, now)
    return names


def note_attempts(out: Path, now: datetime) -> None:
    """Put on record what the list of attempts holds, unless it has lost something, which is told until it is accepted."""
    if (out / attempts.NAME).exists() and not attempts.damage(out) and not of_ledger(out, attempts.NAME):
        checkpoints.note(out, attempts.NAME, "run", now, _ATTEMPTS.entries(out))


def _runs(out: Path, written: Sequence[Seal], but: str) -> Iterator[Loss]:
    """Runs that were in their place once: one that came to its end says so, and so does one whose report was rendered anew.

    One that is on the list of manifests alone may have died before it was in its place.
    """
    seen = [(name, _moment(one.at)) for one in attempts.read(out) for name in (one.label, one.kept) if name and _is_name(name)]
    seen += [(seal.label, _moment(seal.at)) for seal in written if seal.by == "report"]
    accepted = {seal.label: _moment(seal.at) for seal in written if seal.by == ACCEPTED}
    once = {name for name, at in seen if at > accepted.get(name, _NEVER)}
    gone = sorted(name for name in once if name != but and not _is_there(out / name))
    if len(gone) == 1:
        yield Loss((gone[0],), f"The run of {gone[0]} is in the list of runs, and its folder is gone")
    elif gone:
        yield Loss(tuple(gone), f"{len(gone)} runs are in the list of runs, and their folders are gone: {_named(gone)}")


def _unlisted(out: Path, written: Sequence[Seal]) -> Iterator[Loss]:
    listed = {seal.label for seal in written}
    absent = sorted(run.label for run in history.known(out) if run.label not in listed)
    if absent:
        said = f"{seals.NAME} does not list {_named(absent)}, so nothing tells whether what lies there was changed"
        yield Loss((seals.NAME,), said)


def _of_ledger(out: Path, ledger: _Ledger, written: Sequence[Seal]) -> Iterator[Loss]:
    if ledger.damage(out):
        return
    said = checkpoints.fault(out, ledger.name, ledger.entries(out), written)
    if said:
        yield Loss((ledger.name,), f"{said}: {ledger.meaning}")


def _accept(out: Path, name: str, now: datetime) -> None:
    ledger = next((one for one in _LEDGERS if one.name == name), None)
    if ledger:
        checkpoints.note(out, name, ACCEPTED, now, ledger.entries(out), ledger.is_only_added_to)
    elif name == seals.NAME:
        listed = {seal.label for seal in seals.read(out)}
        for run in history.known(out):
            if run.label not in listed:
                seals.note(out, run.label, run.folder, ACCEPTED, now)
    else:
        seals.note_gone(out, name, now)


def _named(labels: Sequence[str]) -> str:
    more = f" and {len(labels) - _NAMED} more" if len(labels) > _NAMED else ""
    return ", ".join(labels[:_NAMED]) + more


def _is_name(text: str) -> bool:
    return text == Path(text).name and text.isprintable()


def _is_there(folder: Path) -> bool:
    """Whether a run is in its folder, damaged perhaps, or the folder is closed to this user: both are told elsewhere."""
    marked = any(os.path.lexists(folder / name) for name in (stored.NAME, history.FINDINGS))
    return marked or (folder.is_dir() and not os.access(folder, os.R_OK | os.X_OK))


def _moment(at: str) -> datetime:
    """A time of a list; one that is none was before everything."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return _NEVER
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
