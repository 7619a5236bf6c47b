"""A year of months, unattended: three jobs by the crontab of docs/cron.md under a clock that is set to each first of a month.

    .venv/bin/python -m tests.year

The lines of the crontab are read from the page and run as cron runs them: by /bin/sh, with little in the environment, and
what they print is the mail. One month's source is missing and comes later, one is cut off, one is corrected and run again.
Prints the mails of those months and what is not as the page promises; 0 where all is.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from audit.runs.folder import soundness
from audit.runs.format import stored
from audit.runs.timeline import history
from audit.settings.periods import period
from tests.end_to_end.command import ROOT
from tests.end_to_end.test_command_line import changed, write_csv

_PAGE = ROOT / "docs" / "cron.md"
_ZONE = ZoneInfo("America/Chicago")
_JOBS = ("east", "west", "north")
_MISSING, _CUT, _CORRECTED = ("west", "2025-05"), ("north", "2025-08"), ("east", "2025-03")
_SETTINGS = """
[audit]
period = "last-month"
select = ["TIM001"]
""" + "".join(f'[[job]]\nname = "{name}"\nsources = ["exports/{name}/{{period}}/*.csv"]\n' for name in _JOBS)


def crontab() -> tuple[str, str]:
    """When, and what, of the one job in the crontab of the page."""
    block = _PAGE.read_text(encoding="utf-8").partition("## cron")[2].split("```")[1]
    (line,) = [line for line in block.splitlines() if re.match(r"[\d*]", line)]
    *when, command = line.split(None, 5)
    return " ".join(when), command


def export(home: Path, job: str, month: str, units: str = "2") -> Path:
    """A practice's export of a month: one finding of 15 minutes billed as two units, unless `units` is right."""
    folder = home / "exports" / job / month
    folder.mkdir(parents=True)
    year, number = month.split("-")
    row = changed(Claim_ID=f"{job}-{month}", DOS=f"{number}/16/{year}", Units=units)
    return write_csv(folder / "claims.csv", row)


def mail_of(home: Path, command: str, at: datetime, *words: str) -> tuple[str, int]:
    """Run a line of the crontab as cron does; gives what it would mail, and the exit code."""
    done = subprocess.run(
        ["/bin/sh", "-c", " ".join((command.replace("/srv/audit", str(home)), *words))],
        env={
            "HOME": str(home), "LOGNAME": "audit", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "TZ": str(_ZONE),
            "SOURCE_DATE_EPOCH": str(int(at.timestamp())),
        },
        cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    return done.stdout, done.returncode


def install(home: Path) -> None:
    """What the page has in /srv/audit: the program in an environment of its own, and audit.toml."""
    program = home / "venv" / "bin" / "claims-audit"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m audit "$@"\n', encoding="utf-8")
    program.chmod(0o700)
    (home / "audit.toml").write_text(_SETTINGS, encoding="utf-8")


def months() -> Iterator[tuple[str, datetime]]:
    """The twelve months of 2025, each with the moment at which cron runs it."""
    for number in range(1, 13):
        at = datetime(2025 + number // 12, number % 12 + 1, 1, 6, 0, tzinfo=_ZONE)
        yield period("last-month", at.date()).label, at


def faults_of_mail(month: str, mail: str, code: int) -> list[str]:
    """What of a month's mail is not as promised: a line for each job, and what went wrong with whom."""
    wrong = []
    lost = {job for job, when in (_MISSING, _CUT) if when == month}
    for job in _JOBS:
        (line,) = re.findall(rf"^\S+ {job} {month}: .*$", mail, re.MULTILINE) or [""]
        wanted = "exit 3; no run" if job in lost else "exit 1; 1 finding"
        if wanted not in line:
            wrong.append(f"{month}, {job}: {wanted!r} is not in the mail: {line or mail!r}")
    if code != (3 if lost else 1):
        wrong.append(f"{month}: exit code {code}")
    return wrong


def faults_of_year(home: Path) -> list[str]:
    """What of the folder of runs is not as promised after the year."""
    out, wrong = home / "out", []
    every = [month for month, _ in months()]
    for job in _JOBS:
        past = history.look(out / job)
        there = [month for month in every if (job, month) != _CUT]
        if [run.label for run in past.runs] != there or past.unread:
            wrong.append(f"{job} has {[run.label for run in past.runs]}, unread {past.unread}")
        for run in (*past.runs, *history.kept(out / job)):
            wrong += [f"{job} {run.label}: {fault}" for fault in soundness.faults(run.folder, stored.read(run.folder))]
        if (out / job / "latest").readlink() != Path("2025-12"):
            wrong.append(f"{job}: latest leads to {(out / job / 'latest').readlink()}")
    page = (out / "index.html").read_text(encoding="utf-8")
    promised = (
        f"{_CUT[1]} was tried on 2025-09-01 and ended with 3",
        f'<a href="{_CORRECTED[0]}/{_CORRECTED[1]}.superseded-1/report.html">',
    )
    wrong += [f"index.html does not say {words!r}" for words in promised if words not in page]
    if page.count("was tried on") != 1:
        wrong.append(f"index.html tells of {page.count('was tried on')} months tried in vain")
    if page.count("<polyline") != len(_JOBS):
        wrong.append("index.html lacks the line of a job's dollars")
    return wrong


def year(home: Path) -> list[str]:
    """Live through the year; gives what was not as promised."""
    install(home)
    when, command = crontab()
    wrong = [] if when == "0 6 1 * *" else [f"the crontab says {when}"]
    codes = Counter[int]()
    for month, at in months():
        for job in _JOBS:
            if (job, month) != _MISSING:
                source = export(home, job, month)
            if (job, month) == _CUT:
                source.write_bytes(source.read_bytes()[:-20])
        mail, code = mail_of(home, command, at)
        codes[code] += 1
        wrong += faults_of_mail(month, mail, code)
        if code != 1 or month == "2025-12":
            print(f"{at:%Y-%m-%d %H:%M %Z}, exit code {code}\n{mail}", flush=True)
        if month == "2025-06":
            export(home, *_MISSING)
            wrong += again(home, command, at + timedelta(days=3), *_MISSING, told="1 finding: 0 new, 1 back again", code=1)
        if month == "2025-07":
            shutil.rmtree(home / "exports" / _CORRECTED[0] / _CORRECTED[1])
            export(home, *_CORRECTED, units="1")
            wrong += again(home, command, at + timedelta(days=2), *_CORRECTED, told="In place of the run of 2025-04-01", code=0)
    print(f"12 calls of cron: {dict(codes)}; two months run again by hand.")
    return wrong + faults_of_year(home)


def again(home: Path, command: str, at: datetime, job: str, month: str, told: str, code: int) -> list[str]:
    """Run a month again by hand; gives what was not as promised."""
    mail, ended = mail_of(home, command, at, "--period", month, "--job", job)
    print(f"{at:%Y-%m-%d}, {job} {month} again, exit code {ended}\n{mail}", flush=True)
    return [] if told in mail and ended == code else [f"{job} {month} run again: {told!r} is not in {mail!r}, exit code {ended}"]


def main() -> int:
    """A year in a folder of its own, or in the one that is named."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--keep", type=Path, help="live in this folder, which must be empty, and leave it there")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = asked.keep or Path(name)
        home.mkdir(exist_ok=True)
        began = os.times()
        wrong = year(home)
        spent = sum(os.times()[:4]) - sum(began[:4])
    print(*wrong, f"{spent:.0f} s of processor time, {len(wrong)} not as promised.", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
