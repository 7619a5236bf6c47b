"""Spark as the exchange: pieces of rows lie in its partitions, and each partition is one part that a worker's Python judges.

The only module that knows Spark. What a task cannot do it says in a piece of its own, so that only a lost machine is tried
again, and no words of an error stand in anybody's log but those that are meant for a person.
"""

import logging
import os
import pickle
import shutil
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from audit.engine.duckdb_session import open_session
from audit.engine.spark.identity import identity
from audit.engine.spark.kernel import Job
from audit.engine.spark.parted import LINES_OF_PART, LINES_THAT_PAY, PartedSession
from audit.engine.spark.pieces import Piece
from audit.engine.spark.watch import Tell, silent, watched
from audit.errors import AuditError, ConfigError
from audit.machine import interrupts
from audit.settings.config import Config

if TYPE_CHECKING:
    from pyspark import SparkConf
    from pyspark.sql import DataFrame, SparkSession

_EXTRA = "Install the extra: pip install 'claims-audit[spark]'. It brings PySpark 4, which needs Java 17."
_FOR_START = ("spark.driver.", "spark.jars")
_FAULT, _OTHER = "fault", "other program"
_COLUMNS = "address string, part int, name string, rows binary"
_BATCH = pa.schema([("address", pa.string()), ("part", pa.int32()), ("name", pa.string()), ("rows", pa.binary())])
# What Spark is told where neither the user nor its own spark-defaults.conf says otherwise. Shuffle files, cached pieces, the
# event log and the web page hold patients' data: the first two are encrypted, the others are not made.
_SETTINGS = {
    "spark.master": "local[*]",
    "spark.app.name": "claims-audit",
    "spark.authenticate": "true",
    "spark.network.crypto.enabled": "true",
    "spark.io.encryption.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.eventLog.enabled": "false",
    "spark.log.level": "OFF",
    "spark.sql.adaptive.enabled": "false",
    # A batch is one piece: pieces are large, and what belongs to a part is brought together before it is judged.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1",
}


@contextmanager
def open_spark(config: Config, spill: Path, tell: Tell = silent) -> Iterator[PartedSession]:
    """The engine over a Spark cluster, which is asked for when rows are staged. Raises ConfigError where Spark is not here."""
    _must_be_here()
    cluster = SparkCluster(config, tell)
    _keep_logs_unheard()
    try:
        with open_session(config, spill) as driver:
            yield PartedSession(driver, cluster)
    finally:
        cluster.stop()


