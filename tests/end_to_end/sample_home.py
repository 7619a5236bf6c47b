"""The sample practice, audited once for all processes that run tests at a time."""

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from tests.end_to_end.command import SAMPLES, claims_audit

LABEL = "2025-09_2025-11"


def copy_of_sample_home(factory: pytest.TempPathFactory, folder: Path) -> Path:
    """A home of the test's own in `folder` (which is made) with the sample's audit in out/; gives the run's folder."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent  # each process has a folder of its own in that of the call
    with (shared / "sample_home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        whole = shared / "sample_home"
        if not whole.exists():
            _audit(shared / "sample_home_unfinished").rename(whole)
    shutil.copytree(whole, folder, symlinks=True)
    return folder / "out" / LABEL


def _audit(home: Path) -> Path:
    home.mkdir()
    done = claims_audit("run", SAMPLES, "--config", SAMPLES / "audit.toml", cwd=home)
    assert done.code == 0, done.err
    return home
