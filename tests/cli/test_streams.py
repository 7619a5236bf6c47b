"""Streams that are closed, full or gone: the run is whole all the same, and the exit code tells of lost data alone."""

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from audit.cli import streams
from tests.end_to_end.command import environment
from tests.end_to_end.test_command_line import GOOD, KEPT_BESIDE, write_csv

# A program that does what the command line does, without an audit.
TALKER = """
import sys
from audit import cli
from audit.cli import front_door
import click

def answer(arguments):
    click.echo("talk", err=True)
    click.echo("data " + chr(0xe9) + chr(0xdce9))
    open("written", "w").write("whole")
    return 0

front_door.answer = answer
cli.main([])
"""


def talk(folder: Path, redirected: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["/bin/sh", "-c", f'"$0" -c "$1" {redirected}', sys.executable, TALKER],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("redirected", "code", "out", "told"),
    [
        ("", 0, b"data \xc3\xa9\xe9\n", b"talk\n"),
        ("2>&-", 0, b"data \xc3\xa9\xe9\n", b""),
        ("<&- 2>&-", 0, b"data \xc3\xa9\xe9\n", b""),
        ("2>/dev/full", 0, b"data \xc3\xa9\xe9\n", b""),
        (">/dev/full", 4, b"", b"No space left on device"),
        (">&-", 4, b"", b"it is closed"),
        (">&- 2>&-", 4, b"", b""),
        (">/dev/full 2>/dev/full", 4, b"", b""),
        ("| :", 0, b"", b"talk\n"),
    ],
)
def test_what_cannot_be_said_stops_nothing(redirected: str, code: int, out: bytes, told: bytes, tmp_path: Path) -> None:
    done = talk(tmp_path, redirected)
    assert (done.returncode, done.stdout) == (code, out)
    assert told in done.stderr
    assert b"Traceback" not in done.stderr
    assert (tmp_path / "written").read_text(encoding="utf-8") == "whole"


def test_a_stream_that_fails_takes_everything_and_remembers_why() -> None:
    with streams._Forgiving("/dev/full", "w") as stream:
        assert stream.write(b"data") == 4
        assert stream.write(memoryview(b"more")) == 4
        assert stream.trouble is not None
        assert stream.trouble.errno == errno.ENOSPC


def limited(what: int, size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(what, (size, size))


@pytest.mark.parametrize(
    ("what", "size", "said"),
    [
        (resource.RLIMIT_FSIZE, 4096, "A file would grow larger than this user may write."),
        (resource.RLIMIT_NOFILE, 10, "more open files than it may have"),
        (resource.RLIMIT_AS, 900_000_000, "There is not enough memory for this run."),
    ],
)
def test_a_limit_of_the_job_is_a_sentence(what: int, size: int, said: str, tmp_path: Path) -> None:
    source = tmp_path / "export.csv"
    source.write_text("Claim ID,Patient ID,DOS,CPT,Units,Payer\n" + "C1,P1,11/13/2025,97124,2,Aetna\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "audit", "run", str(source), "--quiet", "--select", "CLM001"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limited(what, size),
    )
    assert done.returncode == 4, done.stderr
    assert done.stderr.startswith("claims-audit: ")
    assert said in done.stderr
    assert not (tmp_path / "out").exists() or set(os.listdir(tmp_path / "out")) <= KEPT_BESIDE


def test_a_limit_of_addresses_costs_the_charts_and_not_the_run(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "export.csv", GOOD)
    done = subprocess.run(
        [sys.executable, "-m", "audit", "run", str(source), "--select", "TIM001", "--quiet"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limited(resource.RLIMIT_AS, 6 << 30),
    )
    assert done.returncode == 0, done.stderr
    assert "The report has no charts: " in (tmp_path / "out" / "2025-11" / "manifest.json").read_text(encoding="utf-8")
    assert "<svg" not in (tmp_path / "out" / "2025-11" / "report.html").read_text(encoding="utf-8")
