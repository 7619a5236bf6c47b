"""What is looked at before a run begins."""

import gzip
import shutil
import zipfile
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from audit.errors import AuditError, ConfigError, ExitCode
from audit.pipeline import surroundings
from audit.settings.config import Config


@pytest.mark.parametrize(("free", "enough"), [((8 << 20) + 100, True), ((8 << 20) + 99, False), (0, False)])
def test_room_is_looked_for_before_the_run(free: int, enough: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "export.csv"
    source.write_bytes(b"x" * 1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    if enough:
        surroundings.check_room(tmp_path, [source])
        return
    with pytest.raises(AuditError, match=r"The disk is full: .* are free for .*, and this run needs 8\.4 MB") as told:
        surroundings.check_room(tmp_path, [source])
    assert told.value.exit_code == ExitCode.FAILED


@pytest.mark.parametrize(("today", "odd"), [(date(2025, 11, 29), True), (date(2025, 11, 30), False), (date(2031, 1, 1), False)])
def test_a_clock_before_the_services_is_told(today: date, odd: bool) -> None:
    said = surroundings.oddity_of_clock(today, date(2025, 11, 30))
    assert bool(said) is odd
    assert not odd or "2025-11-29" in said[0]


def test_room_for_what_archives_hold_and_memory_does_not_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, packed, archive = (tmp_path / name for name in ("a.csv", "b.csv.gz", "c.zip"))
    plain.write_bytes(b"x" * 2_000_000)
    packed.write_bytes(gzip.compress(b"x" * 3_000_000))
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as into:
        into.writestr("c.csv", b"x" * 5_000_000)
    needed = (8 << 20) + 8_000_000 + 1_000_000
    for memory, more in ((None, 0), (20_000_000, 0), (6_000_000, 1_000_000)):
        for short in (0, 1):
            monkeypatch.setattr(shutil, "disk_usage", lambda _, free=needed + more - short: SimpleNamespace(free=free))
            if short:
                with pytest.raises(AuditError, match="this run needs"):
                    surroundings.check_room(tmp_path, [plain, packed, archive], memory)
            else:
                surroundings.check_room(tmp_path, [plain, packed, archive], memory)


@pytest.mark.parametrize("name", ["a.zip", "a.gz", "b.gz"])
def test_an_archive_that_is_damaged_is_the_reader_s_to_tell(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"" if name == "b.gz" else b"no archive")
    surroundings.check_room(tmp_path, [tmp_path / name])


def test_a_memory_limit_beyond_the_job_s_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes(b"x")
    for has, refused in ((3_999_999_999, True), (4_000_000_000, False), (None, False)):
        monkeypatch.setattr(surroundings.capacity, "memory_and_swap", lambda has=has: has)
        config = Config(("a.csv",), out=tmp_path, memory_limit="4GB")
        if refused:
            with pytest.raises(ConfigError, match=r"memory_limit 4GB is more than the 4,000\.0 MB"):
                surroundings.check_machine(config, [source])
        else:
            surroundings.check_machine(config, [source])
