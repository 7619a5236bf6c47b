"""Kills runs at random moments, with no word of warning, and tells what came of it: no half folder, no month missing.

    .venv/bin/python -m tests.killed --kills 60 --seed 1

Each run audits a month that stands in the folder already, and into which somebody has written, so that it must be kept. After
the kill each folder is held against its manifest, and the next run must come to its end. `tests.runs.folder.kills` aims at
each step of putting a run in its place.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from audit.runs.folder import soundness
from audit.runs.format import stored
from audit.runs.timeline import history
from tests.end_to_end.command import claims_audit, environment
from tests.end_to_end.test_command_line import changed, write_csv

_MINE = "note.txt"


def killed(folder: Path, source: Path, after: float) -> str:
    """Start a run and kill it after some seconds; gives what had come of it."""
    with subprocess.Popen(
        [sys.executable, "-m", "audit", "run", str(source), "--quiet", "--select", "TIM001"],
        cwd=folder,
        env=environment(folder),
        stderr=subprocess.DEVNULL,
    ) as process:
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
    return "done before" if process.returncode == 0 else "killed"


def faults(folder: Path) -> list[str]:
    """What is wrong in the folder of runs: October and November must be there, and what somebody wrote."""
    out, wrong = folder / "out", []
    seen = {path for path in out.iterdir() if path.is_dir() and path.name[0] != "." and not path.is_symlink()}
    for path in sorted(seen):
        found = [one for one in soundness.faults(path, stored.read(path)) if _MINE not in one]
        wrong += [f"{path.name}: {one}" for one in found]
    labels = [run.label for run in history.look(out).runs]
    if labels != ["2025-10", "2025-11"]:
        wrong.append(f"the months are {labels}")
    if not any((path / _MINE).exists() for path in seen):
        wrong.append("what somebody wrote is gone")
    return wrong


def main() -> int:
    """Kill as often as asked for; 0 where nothing was ever lost."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--kills", type=int, default=60)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    chance, seen, wrong = random.Random(asked.seed), Counter[str](), 0
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        home.mkdir()
        for label, row in (("oct", changed(Claim_ID="C1", DOS="10/16/2025")), ("nov", changed(Claim_ID="C2"))):
            source = write_csv(home / f"{label}.csv", row)
            assert claims_audit("run", source, "--select", "TIM001", cwd=home).code == 0
        (home / "out" / "2025-11" / _MINE).write_text("mine", encoding="utf-8")
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "audit", "run", str(source), "--quiet", "--select", "TIM001", "--out", "timed"],
            cwd=home, env=environment(home), check=True,
        )  # fmt: skip
        whole = time.monotonic() - began
        shutil.rmtree(home / "timed")
        for number in range(asked.kills):
            folder = Path(shutil.copytree(home, Path(name) / str(number), symlinks=True))
            seen[killed(folder, folder / source.name, chance.uniform(whole * 0.2, whole * 1.1))] += 1
            found = faults(folder)
            done = claims_audit("run", folder / source.name, "--quiet", "--select", "TIM001", cwd=folder)
            found += [f"the next run ended with {done.code}: {done.err}"] if done.code else faults(folder)
            wrong += bool(found)
            print(*(f"kill {number}: {one}" for one in found), sep="\n", end="\n" if found else "", flush=True)
            shutil.rmtree(folder)
    print(f"An undisturbed run took {whole:.1f} s. {dict(seen)}, {wrong} with something lost.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
