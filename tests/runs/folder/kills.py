"""Kills a process at every step of putting a run in its place, and tells what is left: driven by test_publishing.

    python -m tests.runs.folder.kills FOLDER exchange|renames

Each child is killed before one more of the calls that change the disk than the one before it; what it left is looked at as it
lies, then by a start that recovers, then by one that publishes again.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import audit.runs.folder.publishing as publishing_module
from audit.files.door import make_folder
from audit.runs.folder import publishing, run_folder
from audit.runs.format import stored

_CALLS = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.symlink", "os.link", "open", "ctypes.dlsym", "kills.synced")
# The files of the locks, which stay.
KEPT = {run_folder.LOCK, ".runs.lock"}
OLD, MINE, NEW, NEWEST = "old", "old, and written into", "new", "newest"


def write_run(folder: Path, name: str) -> Path:
    """A folder that stands for a run: what it is, in its manifest and in a file deeper down."""
    make_folder(folder / "providers")
    (folder / stored.NAME).write_text(name, encoding="utf-8")
    (folder / "providers" / "1.html").write_text(name, encoding="utf-8")
    return folder


def seen(folder: Path) -> str:
    """Which run a folder holds, whole; "half" of one that is not."""
    try:
        both = {(folder / name).read_text(encoding="utf-8") for name in (stored.NAME, "providers/1.html")}
    except OSError:
        return "half"
    return both.pop() if len(both) == 1 else "half"


def runs(out: Path) -> dict[str, str]:
    """The folders that a person sees, and what they hold."""
    return {path.name: seen(path) for path in out.iterdir() if path.is_dir() and path.name[0] != "." and not path.is_symlink()}


def _publish(out: Path, name: str) -> None:
    with run_folder.under_construction(out) as work:
        run_folder.publish(write_run(work.run, name), out / "2025-11")


def killed_at(fatal: int, act: Callable[[], None]) -> int:
    """Do it in a child that dies before its nth call; gives the signal that ended it, 0 where it came to its end."""
    child = os.fork()
    if child == 0:
        left = [fatal]

        def count(event: str, arguments: tuple[Any, ...]) -> None:
            is_reading = event == "open" and not (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR))
            if event not in _CALLS or is_reading:
                return
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        def sync(number: int, synced: Callable[[int], None] = os.fsync) -> None:
            sys.audit("kills.synced")
            synced(number)

        os.fsync = sync
        sys.addaudithook(count)
        act()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def faults(out: Path, replaced: bool, can_exchange: bool) -> list[str]:
    """What is wrong with the folder after a kill, as it lies and after the next start."""
    wrong = []
    found = runs(out)
    if "half" in found.values():
        wrong.append(f"a half folder: {found}")
    if replaced and can_exchange and "2025-11" not in found:
        wrong.append(f"the month is missing: {found}")
    with run_folder.under_construction(out):
        found = runs(out)
    if replaced and (found.get("2025-11") not in (MINE, NEW) or MINE not in found.values() or "half" in found.values()):
        wrong.append(f"a start has not put it right: {found}")
    _publish(out, NEWEST)
    found = runs(out)
    if found.get("2025-11") != NEWEST or (replaced and MINE not in found.values()) or "half" in found.values():
        wrong.append(f"the next run has not come to its place: {found}")
    hidden = {path.name for path in out.iterdir() if path.name[0] == "."} - KEPT
    if hidden or (out / publishing.LATEST).readlink().name != "2025-11":
        wrong.append(f"left over: {sorted(hidden)}, latest {(out / publishing.LATEST).readlink()}")
    return wrong


def main() -> int:
    """Kill at each call until a child comes to its end; 0 where nothing was ever lost."""
    folder, way = Path(sys.argv[1]), sys.argv[2]
    if way == "renames":
        publishing_module.exchanged = lambda *_: False  # type: ignore[assignment]
    tries, wrong = 0, []
    for replaced in (False, True):
        for fatal in range(200):
            out = folder / "out"
            shutil.rmtree(out, ignore_errors=True)
            if replaced:
                _publish(out, OLD)
                write_run(out / "2025-11", MINE)
            code = killed_at(fatal, lambda out=out: _publish(out, NEW))  # type: ignore[misc]
            if code == 0:
                break
            tries += 1
            make_folder(out)
            wrong += [f"{way}, call {fatal}: {fault}" for fault in faults(out, replaced, way == "exchange")]
        else:
            wrong.append("no child came to its end")
    print(f"{tries} kills")
    print(*wrong, sep="\n")
    return 1 if wrong or tries < 30 else 0


if __name__ == "__main__":
    sys.exit(main())
