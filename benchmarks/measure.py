"""How long an audit takes, as a ratio to the scan floor measured in the same run.

The scan floor is DuckDB reading the file once and hashing every mapped column: no audit can be faster. Ratios hold from
machine to machine where seconds do not. Prints a line a stage and a line a rule; judges nothing.

    python -m benchmarks.measure --lines 1000000
"""

import argparse
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from audit.pipeline.run import RunResult, run
from audit.settings.config import Config
from benchmarks import generate


class StageClock:
    """A Progress that notes how long each stage lasted, in seconds."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._stage = ""
        self._began = time.perf_counter()

    def step(self, text: str) -> None:
        """Close the stage that ends and begin the next."""
        now = time.perf_counter()
        if self._stage:
            self.seconds[self._stage] = now - self._began
        self._stage, self._began = text, now

    def bytes_read(self, file: str, done: int, of: int) -> None:
        """Not of interest here."""

    def rule_done(self, rule_id: str, done: int, of: int) -> None:
        """Not of interest here: outcomes carry their own seconds."""


def scan_floor(path: Path) -> float:
    """Seconds that DuckDB takes to read the file and hash every column of it; the best of three."""
    reader = f"read_parquet('{path}')" if path.suffix == ".parquet" else f"read_csv('{path}', all_varchar = TRUE)"
    con = duckdb.connect()
    columns = ", ".join(f'"{row[0]}"' for row in con.execute(f"DESCRIBE SELECT * FROM {reader}").fetchall())
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        con.execute(f"SELECT bit_xor(hash({columns})) FROM {reader}").fetchall()
        best = min(best, time.perf_counter() - began)
    con.close()
    return best


def audit_once(path: Path, out: Path) -> tuple[float, StageClock, RunResult]:
    """Audit the file; seconds in all, by stage, and the result."""
    clock = StageClock()
    began = time.perf_counter()
    result = run(Config(sources=(str(path),), out=out), datetime.now(UTC), clock)
    clock.step("end")
    return time.perf_counter() - began, clock, result


def report(lines: int, path: Path, out: Path) -> None:
    """Print floor, whole audit, stages and rules for one file."""
    floor = scan_floor(path)
    whole, clock, result = audit_once(path, out)
    findings = result.manifest.totals.findings
    print(f"{lines:,} lines, {path.suffix[1:]}, {path.stat().st_size / 1e6:.1f} MB; {findings:,} findings")
    print(f"  {'scan floor':<42}{floor:8.2f} s {1:8.1f} x")
    print(f"  {'whole audit':<42}{whole:8.2f} s {whole / floor:8.1f} x")
    for stage, seconds in clock.seconds.items():
        print(f"    {stage:<40}{seconds:8.2f} s {seconds / floor:8.1f} x")
    for outcome in sorted(result.outcomes, key=lambda o: -o.seconds):
        print(f"      {outcome.rule_id:<38}{outcome.seconds:8.2f} s {outcome.seconds / floor:8.1f} x")


def main() -> None:
    """Command line of the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000, help="claim lines (default: 1000000)")
    parser.add_argument("--format", choices=["parquet", "csv", "both"], default="both")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("parquet", "csv") if options.format == "both" else (options.format,):
            path = Path(folder) / f"export.{kind}"
            generate.write(options.lines, path)
            report(options.lines, path, Path(folder) / f"out-{kind}")


if __name__ == "__main__":
    main()
