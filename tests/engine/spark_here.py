"""Whether Spark can run on this machine, and the marks of tests that need it."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

# An audit of some seconds pays for no second thoughts of Java's compiler: 20 s of CPU become 13.
QUICK_JAVA = {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}


def lacking() -> str:
    """What is not here, in a sentence; empty where nothing is."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        return "Java is not installed"
    if find_spec("pyspark") is None:
        return "PySpark is not installed (make env-spark)"
    return ""


spark = pytest.mark.skipif(bool(lacking()), reason=lacking())
linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system does not tell of processes in /proc")
# PySpark leaves sockets to the garbage collector.
quiet = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
