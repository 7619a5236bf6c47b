"""A standalone master of Spark with its workers, on this machine alone: each a process tree that ends with whoever started it."""

import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.engine.spark_here import QUICK_JAVA

# What is said to the shell in front of each: it ends its whole group when its stdin does, also where its parent was killed.
_KEPT = '"$@" & cat; kill -KILL 0'
_SECONDS = 120.0  # for a Java to start on a loaded machine
_HERE = "127.0.0.1"


@dataclass(frozen=True)
class Daemon:
    """A process of Spark's in a session of its own, with all that it has started; `log` is what it says."""

    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """End it and all that it has started, with no word of warning."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()

    def said(self, pattern: str) -> str:
        """What it says of a pattern, waited for. Raises RuntimeError where it ends before, or is silent too long."""
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            if found := re.search(pattern, self.log.read_text(encoding="utf-8", errors="replace")):
                return found[0]
            time.sleep(0.05)
        raise RuntimeError(f"Spark said nothing of {pattern}:\n{self.log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


class Standalone:
    """A master with its workers; `variables` are those by which a driver finds its secret, its Python and its address."""

    def __init__(self, folder: Path, memory: str, java: Mapping[str, str]) -> None:
        self._folder, self._memory = folder, memory
        conf = folder / "conf"
        conf.mkdir(parents=True)
        settings = conf / "spark-defaults.conf"
        settings.touch(0o600)
        settings.write_text(_settings(folder, memory), encoding="utf-8")
        self.variables = {"SPARK_CONF_DIR": str(conf), "SPARK_LOCAL_IP": _HERE, "PYSPARK_PYTHON": sys.executable, **java}
        self._begun: list[Daemon] = []
        self.url = ""

    @property
    def own(self) -> frozenset[int]:
        """Process numbers of the shells that keep master and workers."""
        return frozenset(one.process.pid for one in self._begun)

    def begin(self, workers: int) -> None:
        """Start the master, then workers side by side, each of one core. Raises RuntimeError."""
        self.url = self._daemon("master", "master.Master").said(rf"spark://{_HERE}:\d+")
        for worker in [self._worker() for _ in range(workers)]:
            worker.said("registered with master")

    def another_worker(self) -> None:
        """Start one worker more. Raises RuntimeError."""
        self._worker().said("registered with master")

    @property
    def workers(self) -> tuple[Daemon, ...]:
        """The workers that live."""
        return tuple(one for one in self._begun[1:] if one.process.poll() is None)

    def end(self) -> None:
        """End all of them."""
        for one in self._begun:
            one.kill()

    def _worker(self) -> Daemon:
        name = f"worker{len(self._begun)}"
        words = ("--cores", "1", "--memory", self._memory, "--work-dir", str(self._folder / name), self.url)
        return self._daemon(name, "worker.Worker", *words)

    def _daemon(self, name: str, kind: str, *words: str) -> Daemon:
        one = _begun(
            self._folder / f"{name}.log", self.variables, kind, "--host", _HERE, "--port", "0", "--webui-port", "0", *words
        )
        self._begun.append(one)
        return one


@contextmanager
def standalone(
    folder: Path, workers: int = 2, memory: str = "512m", java: Mapping[str, str] = QUICK_JAVA
) -> Iterator[Standalone]:
    """A master and workers of one core, whose executors have so much memory for Java; logs and work lie in `folder`."""
    cluster = Standalone(folder, memory, java)
    try:
        cluster.begin(workers)
        yield cluster
    finally:
        cluster.end()


def _settings(folder: Path, memory: str) -> str:
    said = {
        "spark.authenticate": "true",
        "spark.authenticate.secret": secrets.token_hex(),
        "spark.executor.memory": memory,
        "spark.local.dir": str(folder / "local"),
    }
    return "".join(f"{name} {value}\n" for name, value in said.items())


def _begun(log: Path, variables: dict[str, str], kind: str, *words: str) -> Daemon:
    import pyspark

    home = Path(pyspark.__file__).parent
    # What the Python of a worker that is killed leaves goes with the folder.
    scratch = log.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    own = {"SPARK_HOME": str(home), "SPARK_DAEMON_MEMORY": "256m", "TMPDIR": str(scratch)}
    with log.open("wb") as said:
        process = subprocess.Popen(
            ["sh", "-c", _KEPT, "sh", str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{kind}", *words],
            cwd=log.parent,
            env={**os.environ, **variables, **own},
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Daemon(process, log)
