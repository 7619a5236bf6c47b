"""What is looked at before a run begins."""

import shutil
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from audit.errors import AuditError, ExitCode
from audit.pipeline import surroundings


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
