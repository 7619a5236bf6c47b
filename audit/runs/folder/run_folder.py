"""A run's folder: built out of sight, shown whole in one step, or not at all.

One run at a time works in a folder of runs: it holds the folder's lock from its first step to its last. Files are readable
by their owner only. A run that took its name before is replaced if it is the same run, a draft, and nobody has touched its files;
else it is kept beside the new one, so that nothing a person wrote into it is lost.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

from audit.errors import AuditError, ConfigError, InputError
from audit.files.door import make_folder, scratch_folder
from audit.files.lock import alone, writing
from audit.machine import interrupts
from audit.machine.troubles import pass_on, trouble
from audit.runs.folder import publishing
from audit.runs.format import stored
from audit.runs.ledgers import attempts, seals
from audit.runs.timeline import history

LOCK = ".lock"
# What is written by one at a time where a run takes its place, and where the report of one that has it is rendered anew.
_PLACES = "runs"
_LEDGERS = (seals.NAME, attempts.NAME)
_ASIDE = ".set-aside-"


@dataclass(frozen=True)
class Workshop:
    """Where a run is built: a private folder beside the runs; and what a start had to put right there, in sentences."""

    folder: Path
    recovered: tuple[str, ...]
    is_held: Callable[[], bool]

    def must_stand(self) -> None:
        """Raise AuditError where the folder of runs is not the one that the run began in: it would be lost in another."""
        if not self.is_held() or not self.folder.exists():
            raise AuditError(
                f"The folder {self.folder.parent}, or what the run had in it, was removed, or its disk taken away, while the run "
                "worked.",
                "Run again.",
            )

    @property
    def run(self) -> Path:
        """The folder that becomes the run's own."""
        return self.folder / publishing.RUN


@contextmanager
def under_construction(out: Path) -> Iterator[Workshop]:
    """A fresh workshop, this run's alone; whatever happens, it is gone when the block ends.

    Raises ConfigError where another run is at work in the folder, or nothing can be written there; AuditError, whatever the
    block failed of, where the folder or the workshop was taken away meanwhile.
    """
    with ExitStack() as until_done:
        try:
            str(out.absolute()).encode()
            make_folder(out)
            moved = tuple(_moved_away(out))
            is_held = until_done.enter_context(alone(out / LOCK, f"the folder {out}"))
            _must_be_open(out)
            recovered = (*moved, *publishing.recover(out))
            folder = until_done.enter_context(scratch_folder(out, publishing.PARTIAL))
        except OSError as error:
            found = trouble(error)
            if found and found.decides:
                raise
            raise ConfigError(
                f"Nothing can be written into {out}: {error.strerror}.", "Name another folder with --out."
            ) from error
        except UnicodeEncodeError as error:
            raise ConfigError("The name of the folder of runs is not UTF-8.", "Name another folder with --out.") from error
        workshop = Workshop(folder, recovered, is_held)
        try:
            yield workshop
        except Exception as error:
            interrupts.check()
            pass_on(error)
            # Whatever it failed of: what the run had written is gone.
            workshop.must_stand()
            raise


def undisturbed(run: Path) -> AbstractContextManager[None]:
    """While the block runs no run takes the place of this one, and nobody else renders it; waits until that can be.

    A run that was copied out of its folder of runs is in nobody's way.
    """
    out = run.resolve().parent
    return writing(out / _PLACES) if (out / LOCK).exists() else nullcontext()


def _moved_away(out: Path) -> Iterator[str]:
    """Move away what cannot be the lock or the list that it is named like (a folder, a pipe, a link to nowhere), and say so."""
    for name in (LOCK, f".{_PLACES}.lock", *(part for ledger in _LEDGERS for part in (ledger, f".{ledger}.lock"))):
        path = out / name
        if not os.path.lexists(path) or path.is_file():
            continue
        aside = next(one for number in count(1) if not os.path.lexists(one := out / f"{name}{_ASIDE}{number}"))
        path.rename(aside)
        yield f"{name} in {out} was no plain file; it is kept as {aside.name}, and begun again."


def _must_be_open(out: Path) -> None:
    """Raise ConfigError before the run begins where what it has to write at its end is another user's."""
    for name in (f".{_PLACES}.lock", seals.NAME, f".{seals.NAME}.lock"):
        if os.path.lexists(out / name) and not os.access(out / name, os.R_OK | os.W_OK):
            raise ConfigError(
                f"{out / name} may not be written by this user.",
                "Give it to the user whom runs belong to (chown), or name another folder with --out.",
            )


def publish(folder: Path, target: Path) -> tuple[Path, Path | None]:
    """Move the finished folder to its place. Returns it, and where an earlier run of that name was kept if it was.

    Until then a signal stops the run; from then on none does. Raises AuditError if the file system refuses.
    """
    try:
        with writing(target.with_name(_PLACES)):
            return target, _publish(folder, target)
    except OSError as error:
        raise AuditError(f"The run could not be put at {target}: {error.strerror}.") from error


def _publish(folder: Path, target: Path) -> Path | None:
    with interrupts.held():
        interrupts.check()
        aside = publishing.put(folder, target)
        interrupts.done()
    if aside is not None and _is_same_untouched(aside, target):
        _discard(aside, folder.parent)
        aside = None
    publishing.point_latest(_latest(target))
    return aside


def _latest(put: Path) -> Path:
    """The run that `latest` leads to: the one put last, unless another's services end later."""
    ends = {run.folder: run.last_service_date for run in history.known(put.parent)}
    last = max(ends, key=lambda folder: ends[folder], default=put)
    return last if ends.get(last, date.min) > ends.get(put, date.max) else put


def _discard(old: Path, scratch: Path) -> None:
    """Take an old run out of sight whole before it is removed piece by piece: a half of one would look like one kept."""
    try:
        old.rename(scratch / "old")
    except OSError:
        return
    shutil.rmtree(scratch / "old", ignore_errors=True)


def _is_same_untouched(old: Path, new: Path) -> bool:
    """Whether both folders hold the same run, no final one, and every file of the old one is as its manifest says."""
    try:
        before, after = (stored.read(folder) for folder in (old, new))
        listed = {entry.file: entry.sha256 for entry in before.outputs}
        present = {str(path.relative_to(old)) for path in old.rglob("*") if path.is_file()}
        return (
            before.run.id == after.run.id
            and not before.run.final
            and present <= {stored.NAME, *listed}
            and all(stored.sha256_of(old / name) == sha256 for name, sha256 in listed.items())
        )
    except (OSError, InputError):
        return False
