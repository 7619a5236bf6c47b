"""Runs claims-audit as a user does: a process of its own, its exit code and what it printed."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

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
    """Run the command in a folder; nothing is asked, nothing is shown on a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "audit", *map(str, arguments)],
        cwd=cwd,
        env={**environment(cwd), **variables},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)
