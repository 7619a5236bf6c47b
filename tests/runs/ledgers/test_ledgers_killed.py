"""Whatever dies while a ledger is written, the ledger is what it was or what it was to be."""

import os
import subprocess
import sys
from pathlib import Path

from tests.house.checkout import ROOT


def test_a_kill_at_any_step_of_a_ledger_loses_no_entry(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.runs.ledgers.kills_of_ledgers", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "decisions: " in done.stdout
