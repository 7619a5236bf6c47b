"""Runs the engines duckdb and spark over exports, on a standalone master with two workers, and tells where they differ.

    python -m tests.both_engines data_samples --config data_samples/audit.toml
    python -m tests.both_engines --cases FOLDER      each folder in it: files, perhaps audit.toml, and expect.toml with `args`
    python -m tests.both_engines --lines 1000000     so many generated lines
    python -m tests.both_engines --lines 100000 --kill

Compared are exit code and last words, the bytes of findings.csv and of every other data file of the run, and manifest.json but
for the engine's name. `--kill` ends a worker, with all that it has started, while its Python judges a part. CPU seconds are user
and system, with master, workers and every Java counted. Linux, Java 17 and PySpark (`make env-spark`) are needed.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.runs.outputs import OUTPUTS
from benchmarks import chain
from tests.end_to_end.command import environment
from tests.engine import processes
from tests.engine.killing import worker_killed
from tests.engine.spark_here import QUICK_JAVA, lacking
from tests.engine.standalone import Standalone, standalone

_OF_CASE = {"audit.toml", "expect.toml"}
# Of executors, which end after their run.
_OF_RUN = ("CoarseGrainedExecutorBackend", "pyspark.daemon")
_SECONDS = 120.0  # for that, on a loaded machine
# One time of day for both, so that they can be the same.
_NOW = {"SOURCE_DATE_EPOCH": "1764547200"}


@dataclass(frozen=True)
class Asked:
    """One export to audit: its name, and the words of `run`."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """What became of a run: its exit code, what it said, its folder's files by name."""

    code: int
    said: str
    files: Mapping[str, bytes]

    @property
    def manifest(self) -> dict[str, Any]:
        """manifest.json without the engine, and without the sizes of files: the report names the engine too."""
        whole: dict[str, Any] = json.loads(self.files["manifest.json"])
        del whole["software"]
        del whole["outputs"]
        return whole


def audited(asked: Asked, folder: Path, *more: str, **variables: str) -> Done:
    """Run in a process of its own, with `folder` as home, into a folder of runs below it that is then gone."""
    with tempfile.TemporaryDirectory(dir=folder) as out:
        done = subprocess.run(
            [sys.executable, "-m", "audit", "run", *asked.words, "--out", out, *more],
            cwd=folder,
            env={**environment(folder), **_NOW, **variables},
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            check=False,
        )
        latest = (Path(out) / "latest").resolve()
        files = {path.name: path.read_bytes() for path in latest.iterdir() if path.is_file()} if latest.is_dir() else {}
        return Done(done.returncode, done.stderr.strip().replace(out, "OUT"), files)


def differences(whole: Done, parted: Done) -> list[str]:
    """What two engines give otherwise, in words; no cell of an export is among them."""
    if whole.code != parted.code:
        return [f"exit code {whole.code} and {parted.code}: {parted.said[-300:]}"]
    if not whole.files or not parted.files:
        last = [one.said.splitlines()[-1:] for one in (whole, parted)]
        return [] if last[0] == last[1] and not (whole.files or parted.files) else [f"last words {last[0]} and {last[1]}"]
    found = [output.name for output in OUTPUTS if whole.files[output.name] != parted.files[output.name]]
    one, other = whole.manifest, parted.manifest
    return found + [f"manifest.json: {key}" for key in one.keys() | other.keys() if one.get(key) != other.get(key)]


def cases(folder: Path, names: Sequence[str] = ()) -> Iterator[Asked]:
    """The cases of a folder (of `names` alone, where there are any), audited where they lie."""
    for path in sorted(folder.glob("*/expect.toml")):
        if names and path.parent.name not in names:
            continue
        expected = tomllib.loads(path.read_text(encoding="utf-8"))
        given = [path.parent / name for name in expected.get("sources", ())] or sorted(
            file for file in path.parent.iterdir() if file.name not in _OF_CASE and not file.name.startswith(".")
        )
        settings = path.parent / "audit.toml"
        config = ["--config", str(settings)] if settings.exists() else []
        yield Asked(path.parent.name, (*map(str, given), *expected.get("args", ()), *config))


