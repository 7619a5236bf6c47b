"""Stops runs at random moments and tells what came of it: exit code 130 and nothing left, or the run whole.

    .venv/bin/python -m tests.signals --signals 60 --seed 1

Each run of the sample gets SIGTERM or SIGINT some time between its first line and the end of an undisturbed run. One that
had published before the signal came does not count among the signals asked for, and must end with its own code.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.command import SAMPLES, environment
from tests.end_to_end.test_command_line import KEPT_BESIDE

_KINDS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True)
class Stopped:
    """What a signalled run left: its code, what it said, the names in its out folder."""

    kind: signal.Signals
    after: float
    code: int
    said: str
    left: tuple[str, ...]

    @property
    def published(self) -> bool:
        """Whether the run was whole before the signal came."""
        return any(name.startswith("20") for name in self.left)

    def fault(self) -> str:
        """What is wrong with it, in words; empty where nothing is."""
        wanted = 0 if self.published else 130
        if self.code != wanted:
            return f"exit code {self.code} where {wanted} is promised: {self.said.strip()[-300:]}"
        if self.published and len(self.left) > 1:
            return f"beside the run there is left {self.left}"
        if not self.published and self.left:
            return f"there is left {self.left}"
        if not self.published and self.said.strip().splitlines()[-1] != "Interrupted; no run folder was written.":
            return f"its last word is another: {self.said.strip()[-300:]}"
        return "a traceback" if "Traceback" in self.said else ""


def stopped(kind: signal.Signals, after: float, folder: Path, *sources: Path) -> Stopped:
    """Run the sources in an empty folder and send the signal some seconds after the first line that the run says."""
    with subprocess.Popen(
        [sys.executable, "-m", "audit", "run", *map(str, sources), "--out", str(folder / "out")],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        time.sleep(after)
        process.send_signal(kind)
        _, rest = process.communicate(timeout=600)
    out = folder / "out"
    left = tuple(sorted(set(os.listdir(out)) - {*KEPT_BESIDE, "latest"})) if out.exists() else ()
    return Stopped(kind, after, process.returncode, first + rest, left)


def main() -> int:
    """Send the signals asked for; 0 where every one was answered as promised."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--signals", type=int, default=60)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    # A shell that starts this in the background has SIGINT ignored, and the runs would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    chance, seen, faults = random.Random(asked.seed), Counter[str](), 0
    whole = _undisturbed()
    while seen["stopped"] < asked.signals:
        with tempfile.TemporaryDirectory() as folder:
            one = stopped(chance.choice(_KINDS), chance.uniform(0, whole), Path(folder), SAMPLES)
        seen["published before" if one.published else "stopped"] += 1
        if one.fault():
            faults += 1
            print(f"{one.kind.name} after {one.after:.2f} s: {one.fault()}", flush=True)
    print(f"An undisturbed run took {whole:.1f} s. {dict(seen)}, {faults} answered otherwise than promised.")
    return 1 if faults else 0


def _undisturbed() -> float:
    """Seconds from the first line of a run to its end."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        one = stopped(signal.SIGCONT, 0, Path(folder), SAMPLES)
        assert one.published, one.said
        return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
