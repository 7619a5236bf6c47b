"""Every month, unattended: several jobs in one call, what the mail says, and the page over all runs."""

import json
import re
from pathlib import Path

import pytest

from audit.machine import interrupts
from tests.end_to_end.command import ROOT, claims_audit
from tests.end_to_end.test_command_line import changed, left_in, write_csv

SETTINGS = """
[audit]
select = ["TIM001"]
[[job]]
name = "east"
sources = ["ex/east-{period}.csv"]
[[job]]
name = "west side"
sources = ["ex/west-{period}.csv"]
entity = "West"
fail_on = "high"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "ex").mkdir()
    (tmp_path / "audit.toml").write_text(SETTINGS, encoding="utf-8")
    for month in (10, 11):
        write_csv(tmp_path / "ex" / f"east-2025-{month}.csv", changed(Claim_ID=f"E{month}", DOS=f"{month}/16/2025"))
    write_csv(tmp_path / "ex" / "west-2025-11.csv", changed(Claim_ID="W11"))
    return tmp_path


def test_one_failing_job_stops_no_other_and_the_index_and_the_mail_say_so(home: Path) -> None:
    october = claims_audit("run", "--period", "2025-10", "--log", "line", cwd=home)
    assert october.code == 3
    east, west = october.out.splitlines()
    assert re.match(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} east 2025-10: exit 0; 1 finding: 1 new, 0 back again; potential overpayment "
        r"\$25\.00, of it federal \$25\.00; potential underbilling \$0\.00; not judged \d+\.",
        east,
    )
    assert re.search(r"NCCI edits of .* Manifest [0-9a-f]{64}\.$", east)
    assert " west side 2025-10: exit 3; no run. ex/west-2025-10.csv does not exist." in west
    assert "ex/west-2025-10.csv does not exist" in october.err
    november = claims_audit("run", "--period", "2025-11", "--log", "line", cwd=home)
    assert november.code == 1, "the second job's fail_on"
    assert "0 new, 1 back again" in november.out.splitlines()[0]
    page = (home / "out" / "index.html").read_text(encoding="utf-8")
    assert "2025-10 was tried on " in page
    assert "ended with 3: ex/west-2025-10.csv does not exist." in page
    links = re.findall(r'<a href="([^"]+)">', page)
    assert links == ["east/2025-11/report.html", "east/2025-10/report.html", "west%20side/2025-11/report.html"]
    assert page.count("<polyline") == 1, "a line wants two runs"
    assert "style-src &#39;sha256-" in page
    write_csv(home / "ex" / "west-2025-10.csv", changed(Claim_ID="W10", DOS="10/16/2025"))
    again = claims_audit("run", "--period", "2025-10", "--job", "west side", cwd=home)
    assert again.code == 1
    assert again.out == "out/west side/2025-10/report.html\n"
    assert "was tried" not in (home / "out" / "index.html").read_text(encoding="utf-8")


def test_the_settings_of_each_job_are_shown(home: Path) -> None:
    done = claims_audit("config", "--period", "2025-11", "--format", "json", cwd=home)
    assert done.code == 0, done.err
    told = {(one["job"], one["setting"]): (one["value"], one["from"]) for one in json.loads(done.out)}
    assert told["east", "entity"] == (None, "default")
    assert told["west side", "entity"] == ("West", "audit.toml, [[job]] west side")
    assert told["west side", "sources"] == (["ex/west-2025-11.csv"], "audit.toml, [[job]] west side")
    assert told["west side", "select"] == (["TIM001"], "audit.toml")
    assert told["west side", "out"] == ("out/west side", "default")
    table = claims_audit("config", "--period", "2025-11", "--job", "east", cwd=home).out
    assert table.startswith("Job east\nSetting")
    assert "west" not in table


def test_a_log_of_objects(home: Path) -> None:
    done = claims_audit("run", "--period", "2025-10", "--log", "json", cwd=home)
    east, west = map(json.loads, done.out.splitlines())
    assert (east["job"], east["label"], east["code"], east["over_once"]) == ("east", "2025-10", 0, "25.00")
    assert east["standing"] == {"new": 1}
    assert (west["job"], west["label"], west["code"]) == ("west side", "2025-10", 3)
    assert "does not exist" in west["said"][0]
    table = (
        (ROOT / "docs" / "cron.md")
        .read_text(encoding="utf-8")
        .partition("| key | what it holds |\n|---|---|\n")[2]
        .partition("\n\n")[0]
    )
    documented = [key for row in table.splitlines() for key in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert set(documented) == set(east), "docs/cron.md lists every key"
    assert set(documented[:5]) == set(west)


def test_quiet_is_quiet(home: Path) -> None:
    for form in ("text", "line", "json"):
        done = claims_audit("run", "--period", "2025-11", "--job", "east", "--quiet", "--log", form, cwd=home)
        assert (done.code, done.out, done.err) == (0, "", "")


def test_a_job_has_a_folder_of_its_own_or_the_one_it_names(home: Path) -> None:
    with (home / "audit.toml").open("a", encoding="utf-8") as file:
        file.write('out = "elsewhere"\n')
    done = claims_audit("run", "--period", "2025-11", "--out", "runs", cwd=home)
    assert done.code == 1, done.err
    assert {"index.html", "east", "west side"} <= left_in(home / "runs")
    assert not (home / "elsewhere").exists(), "a flag goes before a job's own word"
    done = claims_audit("run", "--period", "2025-11", cwd=home)
    assert done.out == "out/east/2025-11/report.html\nelsewhere/2025-11/report.html\n"


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        (SETTINGS, ("x.csv",), "Say with --job which of them"),
        (SETTINGS, ("--job", "eest"), "The nearest name is east"),
        ("", ("x.csv", "--job", "east"), "has no [[job]]"),
        (SETTINGS.replace("west side", "../west"), (), "cannot be a folder's"),
        (SETTINGS.replace("west side", "latest."), (), "cannot be a folder's"),
        (SETTINGS.replace("west side", "EAST"), (), "two [[job]] tables"),
        (SETTINGS.replace('name = "east"', ""), (), "name"),
        (SETTINGS.replace("entity", "entitee"), (), "`entity` is a key of"),
    ],
)
def test_jobs_that_cannot_be_are_refused(text: str, words: tuple[str, ...], said: str, home: Path) -> None:
    (home / "audit.toml").write_text(text, encoding="utf-8")
    done = claims_audit("run", "--period", "2025-11", *words, cwd=home)
    assert done.code == 2
    assert said in done.err
    assert not (home / "out").exists()


def test_one_run_has_its_index_too(home: Path) -> None:
    (home / "audit.toml").unlink()
    assert claims_audit("run", "ex/east-2025-11.csv", "--select", "TIM001", cwd=home).code == 0
    assert claims_audit("run", "ex/none.csv", "--period", "2025-12", cwd=home).code == 3
    page = (home / "out" / "index.html").read_text(encoding="utf-8")
    assert '<a href="2025-11/report.html">2025-11</a>' in page
    assert "2025-12 was tried on" in page


def test_signals_are_heard_again_when_more_work_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import signal

    monkeypatch.setattr(interrupts, "_state", interrupts._State())
    before = signal.signal(signal.SIGTERM, interrupts._note)
    try:
        interrupts.done()
        os.kill(os.getpid(), signal.SIGTERM)
        interrupts.go_on()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
