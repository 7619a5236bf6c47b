"""Spark as the exchange: an application of it, in whose partitions pieces of rows lie (lying.py)."""

import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from audit.engine.duckdb_session import open_session
from audit.engine.spark import java, lying
from audit.engine.spark.java import Java
from audit.engine.spark.lying import SparkPieces
from audit.engine.spark.parted import LINES_OF_PART, LINES_THAT_PAY, PartedSession
from audit.engine.spark.pieces import Piece
from audit.engine.spark.watch import Tell, silent
from audit.settings.config import Config

if TYPE_CHECKING:
    from pyspark import SparkConf
    from pyspark.sql import SparkSession

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
    # Java's own way of writing keeps what it has written until it is told to forget: by itself after a hundred pieces.
    "spark.serializer.objectStreamReset": "1",
}


@contextmanager
def open_spark(config: Config, spill: Path, tell: Tell = silent) -> Iterator[PartedSession]:
    """The engine over a Spark cluster, which is asked for when rows are staged. Raises ConfigError where Spark is not here."""
    java.must_be_here()
    cluster = SparkCluster(config, spill, tell)
    java.keep_logs_unheard()
    try:
        with open_session(config, spill) as driver:
            yield PartedSession(driver, cluster)
    finally:
        cluster.stop()


class SparkCluster:
    """A Spark application, begun with the first rows."""

    def __init__(self, config: Config, spill: Path, tell: Tell = silent) -> None:
        self._config = config
        self._spill = spill
        self._java = Java()
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
        session = self._begun()
        frame, held = lying.handed_out(session, self._java, rows)
        self._tell(f"{sum(one.size for one in held) / 1e6:,.1f} MB of rows for {parts} parts at {self.master}")
        return SparkPieces(frame, held, parts, self._java, self._tell)

    def stop(self) -> None:
        """End the application, and the driver's Java with it."""
        if self._session is not None:
            session, self._session = self._session, None
            with suppress(Exception):  # what was found is home by now, and what went wrong has been told
                session.stop()
        self._java.end()

    def _begun(self) -> "SparkSession":
        if self._session is None:
            from pyspark.sql import SparkSession

            heard = signal.getsignal(signal.SIGINT)
            with self._java.told_plainly():
                self._session = SparkSession.builder.config(conf=self._conf()).getOrCreate()
            self._java.keep_unheard(self._session.sparkContext)
            if threading.current_thread() is threading.main_thread():
                signal.signal(signal.SIGINT, heard)  # Spark sets one of its own, and this program has to hear of it
        return self._session

    def _conf(self) -> "SparkConf":
        """Settings by who says them: the command line and audit.toml, then spark-defaults.conf, then this program."""
        from pyspark import SparkConf

        config = self._config
        self._java.begin(config.spark)
        conf = SparkConf()
        conf.setAll([*config.spark.items(), *([("spark.master", config.master)] if config.master else [])])
        # Where the driver's Java writes what it cannot hold: with what else the run spills, which is gone with the run.
        for name, value in {**_SETTINGS, "spark.local.dir": str(self._spill.resolve() / "spark")}.items():
            conf.setIfMissing(name, value)
        conf.set("spark.ui.showConsoleProgress", "false")  # PySpark sets it for its shell
        if conf.get("spark.master", "").startswith("local"):
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        self._java.settle(conf)
        return conf
