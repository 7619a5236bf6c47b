"""The rivals of benchmarks/ find what the program finds, finding by finding and to the cent."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pytest

from benchmarks import chain, core
from benchmarks.rivals.agree import CORE, differences

LINES = 9_000


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """An export with many errors in both formats, and what the program finds in it."""
    with TemporaryDirectory() as name:
        chain.write(LINES, [Path(name) / "export.parquet", Path(name) / "export.csv"], errors=0.6)
        core.main(f"{name}/export.parquet", f"{name}/core.parquet")
        yield Path(name)


def test_the_export_has_what_the_core_rules_look_for(folder: Path) -> None:
    found = duckdb.sql(f"SELECT DISTINCT rule_id FROM '{folder}/core.parquet'").fetchall()
    # No payer of the export counts by the midpoint alone (TIM002), and no edit of its codes but massage's has indicator 0.
    assert set(CORE) - {rule for (rule,) in found} <= {"TIM002", "MOD003"}


@pytest.mark.parametrize("kind", ["parquet", "csv"])
@pytest.mark.parametrize("rival", ["polars", "pandas"])
def test_a_rival_finds_the_same(rival: str, kind: str, folder: Path) -> None:
    if not find_spec(rival):
        pytest.skip(f"{rival} is not installed: requirements/dev.txt has it")
    out = folder / f"{rival}.{kind}.parquet"
    import_module(f"benchmarks.rivals.in_{rival}").main(f"{folder}/export.{kind}", str(out))
    assert differences(folder / "export.parquet", folder / "core.parquet", out) == []


def test_a_difference_is_told(folder: Path) -> None:
    out = folder / "other.parquet"
    duckdb.sql(
        f"""
        COPY (
            SELECT 'TIM001' AS rule_id, -1 AS line, CAST(NULL AS DOUBLE) AS amount
            FROM '{folder}/core.parquet' LIMIT 1
        ) TO '{out}' (FORMAT parquet)
        """
    )
    told = differences(folder / "export.parquet", folder / "core.parquet", out)
    assert any(line.startswith("TIM001:") and "1 added" in line for line in told)


def test_the_same_size_gives_the_same_rows() -> None:
    first, again = (pa.concat_tables(chain.batches(500)) for _ in range(2))
    assert first.equals(again)
    assert first.num_rows == 500