class SparkCluster:
    """A Spark application, begun with the first rows."""

    def __init__(self, config: Config, tell: Tell = silent) -> None:
        self._config = config
        self._tell = tell
        self._session: SparkSession | None = None

    @property
    def master(self) -> str:
        """The master's URL: as the settings say, else as Spark's own; else the cores of this machine."""
        if self._session is not None:
            return str(self._session.sparkContext.master)
        return self._config.master or "local[*]"

    def parts_of(self, lines: int) -> int:
        """As many parts as audit.toml says; else one for so many lines, and one for each core as far as that pays."""
        if self._config.partitions:
            return self._config.partitions
        cores = int(self._begun().sparkContext.defaultParallelism)
        return max(1, -(-lines // LINES_OF_PART), min(cores, lines // LINES_THAT_PAY))

    def spread(self, rows: Iterable[Piece], parts: int) -> "SparkPieces":
        """Hand rows to the cluster; each piece is a task's own, for Spark bounds what one task is handed."""
        handed = [(piece.address, piece.part, piece.table, piece.rows) for piece in rows]
        session = self._begun()
        with _told_plainly():
            frame = session.createDataFrame(session.sparkContext.parallelize(handed, len(handed)), _COLUMNS)
            self._tell(f"{sum(len(piece[3]) for piece in handed) / 1e6:,.1f} MB of rows for {parts} parts at {self.master}")
            return SparkPieces(frame, parts, self._tell)

    def stop(self) -> None:
        """End the application, and the driver's Java with it."""
        if self._session is not None:
            session, self._session = self._session, None
            with suppress(Exception):  # what was found is home by now, and what went wrong has been told
                session.stop()
        _end_java()

    def _begun(self) -> "SparkSession":
        if self._session is None:
            from pyspark.sql import SparkSession

            heard = signal.getsignal(signal.SIGINT)
            with _told_plainly():
                self._session = SparkSession.builder.config(conf=_conf(self._config)).getOrCreate()
            if threading.current_thread() is threading.main_thread():
                signal.signal(signal.SIGINT, heard)  # Spark sets one of its own, and this program has to hear of it
        return self._session


@dataclass(frozen=True)
class SparkPieces:
    """Pieces in Spark's partitions."""

    frame: "DataFrame"
    parts: int
    tell: Tell

    def judged(self, address: str, job: Job) -> "SparkPieces":
        """Each part of the address judged by a task of its own. What comes of it is kept where it was made."""
        from pyspark import StorageLevel

        task = _task(identity(), pickle.dumps(job))
        session = self.frame.sparkSession
        doing = f"Judging by {address.replace('_', ' ')}"
        with _told_plainly(), watched(session.sparkContext, self.parts, doing, self.tell):
            here = self.frame.where(self.frame.address == address).repartitionById(self.parts, "part")
            made = here.mapInArrow(task, _COLUMNS).persist(StorageLevel.DISK_ONLY)
            # This has all parts judged, side by side; to gather them is to go from one to the next.
            faults = made.where(made.address.isin(_FAULT, _OTHER)).collect()
        for fault in sorted(faults):
            raise (ConfigError if fault.address == _OTHER else AuditError)(*bytes(fault.rows).decode().split("\n", 1))
        return SparkPieces(made, self.parts, self.tell)

    def gathered(self, addresses: Sequence[str]) -> Iterator[Piece]:
        """The pieces, part after part. A part that is lost on the way is judged again, and is given once."""
        with _told_plainly():
            for row in self.frame.where(self.frame.address.isin(*addresses)).toLocalIterator():
                yield Piece(row.address, row.part, row.name, bytes(row.rows))


def _task(expected: Mapping[str, str], packed: bytes) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What a worker does with its partition. It travels by value, so that a worker with another program can say so."""
    fault, other, schema = _FAULT, _OTHER, _BATCH

    def judge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pickle

        import pyarrow as pa

        def told(*row: Any) -> pa.RecordBatch:
            return pa.RecordBatch.from_pylist([dict(zip(schema.names, row, strict=True))], schema)

        def strange(what: str) -> pa.RecordBatch:
            wanted = ", ".join(f"{name} {value}" for name, value in expected.items())
            said = (
                f"A worker has {what}; this is {wanted}.\nInstall the same claims-audit, with the same DuckDB, on every worker."
            )
            return told(other, 0, "", said.encode())

        rows = [row for batch in batches for row in batch.to_pylist()]
        if not rows:
            return
        try:
            from audit.engine.spark import worker
            from audit.engine.spark.identity import identity
        except ImportError as error:
            yield strange(f"no claims-audit that could do this ({type(error).__name__})")
            return
        if identity() != expected:
            yield strange(", ".join(f"{name} {value}" for name, value in identity().items()))
            return
        try:
            for piece in worker.judged(pickle.loads(packed), rows):  # noqa: S301 # what this very run has packed
                yield told(piece.address, piece.part, piece.table, piece.rows)
        except worker.PartError as error:
            yield told(fault, 0, "", str(error).encode())

    return judge


def _end_java() -> None:
    """Spark keeps its Java for the next application of the process; it may hold rows, and a run leaves nothing behind."""
    from pyspark import SparkContext

    gateway, SparkContext._gateway, SparkContext._jvm = SparkContext._gateway, None, None
    if gateway is not None:
        with suppress(Exception):
            gateway.shutdown()
        gateway.proc.stdin.close()  # upon which it ends
        gateway.proc.wait()


def _keep_logs_unheard() -> None:
    """What Spark's libraries log, tracebacks of an interrupt among it, goes to stderr where nothing else takes it."""
    if not os.environ.get("CLAIMS_AUDIT_DEBUG"):
        logging.getLogger().addHandler(logging.NullHandler())


def _must_be_here() -> None:
    try:
        import pyspark
    except ImportError as error:
        raise ConfigError("--engine spark needs PySpark, which is not installed.", _EXTRA) from error
    if int(pyspark.__version__.partition(".")[0]) < 4:
        raise ConfigError(f"--engine spark needs PySpark 4; {pyspark.__version__} is installed.", _EXTRA)
    home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java") or (home and (Path(home) / "bin" / "java").exists())):
        raise ConfigError("--engine spark needs Java 17, and there is none on the path.", "Install it, or set JAVA_HOME.")


def _conf(config: Config) -> "SparkConf":
    """Settings by who says them: the command line and audit.toml, then spark-defaults.conf, then this program."""
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway

    # What the driver's own Java must know as it starts is said on its command line, where anybody on the machine can read:
    # nothing else is.
    starting = SparkConf(loadDefaults=False)
    starting.setAll([(name, value) for name, value in config.spark.items() if name.startswith(_FOR_START)])
    # Java and the workers of this machine write to its stderr whatever they had in hand.
    quiet = {} if os.environ.get("CLAIMS_AUDIT_DEBUG") else {"stderr": subprocess.DEVNULL}
    with interrupts.held():  # broken off here, Java would be there for ever, and nobody would know of it
        SparkContext._ensure_initialized(gateway=launch_gateway(starting, quiet))  # it has read spark-defaults.conf
    conf = SparkConf()
    conf.setAll([*config.spark.items(), *([("spark.master", config.master)] if config.master else [])])
    for name, value in _SETTINGS.items():
        conf.setIfMissing(name, value)
    conf.set("spark.ui.showConsoleProgress", "false")  # PySpark sets it for its shell
    if conf.get("spark.master", "").startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return conf


@contextmanager
def _told_plainly() -> Iterator[None]:
    """An error of Spark in a sentence: its own words are pages, and may quote what a task had in hand."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of pandas 3, which no part of this uses
            yield
    except (Py4JError, PySparkException, RuntimeError, OSError) as error:
        raise AuditError(
            f"Spark could not do the work ({_kind(error)}).",
            "Its logs, on the machine of the master and on the workers, say why. docs/cluster.md lists what it needs.",
        ) from error


def _kind(error: Exception) -> str:
    java = getattr(error, "java_exception", None)
    return f"{type(error).__name__}: {java.getClass().getSimpleName()}" if java is not None else type(error).__name__
