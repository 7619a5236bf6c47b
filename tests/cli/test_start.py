"""What a start of the program loads: help and usage wait for no engine, and a run for no library that it does not use."""

import subprocess
import sys

from tests.house.checkout import ROOT

_HEAVY = (
    "duckdb", "jinja2", "numpy", "pandas", "pyarrow", "python_calamine", "rich", "scipy", "scipy.stats", "vl_convert",
    "xlsxwriter",
)  # fmt: skip


def _loaded(program: str, *arguments: str) -> set[str]:
    """The heavy libraries that are loaded when a program of a process of its own has run."""
    end = f"import sys; print('loaded', *({set(_HEAVY)!r} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\n{end}", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.rpartition("loaded")[2].split())


_ANSWER = """
import sys
from audit.cli import front_door
for verb in sys.argv[1:]:
    front_door.answer(verb.split() + ["--help"])
"""


def test_help_waits_for_no_library() -> None:
    verbs = ("check", "config", "estimate", "explain", "history list", "init", "reference", "report", "review", "rules", "sample")
    assert _loaded(_ANSWER, "", *verbs, "suppress", "verify") == set()


def test_pandas_is_not_looked_for_where_only_pyarrow_asks() -> None:
    array = "import pyarrow as pa; pa.array(['a']); import pyarrow.compute as pc; pc.equal(pa.array(['a']), 'a')"
    assert "pandas" in _loaded(array), "pyarrow no longer loads pandas unasked: audit/cli/no_pandas.py may go"
    assert _loaded(f"from audit.cli import no_pandas; no_pandas.hide(); {array}") == {"pyarrow", "numpy"}


def test_spark_finds_pandas() -> None:
    spark = "import sys; sys.modules['pyspark'] = sys; from audit.cli import no_pandas; no_pandas.hide()"
    assert "pandas" in _loaded(f"{spark}; import pandas")


def test_the_rules_statistics_load_no_more_of_scipy_than_they_call() -> None:
    called = "from audit.engine import statistics; statistics.usable(); statistics.binomial_at_least(3, 9, 0.5)"
    assert {"scipy"} == _loaded(called) & {"scipy", "scipy.stats", "pandas"}
