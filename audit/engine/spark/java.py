"""The Java that Spark runs in: how the driver's begins and ends, and what a failure of it or of a worker's is called.

A Java whose heap is full ends at once. Left to itself Spark loses the thread that wanted the memory, and whoever waits for what
that thread was to do waits for ever.
"""

import logging
import os
import re
import shutil
import subprocess
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.errors import AuditError, ConfigError
from audit.machine import interrupts

if TYPE_CHECKING:
    from pyspark import SparkConf, SparkContext

_EXTRA = "Install the extra: pip install 'claims-audit[spark]'. It brings PySpark 4, which needs Java 17."
_FOR_START = ("spark.driver.", "spark.jars")
_END_WHEN_FULL = "-XX:+ExitOnOutOfMemoryError"
_OF_LAUNCHER = "JDK_JAVA_OPTIONS"
_ENDED_FULL = 3  # the exit code of a Java that ended by that option
_SECONDS = 10.0  # for a Java to end whose connection is gone
_OF_EXECUTORS = "spark.executor.extraJavaOptions"
_DRIVER, _EXECUTOR = "spark.driver.memory", "spark.executor.memory"
_DEFAULT_MEMORY = "1g"
# How Spark tells of an executor that ended for want of memory: by the option above, by itself, or by the system's hand.
_EXECUTOR_FULL = re.compile(r"OutOfMemory|[Ee]xit(?:ed with)? (?:code|status):?(?: is)? (?:3|52|137)\b")
_SIZE = re.compile(r"\s*(\d+)\s*([a-zA-Z]*)\s*")


def must_be_here() -> None:
    """Raises ConfigError where PySpark or Java is not installed."""
    try:
        import pyspark
    except ImportError as error:
        raise ConfigError("--engine spark needs PySpark, which is not installed.", _EXTRA) from error
    if int(pyspark.__version__.partition(".")[0]) < 4:
        raise ConfigError(f"--engine spark needs PySpark 4; {pyspark.__version__} is installed.", _EXTRA)
    home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java") or (home and (Path(home) / "bin" / "java").exists())):
        raise ConfigError("--engine spark needs Java 17, and there is none on the path.", "Install it, or set JAVA_HOME.")


def debugged() -> bool:
    """Whether somebody wants to see what Spark says, in which cells of the export may stand."""
    return bool(os.environ.get("CLAIMS_AUDIT_DEBUG"))


def keep_logs_unheard() -> None:
    """What Spark's libraries log, tracebacks of an interrupt among it, goes to stderr where nothing else takes it."""
    if not debugged():
        logging.getLogger().addHandler(logging.NullHandler())


