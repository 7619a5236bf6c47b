"""What a run will need is told from size and columns."""

import gzip
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from audit.cli.front_door import cli
from audit.errors import ExitCode
from audit.machine import capacity
from audit.pipeline import plan as planning
from audit.settings.config import Config

GB = 10**9


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of four processors and 10 GB, as fast as the one on which the figures were taken."""
    monkeypatch.setattr(capacity, "processors", lambda: 4)
    monkeypatch.setattr(capacity, "memory", lambda: 10 * GB)
    monkeypatch.setattr(planning, "seconds_of_yardstick", lambda: planning.measured()["yardstick_seconds"])


def _parquet(path: Path, lines: int, *columns: str) -> Path:
    pq.write_table(pa.table({name: pa.nulls(lines, pa.string()) for name in columns}), path)
    return path


def _planned(*paths: Path, **settings: object) -> planning.Plan:
    return planning.plan(Config(sources=tuple(map(str, paths)), **settings))  # type: ignore[arg-type]


def test_parquet_is_counted_and_text_estimated(tmp_path: Path) -> None:
    text = tmp_path / "b.csv"
    text.write_text("claim_id,units\n" + "C1,1\n" * 400_000, encoding="utf-8")
    found = _planned(_parquet(tmp_path / "a.parquet", 1234, "claim_id"), text)
    assert (found.files[0].lines, found.files[0].is_counted) == (1234, True)
    assert found.files[1].lines == pytest.approx(400_000, rel=0.01)
    assert not found.files[1].is_counted


def test_packed_text_holds_more_lines_than_its_size_says(tmp_path: Path) -> None:
    row = b"C%d,%d,some words of a note that is longer than most\n"
    rows = b"claim_id,units\n" + b"".join(row % (n * 7919, n) for n in range(20_000))
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(rows))
    (found,) = _planned(tmp_path / "a.csv.gz").files
    assert not found.is_counted
    assert found.lines > found.size // 300


def test_more_lines_take_more_of_everything(tmp_path: Path) -> None:
    small, large = (_planned(_parquet(tmp_path / f"{n}.parquet", n, "claim_id")) for n in (1000, 4_000_000))
    assert large.cpu > small.cpu > 0
    assert large.memory > small.memory > 0
    assert small.spill == 0


def test_notes_take_time(tmp_path: Path) -> None:
    without, noted = (
        _planned(_parquet(tmp_path / f"{name}.parquet", 1_000_000, "claim_id", name)) for name in ("units", "Note Text")
    )
    assert noted.cpu - without.cpu == pytest.approx(planning.measured()["seconds_a_million"]["notes"])


def test_threads_shorten_the_clock_and_not_the_work(tmp_path: Path) -> None:
    path = _parquet(tmp_path / "a.parquet", 1_000_000, "claim_id")
    one, four, many = (_planned(path, threads=threads) for threads in (1, None, 512))
    assert one.wall == pytest.approx(one.cpu) == pytest.approx(four.cpu)
    assert one.wall > four.wall == many.wall


def test_what_memory_does_not_hold_is_spilled(tmp_path: Path) -> None:
    path = _parquet(tmp_path / "a.parquet", 1_000_000, "claim_id")
    assert _planned(path).spill == 0
    limited = _planned(path, memory_limit="500MB", spill_dir=tmp_path)
    assert limited.limit == 500_000_000
    assert limited.spill > 0
    assert limited.spill_folder == tmp_path


def test_the_command_tells_it_and_says_where_the_disk_is_too_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(_parquet(tmp_path / "a.parquet", 1_000_000, "claim_id"))
    told = CliRunner().invoke(cli, ["plan", path], standalone_mode=False)
    assert told.return_value == ExitCode.DONE
    assert "1 file, " in told.stdout
    assert "1,000,000 lines" in told.stdout
    assert "Spill      none" in told.stdout
    assert "Report     the 5,000 findings that weigh most in report.html, up to the 50,000 in pages beside it" in told.stdout
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1))
    told = CliRunner().invoke(cli, ["plan", path, "--memory-limit", "200MB"], standalone_mode=False)
    assert told.return_value == ExitCode.INPUT
    assert "which is too little" in told.stdout
