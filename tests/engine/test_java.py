"""A Java that is full ends, and is told of by its name, its memory and the mend; nobody waits for what it can no longer do."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.engine.spark.cluster import SparkCluster
from audit.engine.spark.exchanges import PATIENT
from audit.engine.spark.java import Java
from audit.engine.spark.kernel import TO_DRIVER
from audit.engine.spark.pieces import Piece
from audit.errors import AuditError
from audit.settings.config import combine
from tests.engine.echo import Echo
from tests.engine.spark_here import QUICK_JAVA, quiet, spark

pytestmark = [spark, *quiet]

SMALL = 500  # megabytes: less than this Spark does not begin with
# Less is possible where Spark keeps less for itself; without ciphers, that the test is quick.
SMALLER = {
    "spark.driver.memory": "160m",
    "spark.testing.reservedMemory": "20971520",
    "spark.memory.fraction": "0.2",
    "spark.io.encryption.enabled": "false",
}


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.delenv("JDK_JAVA_OPTIONS", raising=False)
    for name, value in QUICK_JAVA.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def java() -> Iterator[Java]:
    from pyspark import SparkConf

    settings = {"spark.driver.memory": f"{SMALL}m"}
    begun = Java()
    begun.begin(settings)
    begun.settle(SparkConf().setAll(list(settings.items())))
    yield begun
    begun.end()


def test_a_drivers_java_that_is_full_is_named_with_the_mend(java: Java) -> None:
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    assert gateway is not None
    with pytest.raises(AuditError, match="The driver's Java ran out of memory: it had 500m") as told, java.told_plainly():
        gateway.new_array(gateway.jvm.long, SMALL * 1_000_000)
    assert told.value.hint == 'Give it more: "spark.driver.memory" = "1000m" under [spark] of audit.toml.'
    assert told.value.exit_code == 4


def test_a_drivers_java_that_is_killed_is_named(java: Java) -> None:
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    assert gateway is not None
    gateway.proc.kill()
    with pytest.raises(AuditError, match=r"The driver's Java was killed \(signal 9\)"), java.told_plainly():
        gateway.jvm.java.lang.System.nanoTime()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("ExecutorLostFailure (executor 1 exited ...) Reason: Command exited with code 3", "A worker's Java ran out of memory"),
        ("ExecutorLostFailure (executor 1 exited ...) Reason: Command exited with code 52", "A worker's Java ran out of memory"),
        ("Container killed on request. Exit code is 137", "A worker's Java ran out of memory"),
        ("java.lang.OutOfMemoryError: Java heap space", "A worker's Java ran out of memory"),
        ("ExecutorLostFailure (executor 1 exited ...) Reason: Command exited with code 30", "Spark could not do the work"),
        ("Job aborted", "Spark could not do the work"),
    ],
)
def test_what_spark_says_of_a_worker_that_is_full(words: str, told: str) -> None:
    with pytest.raises(AuditError, match=told) as failure, Java().told_plainly():
        raise RuntimeError(words)
    assert words not in str(failure.value)


def test_the_users_own_options_of_java_stand_behind_the_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    from pyspark import SparkConf, SparkContext, java_gateway

    began_with = []
    monkeypatch.setattr(java_gateway, "launch_gateway", lambda *_: began_with.append(os.environ["JDK_JAVA_OPTIONS"]))
    monkeypatch.setattr(SparkContext, "_ensure_initialized", lambda **_: None)
    Java().begin({})
    assert "JDK_JAVA_OPTIONS" not in os.environ
    monkeypatch.setenv("JDK_JAVA_OPTIONS", "-Xss4m")
    Java().begin({})
    assert began_with == ["-XX:+ExitOnOutOfMemoryError", "-XX:+ExitOnOutOfMemoryError -Xss4m"]
    assert os.environ["JDK_JAVA_OPTIONS"] == "-Xss4m"
    conf = SparkConf(loadDefaults=False).set("spark.executor.extraJavaOptions", "-Xss8m")
    Java().settle(conf)
    assert conf.get("spark.executor.extraJavaOptions") == "-XX:+ExitOnOutOfMemoryError -Xss8m"


def test_a_java_smaller_than_the_rows_is_enough(tmp_path: Path) -> None:
    (tmp_path / "audit.toml").write_text("[spark]\n" + "".join(f'"{name}" = "{value}"\n' for name, value in SMALLER.items()))
    config = combine(("x.csv",), tmp_path / "audit.toml", {"engine": "spark", "master": "local[1]"})
    cluster = SparkCluster(config, tmp_path / "spill")
    block = os.urandom(2_000_000)
    sent = [Piece(PATIENT, number % 2, f"t{number}", number.to_bytes() + block) for number in range(48)]
    try:
        home = cluster.spread(sent, 2).judged(PATIENT, Echo()).gathered((TO_DRIVER,))  # type: ignore[arg-type]
        came = [(piece.part, piece.table, piece.rows[:1], len(piece.rows)) for piece in home]
        assert list((tmp_path / "spill" / "spark").iterdir()), "the driver's Java spills elsewhere"
    finally:
        cluster.stop()
    assert sorted(came) == sorted((piece.part, piece.table, piece.rows[:1], len(piece.rows)) for piece in sent)
    assert [part for part, *_ in came] == [0] * 24 + [1] * 24