class Java:
    """The driver's Java, and what a failure of it or of a worker's is called."""

    def __init__(self) -> None:
        self._memory = {_DRIVER: _DEFAULT_MEMORY, _EXECUTOR: _DEFAULT_MEMORY}

    def begin(self, settings: Mapping[str, str]) -> None:
        """Start it; it reads spark-defaults.conf as it starts."""
        from pyspark import SparkConf, SparkContext
        from pyspark.java_gateway import launch_gateway

        # What the driver's own Java must know as it starts is said on its command line, where anybody on the machine can
        # read: nothing else is.
        starting = SparkConf(loadDefaults=False)
        starting.setAll([(name, value) for name, value in settings.items() if name.startswith(_FOR_START)])
        # Java and the workers of this machine write to its stderr whatever they had in hand, and to its stdout that it is full.
        quiet = {} if debugged() else {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with interrupts.held(), _ending_when_full():  # broken off here, Java would be there for ever, and nobody would know
            SparkContext._ensure_initialized(gateway=launch_gateway(starting, quiet))

    def settle(self, conf: "SparkConf") -> None:
        """Have the workers' Java end when it is full too (the user's own options prevail), and note who has how much."""
        conf.set(_OF_EXECUTORS, f"{_END_WHEN_FULL} {conf.get(_OF_EXECUTORS, '')}".strip())
        self._memory = {name: conf.get(name, _DEFAULT_MEMORY) for name in self._memory}

    def keep_unheard(self, context: "SparkContext") -> None:
        """Of a Java that has ended PySpark's server of counts tells on stderr with a traceback: `told_plainly` tells of it."""
        if not debugged():
            context._accumulatorServer.handle_error = lambda *_: None

    def end(self) -> None:
        """Spark keeps its Java for the next application of the process; it may hold rows, and a run leaves nothing behind."""
        from pyspark import SparkContext

        gateway, process = SparkContext._gateway, _process()
        SparkContext._gateway = SparkContext._jvm = None
        if gateway is None or process is None:
            return
        with suppress(Exception):
            gateway.shutdown()
        with suppress(OSError):
            process.stdin.close()  # upon which it ends
        process.wait()

    @contextmanager
    def told_plainly(self) -> Iterator[None]:
        """An error of Spark in a sentence: its own words are pages, and may quote what a task had in hand."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)  # of pandas 3, which no part of this uses
                yield
        except (Py4JError, PySparkException, RuntimeError, OSError, EOFError) as error:
            raise self._plain(error) from error

    def _plain(self, error: Exception) -> AuditError:
        ended = _exit_code(error)
        if ended == _ENDED_FULL:
            return self._short_of_memory("The driver's Java", _DRIVER)
        if ended is not None and ended < 0:
            return AuditError(
                f"The driver's Java was killed (signal {-ended}).",
                f'Systems do that where memory is short: free some, or lower "{_DRIVER}" under [spark] of audit.toml.',
            )
        if _EXECUTOR_FULL.search(str(error)):
            return self._short_of_memory("A worker's Java", _EXECUTOR)
        return AuditError(
            f"Spark could not do the work ({_kind(error)}).",
            "Its logs, on the machine of the master and on the workers, say why. docs/cluster.md lists what it needs.",
        )

    def _short_of_memory(self, whose: str, setting: str) -> AuditError:
        had = self._memory[setting]
        more = f'Give it more: "{setting}" = "{_twice(had)}" under [spark] of audit.toml.'
        return AuditError(f"{whose} ran out of memory: it had {had}.", more)


@contextmanager
def _ending_when_full() -> Iterator[None]:
    """A block in which a Java is started that ends when its heap is full. The user's options stand behind, and so prevail."""
    own = os.environ.get(_OF_LAUNCHER)
    os.environ[_OF_LAUNCHER] = f"{_END_WHEN_FULL} {own or ''}".strip()
    try:
        yield
    finally:
        if own is None:
            del os.environ[_OF_LAUNCHER]
        else:
            os.environ[_OF_LAUNCHER] = own


def _process() -> Any:
    """The driver's Java as it was started; None where it was not, or is that of whoever called this program by spark-submit."""
    from pyspark import SparkContext

    return getattr(SparkContext._gateway, "proc", None)


def _exit_code(error: Exception) -> int | None:
    """That of the driver's Java, negative where a signal ended it; None where it lives."""
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    process = _process()
    if process is None:
        return None
    if not isinstance(error, Py4JJavaError | PySparkException):  # not an answer of its own: it may be about to end
        with suppress(subprocess.TimeoutExpired):
            process.wait(_SECONDS)
    code: int | None = process.poll()
    return code


def _kind(error: Exception) -> str:
    java = getattr(error, "java_exception", None)
    with suppress(Exception):  # of a Java that has ended nothing can be asked
        return f"{type(error).__name__}: {java.getClass().getSimpleName()}"  # type: ignore[union-attr]
    return type(error).__name__


def _twice(size: str) -> str:
    """Twice a size of memory in Spark's words, of which a bare number is megabytes."""
    found = _SIZE.fullmatch(size)
    return f"{2 * int(found[1])}{found[2] or 'm'}" if found else "2g"
