"""Runs claims-audit as a user does: its words in, its exit code and what it printed out."""

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from audit.cli import front_door

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "data_samples"


@dataclass(frozen=True)
class Finished:
    """What a command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str


def environment(home: Path) -> dict[str, str]:
    """The process's environment with a home of its own, so that no test meets the user's files."""
    keep = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMS_AUDIT")}
    return {**keep, "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "PYTHONPATH": str(ROOT), "COLUMNS": "120"}


def claims_audit(*arguments: object, cwd: Path, **variables: str) -> Finished:
    """Run the command in a folder, in this process: loading the program anew would take longer than most of its work."""
    out, err = io.StringIO(newline=None), io.StringIO(newline=None)
    with (
        _surroundings(cwd, {**environment(cwd), **variables}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = front_door.answer([*map(str, arguments)])
    return Finished(int(code), out.getvalue(), err.getvalue())


def in_its_own_process(*arguments: object, cwd: Path, **variables: str) -> Finished:
    """The same in a process of its own, for what belongs to a process: the way in, the exit, what is said on the way out."""
    done = subprocess.run(
        [sys.executable, "-m", "audit", *map(str, arguments)],
        cwd=cwd,
        env={**environment(cwd), **variables},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


@contextlib.contextmanager
def _surroundings(folder: Path, variables: Mapping[str, str]) -> Iterator[None]:
    """Folder, environment and mask of new files, as a process of its own would have them; then as they were."""
    before, mask = dict(os.environ), os.umask(0o022)
    os.environ.clear()
    os.environ.update(variables)
    try:
        with contextlib.chdir(folder):
            yield
    finally:
        os.umask(mask)
        os.environ.clear()
        os.environ.update(before)
