"""The engine on Spark itself, on this machine's cores: refusals in sentences. test_standalone.py holds its answers."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from audit import rules
from audit.engine.engines import open_engine
from audit.errors import AuditError, ConfigError
from audit.settings.config import Config, combine
from tests.end_to_end.command import environment
from tests.engine import processes
from tests.engine.same import found
from tests.engine.spark_here import QUICK_JAVA, linux, quiet, spark
from tests.oracle_rules.random_lines import write

pytestmark = quiet


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    for name, value in QUICK_JAVA.items():
        monkeypatch.setenv(name, value)
    claims, settings = write(tmp_path, 1, "full", 300)
    return combine((str(claims),), settings, {"engine": "spark", "master": "local[2]", "partitions": 2})


@spark
def test_workers_with_another_program_are_refused(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from audit.engine.spark import lying

    monkeypatch.setattr(lying, "identity", lambda: {"claims-audit": "0.0.1", "code": "0", "duckdb": "1.0.0"})
    with pytest.raises(ConfigError, match=r"A worker has claims-audit .*; this is claims-audit 0\.0\.1") as refusal:
        found(open_engine, config, rules.choose(rules.load(), ("TIM001",), ()), tmp_path)
    assert "Install the same claims-audit" in refusal.value.hint


@spark
def test_what_a_part_fails_of_is_told_without_a_cell(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from audit.engine.spark import parted

    failing = (("39_claim_line.sql", "SELECT CAST(patient_id AS INTEGER) FROM claim_row"),)
    monkeypatch.setattr(parted, "_sql", lambda steps: failing)
    with pytest.raises(AuditError, match=r"39_claim_line\.sql failed in a part.*a value could not be computed") as told:
        found(open_engine, config, (), tmp_path)
    assert "P00" not in str(told.value)


def test_without_pyspark_the_extra_is_named(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(ConfigError, match="needs PySpark, which is not installed") as refusal, open_engine(config, tmp_path):
        pass
    assert "pip install 'claims-audit[spark]'" in refusal.value.hint
    assert refusal.value.exit_code == 2


@spark
def test_without_java_its_name_is_told(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(ConfigError, match="needs Java 17"), open_engine(config, tmp_path):
        pass


@pytest.mark.parametrize(("flag", "value"), [("master", "local[2]"), ("partitions", 3)])
def test_what_only_a_cluster_has_is_refused_without_one(flag: str, value: object) -> None:
    with pytest.raises(ConfigError, match=f"{flag} is set, and the engine duckdb has none"):
        combine(("x.csv",), None, {flag: value})


def test_a_setting_that_is_none_of_sparks_is_refused(tmp_path: Path) -> None:
    (tmp_path / "audit.toml").write_text('[spark]\n"executor.memory" = "8g"\n')
    with pytest.raises(ConfigError, match=r"'executor\.memory' is no setting of Spark's"):
        combine(("x.csv",), tmp_path / "audit.toml", {})


@spark
@linux
def test_a_run_that_is_stopped_while_java_starts_leaves_no_java(tmp_path: Path) -> None:
    processes.adopt()
    with subprocess.Popen(
        [sys.executable, "-m", "audit", "run", str(write(tmp_path, 1, "full", 300)[0]), "--engine", "spark"],
        cwd=tmp_path,
        env={**environment(tmp_path), **QUICK_JAVA, "SPARK_LOCAL_IP": "127.0.0.1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        while not _javas(run.pid) and run.poll() is None:
            time.sleep(0.05)
        run.send_signal(signal.SIGTERM)
        assert run.stderr is not None
        said = run.stderr.read()
    assert (run.returncode, said.strip().splitlines()[-1]) == (130, "Interrupted; no run folder was written.")
    assert _javas(run.pid) == []


def _javas(session: int) -> list[int]:
    return [one.pid for one in processes.below() if one.session == session and "SparkSubmit" in one.command]


@spark
def test_what_libraries_log_is_no_talk_of_the_program(tmp_path: Path) -> None:
    logging_inside = """
import logging, pathlib
from audit.engine.spark.cluster import open_spark
from audit.settings.config import Config
with open_spark(Config(sources=()), pathlib.Path("spill")):
    logging.error("KeyboardInterrupt while sending command.")
    logging.getLogger("py4j").error("a traceback")
"""
    done = subprocess.run(
        [sys.executable, "-c", logging_inside],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
