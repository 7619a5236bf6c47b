"""A finished run takes its place among the others, and a start puts right what one that died had begun.

Before two folders change places, what is meant stands in a note on the disk. Whatever dies when, each month is there: under
its name, or to be put there by the next start, which holds the folder's lock as a run does (run_folder.py).
"""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from audit.errors import InputError
from audit.files.door import read_whole, sync_folder, write_text
from audit.files.exchange import exchanged
from audit.runs.format import stored
from audit.runs.timeline.history import SUPERSEDED

NOTE = ".publishing.json"
# A finished run on its way; then the run that it takes the place of.
STAGED = ".publishing"
LATEST = "latest"
PARTIAL = ".partial-"
# The finished run's folder within its scratch folder.
RUN = "run"
_DAY = 86_400


@dataclass(frozen=True)
class _Intent:
    """What the note says: the finished run whose manifest has this SHA-256 goes to `label`."""

    label: str
    manifest: str


def put(folder: Path, target: Path) -> Path | None:
    """Move a finished run to its place; gives where the run that stood there is now. OSError comes through.

    After an error each run is still somewhere in the folder of runs, and the next start puts them right.
    """
    for made in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        sync_folder(made)
    out, staged = target.parent, target.with_name(STAGED)
    if not os.path.lexists(target):
        folder.rename(target)
        sync_folder(out)
        return None
    # Out of the scratch folder, which is removed whatever happens: the old run will lie under this name for a moment.
    folder.rename(staged)
    try:
        meant = _Intent(target.name, stored.sha256_of(staged / stored.NAME))
        write_text(out / NOTE, json.dumps(asdict(meant)) + "\n")
    except OSError:
        staged.rename(folder)
        raise
    aside = _free_name(target)
    if exchanged(staged, target):
        sync_folder(out)
        staged.rename(aside)
    else:
        target.rename(aside)
        sync_folder(out)
        staged.rename(target)
    _forget(out)
    return aside


def recover(out: Path) -> tuple[str, ...]:
    """Finish what a run that died had begun, and remove the rest of it; gives what was done, a sentence each.

    Who calls holds the folder's lock.
    """
    done = _finish(out) if (out / NOTE).exists() and (out / STAGED).exists() else ""
    _forget(out)
    for leftover in (out / STAGED, *out.glob(f"{PARTIAL}*")):
        shutil.rmtree(leftover, ignore_errors=True)
    for draft in (*out.glob(f".{NOTE}.*.part"), *out.glob(f".{LATEST}.*"), *_forsaken(out)):
        draft.unlink(missing_ok=True)
    return (done,) if done else ()


def _forsaken(out: Path) -> Iterator[Path]:
    """Drafts of ledgers and pages whose writer died: younger ones may be those of a command that is at work."""
    for draft in out.glob(".*.part"):
        with suppress(OSError):
            if time.time() - draft.stat().st_mtime > _DAY:
                yield draft


def point_latest(target: Path) -> None:
    """Let `latest` beside the runs lead to this one, unless it is somebody's own file or folder, or links cannot be made."""
    link = target.with_name(LATEST)
    if os.path.lexists(link) and not link.is_symlink():
        return
    draft = link.with_name(f".{LATEST}.{os.urandom(6).hex()}")
    with suppress(OSError):
        draft.symlink_to(target.name, target_is_directory=True)
        draft.replace(link)
        sync_folder(link.parent)


def _finish(out: Path) -> str:
    """What became of what lies between two places: "" where nothing had begun, and it is swept like any run that died."""
    staged, meant = out / STAGED, _read(out)
    try:
        target = out / (meant.label if meant else stored.read(staged).run.label)
    except InputError:
        return ""
    if not os.path.lexists(target):
        staged.rename(target)
        sync_folder(out)
        return f"{target.name} had been finished by a run that died before it was in its place; it is there now."
    if meant and not _is(target, meant.manifest):
        return ""
    aside = _free_name(target)
    staged.rename(aside)
    sync_folder(out)
    return f"An earlier run of {target.name} lay where a run that died had left it; it is kept as {aside.name}."


def _is(folder: Path, manifest: str) -> bool:
    """Whether the folder holds the run of that manifest. One that cannot be read is taken for it: then nothing is swept."""
    try:
        return stored.sha256_of(folder / stored.NAME) == manifest
    except OSError:
        return True


def _read(out: Path) -> _Intent | None:
    """The note; None where it is damaged."""
    try:
        meant = msgspec.json.decode(read_whole(out / NOTE), type=_Intent)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return meant if meant.label == Path(meant.label).name else None


def _forget(out: Path) -> None:
    sync_folder(out)
    (out / NOTE).unlink(missing_ok=True)
    sync_folder(out)


def _free_name(target: Path) -> Path:
    number = 1
    while os.path.lexists(candidate := target.with_name(f"{target.name}{SUPERSEDED}{number}")):
        number += 1
    return candidate
