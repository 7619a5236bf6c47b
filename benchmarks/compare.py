"""How the program stands against the rivals and the scan floor: CPU, clock and memory, turn by turn on the same files.

Every contestant is a process of its own, timed whole, imports included; turns are interleaved, so that what else the
machine does falls on all alike. CPU seconds are those of all threads, user and system. `--json` keeps the figures for
`claims-audit plan` and docs/performance.md (benchmarks/performance.py).

    python -m benchmarks.compare --lines 1000000 --turns 3 --json benchmarks/measured/1000000.json
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from audit import __version__
from audit.settings import environment
from benchmarks import chain
from benchmarks.rivals.agree import differences


@dataclass(frozen=True, slots=True)
class Measure:
    """What a process took: seconds of CPU and on the clock, and the most memory resident, in megabytes."""

    cpu: float
    wall: float
    megabytes: float


def measured(module: str, *arguments: str) -> Measure:
    """Run `python -m module` to its end. Raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", module, *arguments]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read() if process.stderr else b""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=said)
    return Measure(used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss * 1024 / 1e6)


def contestants(export: Path, folder: Path) -> dict[str, Sequence[str]]:
    """What is timed on a file: name -> module and arguments."""
    found: dict[str, Sequence[str]] = {
        "scan floor": ("benchmarks.floor", str(export)),
        "core": ("benchmarks.core", str(export), str(folder / "core.parquet")),
        "pandas": ("benchmarks.rivals.in_pandas", str(export), str(folder / "pandas.parquet")),
        "whole run": ("audit", "run", str(export), "--out", str(folder / "out"), "--quiet"),
    }
    if find_spec("polars"):
        found["polars"] = ("benchmarks.rivals.in_polars", str(export), str(folder / "polars.parquet"))
    return found


def compare(export: Path, folder: Path, turns: int) -> dict[str, Measure]:
    """The median of each contestant's turns."""
    taken: dict[str, list[Measure]] = defaultdict(list)
    for _ in range(turns):
        for name, (module, *arguments) in contestants(export, folder).items():
            taken[name].append(measured(module, *arguments))
    return {
        name: Measure(*(statistics.median(getattr(one, field) for one in every) for field in ("cpu", "wall", "megabytes")))
        for name, every in taken.items()
    }


def profile_of(export: Path, folder: Path) -> list[str]:
    """What `run --profile` tells of a whole run: stages, rules and files."""
    command = [sys.executable, "-m", "audit", "run", str(export), "--out", str(folder / "profiled"), "--quiet", "--profile"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()


def table(figures: dict[str, Measure]) -> list[str]:
    """The figures as lines of a Markdown table, with ratios of CPU to the program's core."""
    lines = ["| | CPU s | clock s | memory MB | CPU, to core |", "|---|---:|---:|---:|---:|"]
    for name, one in sorted(figures.items(), key=lambda item: item[1].cpu):
        ratio = one.cpu / figures["core"].cpu
        lines.append(f"| {name} | {one.cpu:.2f} | {one.wall:.2f} | {one.megabytes:,.0f} | {ratio:.2f} |")
    return lines


def machine() -> dict[str, object]:
    """What the figures were taken on."""
    names = [line.partition(":")[2].strip() for line in _lines_of("/proc/cpuinfo") if line.startswith("model name")]
    memory = [int(line.split()[1]) * 1024 for line in _lines_of("/proc/meminfo") if line.startswith("MemTotal")]
    return {
        "processor": names[0] if names else platform.processor(),
        "processors": os.cpu_count() or 1,
        "memory": memory[0] if memory else 0,
        "system": platform.system(),
        "python": platform.python_version(),
        "program": __version__,
        "date": f"{environment.now():%Y-%m-%d}",
    }


def _lines_of(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []


def main() -> None:
    """Command line of the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000, help="claim lines (default: 1000000)")
    parser.add_argument("--turns", type=int, default=3, help="turns of each contestant (default: 3)")
    parser.add_argument("--format", choices=["parquet", "csv", "both"], default="both")
    parser.add_argument("--json", type=Path, help="keep the figures in this file")
    options = parser.parse_args()
    kept: dict[str, object] = {"lines": options.lines, "turns": options.turns, "machine": machine()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        exports = [folder / "export.parquet", folder / "export.csv"]
        chain.write(options.lines, exports)
        for export in exports:
            kind = export.suffix[1:]
            if options.format not in (kind, "both"):
                continue
            figures = compare(export, folder, options.turns)
            print(f"{options.lines:,} lines, {kind}, {export.stat().st_size / 1e6:.1f} MB, median of {options.turns}")
            print(*table(figures), "", sep="\n", flush=True)
            kept[kind] = {"bytes": export.stat().st_size, **{key: asdict(one) for key, one in figures.items()}}
            if options.json:
                options.json.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        if options.format != "csv":
            for rival in ("polars", "pandas"):
                if (folder / f"{rival}.parquet").exists():
                    differ = differences(exports[0], folder / "core.parquet", folder / f"{rival}.parquet")
                    print(f"{rival} finds {'what the program finds' if not differ else '; '.join(differ)}")
            print(*profile_of(exports[0], folder), sep="\n")


if __name__ == "__main__":
    main()