class Trial:
    """Runs so far, on a cluster; those that differ, and the CPU seconds of each engine."""

    def __init__(self, folder: Path, cluster: Standalone, partitions: int | None, kill: bool) -> None:
        self._folder, self._cluster, self._kill = folder, cluster, kill
        self._spark = ("--engine", "spark", "--master", cluster.url)
        self._spark += ("--partitions", str(partitions)) if partitions else ()
        self.runs = self.differ = self.refused = 0
        self.cpu: Counter[str] = Counter()

    def hold(self, asked: Asked) -> None:
        """Run both engines and say where they differ, or that they do not."""
        whole = self._timed("duckdb", asked, "--engine", "duckdb")
        with worker_killed(self._cluster) if self._kill else nullcontext() as killed:
            parted = self._timed("spark", asked, *self._spark, **self._cluster.variables)
        found = differences(whole, parted)
        if killed is not None:
            found += self._made_good(killed.seconds)
        self.runs += 1
        self.differ += bool(found)
        self.refused += not whole.files
        same = "the same findings" if whole.files else "refused alike"
        print(f"{self.runs}. {asked.name}: {'; '.join(sorted(found)) or same}", flush=True)

    def _made_good(self, after: float | None) -> list[str]:
        """Another worker for the one that was killed; what is wrong where none was."""
        if after is None:
            return ["no worker was killed"]
        print(f"A worker was killed after {after:.1f} s of CPU on a part.", flush=True)
        self._cluster.another_worker()
        return []

    def _timed(self, engine: str, asked: Asked, *more: str, **variables: str) -> Done:
        before = processes.spent()
        done = audited(asked, self._folder, *more, **variables)
        self._rest()
        self.cpu[engine] += processes.spent() - before
        return done

    def _rest(self) -> None:
        """Wait until a run's executors have ended too. Raises RuntimeError where they do not."""
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            processes.bury(self._cluster.own)
            if not any(word in one.command for one in processes.below() for word in _OF_RUN):
                return
            time.sleep(0.05)
        raise RuntimeError("What a run has started on the workers is there still.")


def main() -> int:
    """Run both engines over what is asked for; 0 where nothing differs."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("sources", nargs="*", help="exports, audited as one")
    words.add_argument("--config", help="audit.toml for the sources")
    words.add_argument("--cases", type=Path, help="a folder of cases")
    words.add_argument("--case", action="append", default=[], help="of the cases this one alone; may stand again")
    words.add_argument("--lines", type=int, help="audit so many generated lines")
    words.add_argument("--partitions", type=int, help="parts, of the spark engine")
    words.add_argument("--memory", default="1g", help="of each executor's Java (default: 1g)")
    words.add_argument("--kill", action="store_true", help="end a worker in the middle of each run")
    given = words.parse_args()
    if lacking():
        words.error(f"{lacking()}.")
    began = time.monotonic()
    processes.adopt()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asked = list(cases(given.cases.resolve(), given.case)) if given.cases else []
        if given.sources:
            config = ("--config", str(Path(given.config).resolve())) if given.config else ()
            asked.append(Asked("sources", (*(str(Path(source).resolve()) for source in given.sources), *config)))
        if given.lines:
            chain.write(given.lines, [folder / "generated.parquet"])
            asked.append(Asked(f"{given.lines:,} lines", (str(folder / "generated.parquet"),)))
        if not asked:
            words.error("name sources, --cases or --lines")
        java = {} if given.lines else QUICK_JAVA
        with standalone(folder / "cluster", memory=given.memory, java=java) as cluster:
            trial = Trial(folder, cluster, given.partitions, given.kill)
            for one in asked:
                trial.hold(one)
    print(
        f"{trial.runs} runs, {trial.differ} differ ({trial.refused} without findings); {time.monotonic() - began:.0f} s. "
        f"CPU of duckdb {trial.cpu['duckdb']:.1f} s, of spark with its Java {trial.cpu['spark']:.1f} s."
    )
    return 1 if trial.differ else 0


if __name__ == "__main__":
    sys.exit(main())
