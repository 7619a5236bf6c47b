"""A run's folder: built out of sight, shown whole by one rename, or not at all.

Files are readable by their owner only. A run that took its name before is replaced if it is the same run and nobody has
touched its files; else it is kept beside the new one, so that nothing a person wrote into it is lost.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from audit import interrupts
from audit.errors import AuditError, ConfigError, InputError
from audit.files.door import make_folder, scratch_folder, sync_folder
from audit.runs import stored

_PARTIAL = ".partial-"


@contextmanager
def under_construction(out: Path) -> Iterator[Path]:
    """A fresh private folder beside the runs; whatever happens, it is gone when the block ends. Raises ConfigError."""
    with ExitStack() as until_done:
        try:
            make_folder(out)
            _sweep(out)
            folder = until_done.enter_context(scratch_folder(out, f"{_PARTIAL}{os.getpid()}-"))
        except OSError as error:
            raise ConfigError(
                f"Nothing can be written into {out}: {error.strerror}.", "Name another folder with --out."
            ) from error
        yield folder


def publish(folder: Path, target: Path) -> tuple[Path, Path | None]:
    """Move the finished folder to its place. Returns it, and where an earlier run of that name was kept if it was.

    Until then a signal stops the run; from then on none does. Raises AuditError if the file system refuses.
    """
    with interrupts.held():
        interrupts.check()
        aside = _put(folder, target)
        interrupts.done()
    if aside is not None and _is_same_untouched(aside, target):
        shutil.rmtree(aside, ignore_errors=True)
        aside = None
    return target, aside


def _put(folder: Path, target: Path) -> Path | None:
    aside = None
    try:
        for made in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
            sync_folder(made)
        if target.exists():
            aside = _free_name(target)
            target.rename(aside)
        folder.rename(target)
    except OSError as error:
        raise AuditError(f"The run could not be put at {target}: {error.strerror}.") from error
    sync_folder(target.parent)
    return aside


def _free_name(target: Path) -> Path:
    number = 1
    while (candidate := target.with_name(f"{target.name}.superseded-{number}")).exists():
        number += 1
    return candidate


def _is_same_untouched(old: Path, new: Path) -> bool:
    """Whether both folders hold the same run and every file of the old one is as its manifest says."""
    try:
        before, after = (stored.read(folder) for folder in (old, new))
        listed = {entry.file: entry.sha256 for entry in before.outputs}
        present = {str(path.relative_to(old)) for path in old.rglob("*") if path.is_file()}
        return (
            before.run.id == after.run.id
            and present <= {stored.NAME, *listed}
            and all(stored.sha256_of(old / name) == sha256 for name, sha256 in listed.items())
        )
    except (OSError, InputError):
        return False


def _sweep(out: Path) -> None:
    """Remove what a killed run left behind: unfinished folders whose process is gone."""
    for leftover in out.glob(f"{_PARTIAL}*"):
        pid = leftover.name.removeprefix(_PARTIAL).split("-")[0]
        if pid.isdigit() and not _is_running(int(pid)):
            shutil.rmtree(leftover, ignore_errors=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
