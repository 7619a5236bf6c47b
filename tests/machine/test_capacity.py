"""What of the machine a process may use, told from files like those of Linux."""

import errno
import os
import resource
import threading
from pathlib import Path

import pytest

from audit.machine import capacity


def _files(folder: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="ascii")
    return folder


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({}, 64),
        ({"cpu.max": "max 100000\n"}, 64),
        ({"cpu.max": "150000 100000\n"}, 2),
        ({"cpu.max": "1000 100000\n"}, 1),
        ({"cpu.max": "9900000 100000\n"}, 64),
        ({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 64),
    ],
)
def test_processors(texts: dict[str, str], expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(64)), raising=False)
    assert capacity.processors(_files(tmp_path, texts)) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({}, 8 << 30),
        ({"memory.max": "max\n"}, 8 << 30),
        ({"memory.max": f"{2 << 30}\n"}, 2 << 30),
        ({"memory/memory.limit_in_bytes": f"{1 << 62}\n"}, 8 << 30),
    ],
)
def test_memory(texts: dict[str, str], expected: int, tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text(f"MemTotal: {8 << 20} kB\nMemFree: 1 kB\n", encoding="ascii")
    assert capacity.memory(_files(tmp_path / "cgroup", texts), tmp_path / "meminfo") == expected
    assert capacity.memory(tmp_path / "none", tmp_path / "none") is None


def test_the_memory_of_a_job_is_the_least_that_any_limit_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info, group = tmp_path / "meminfo", tmp_path / "cgroup"
    info.write_text("MemTotal:       8000000 kB\nMemFree: 1 kB\nSwapTotal: 1000000 kB\n", encoding="ascii")
    no_limit = (capacity.resource.RLIM_INFINITY,) * 2
    monkeypatch.setattr(capacity.resource, "getrlimit", lambda _: no_limit)
    assert capacity.memory_and_swap(group, info) == 9_000_000 * 1024
    assert capacity.memory(group, info) == 8_000_000 * 1024
    for text, has in (("max\n", 9_000_000 * 1024), ("2000000000\n", 2_000_000_000)):
        assert capacity.memory_and_swap(_files(group, {"memory.max": text}), info) == has
    monkeypatch.setattr(capacity.resource, "getrlimit", lambda _: (1_000_000_000,) * 2)
    assert capacity.memory_and_swap(group, info) == capacity.memory(group, info) == 1_000_000_000
    monkeypatch.setattr(capacity.resource, "getrlimit", lambda _: no_limit)
    assert capacity.memory_and_swap(tmp_path / "none", tmp_path / "none") is None


def test_threads_that_the_system_does_not_give_are_told_and_none_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    begin, begun = threading.Thread.start, []

    def refuse_the_third(thread: threading.Thread) -> None:
        begun.append(thread)
        if len(begun) > 2:
            raise RuntimeError("can't start new thread")
        begin(thread)

    before = threading.active_count()
    capacity.must_have_threads(2)
    monkeypatch.setattr(threading.Thread, "start", refuse_the_third)
    with pytest.raises(RuntimeError, match="new thread"):
        capacity.must_have_threads(9)
    assert (len(begun), threading.active_count()) == (3, before)


def test_the_addresses_left_are_those_of_the_limit_without_those_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    statm = tmp_path / "statm"
    statm.write_text("1000 200 30 1 0 99 0\n", encoding="utf-8")
    monkeypatch.setattr(capacity, "_STATM", statm)
    for limit, left in ((None, None), (5_000 * resource.getpagesize(), 4_000 * resource.getpagesize())):
        monkeypatch.setattr(capacity, "addresses", lambda limit=limit: limit)
        assert capacity.addresses_left() == left
    statm.unlink()
    assert capacity.addresses_left() is None


def test_files_that_may_not_be_open_are_told_and_none_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(os.listdir("/proc/self/fd"))
    capacity.must_have_files(9)
    real, given = os.open, []

    def refuse_the_third(path: str, flags: int) -> int:
        if len(given) == 2:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        given.append(path)
        return real(path, flags)

    monkeypatch.setattr(os, "open", refuse_the_third)
    with pytest.raises(OSError, match="Too many open files"):
        capacity.must_have_files(9)
    monkeypatch.undo()
    assert len(os.listdir("/proc/self/fd")) == before
