"""A run comes to its place whole, whatever dies when; one run at a time works in a folder of runs."""

import errno
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.errors import AuditError, ConfigError, ExitCode
from audit.files import exchange, lock
from audit.files.door import make_folder
from audit.runs.folder import publishing, run_folder
from audit.runs.ledgers import attempts, seals
from tests.house.checkout import ROOT
from tests.runs.folder.kills import KEPT, MINE, NEW, OLD, runs, write_run


@pytest.mark.parametrize("way", ["exchange", "renames"])
def test_a_kill_at_any_step_loses_no_month_and_leaves_no_half_of_one(way: str, tmp_path: Path) -> None:
    if way == "exchange" and not can_exchange(tmp_path):
        pytest.skip("this file system cannot exchange two names")
    done = subprocess.run(
        [sys.executable, "-m", "tests.runs.folder.kills", str(tmp_path / "kills"), way],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def can_exchange(folder: Path) -> bool:
    one, other = make_folder(folder / "one"), make_folder(folder / "other")
    return exchange.exchanged(one, other)


def test_two_names_are_exchanged_or_nothing_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = write_run(tmp_path / "one", OLD), write_run(tmp_path / "other", NEW)
    turned = exchange.exchanged(one, other)
    assert runs(tmp_path) == ({"one": NEW, "other": OLD} if turned else {"one": OLD, "other": NEW})
    monkeypatch.setattr(exchange.ctypes, "CDLL", lambda *_, **__: object())
    assert exchange.exchanged(one, other) is False


def test_a_name_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    if not can_exchange(tmp_path):
        pytest.skip("this file system cannot exchange two names")
    with pytest.raises(FileNotFoundError):
        exchange.exchanged(tmp_path / "one", tmp_path / "nothing")


@pytest.mark.parametrize("fails", ["exchange", "second rename"])
def test_a_file_system_that_refuses_half_way_loses_no_run(fails: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_run(tmp_path / "2025-11", MINE)

    def refuse(one: Path, other: Path) -> bool:
        if fails == "second rename":
            publishing.Path.rename(one, tmp_path / "gone by now")
            return False
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(publishing, "exchanged", refuse)
    with pytest.raises(AuditError, match="could not be put at"), run_folder.under_construction(tmp_path) as work:
        run_folder.publish(write_run(work.run, NEW), tmp_path / "2025-11")
    assert MINE in runs(tmp_path).values()
    with run_folder.under_construction(tmp_path):
        assert MINE in runs(tmp_path).values()


def test_a_disk_too_full_for_the_note_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_run(tmp_path / "2025-11", MINE)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(publishing, "write_text", full)
    with pytest.raises(AuditError, match="No space left"), run_folder.under_construction(tmp_path) as work:
        run_folder.publish(write_run(work.run, NEW), tmp_path / "2025-11")
    assert sorted(path.name for path in tmp_path.iterdir()) == [*sorted(KEPT), "2025-11"]
    assert runs(tmp_path) == {"2025-11": MINE}


@pytest.mark.parametrize("note", ["{", '{"label": "../../etc", "manifest": "0"}', "[]", ""])
def test_a_damaged_note_sweeps_no_run_that_may_be_the_only_one(note: str, tmp_path: Path) -> None:
    from tests.report.fixture import make_run

    make_run(tmp_path / publishing.STAGED)
    (tmp_path / publishing.NOTE).write_text(note, encoding="utf-8")
    with run_folder.under_construction(tmp_path) as work:
        assert work.recovered == ("2025-11 had been finished by a run that died before it was in its place; it is there now.",)
    assert (tmp_path / "2025-11" / "manifest.json").is_file()
    assert not (tmp_path / publishing.NOTE).exists()


def test_what_stands_without_a_note_had_not_begun_and_is_swept(tmp_path: Path) -> None:
    write_run(tmp_path / publishing.STAGED, NEW)
    write_run(tmp_path / f"{publishing.PARTIAL}1" / "run", NEW)
    with run_folder.under_construction(tmp_path) as work:
        assert work.recovered == ()
        assert [path.name for path in tmp_path.iterdir() if path != work.folder] == [run_folder.LOCK]


def test_latest_leads_to_the_run_put_last_and_spares_what_is_not_a_link(tmp_path: Path) -> None:
    for label in ("2025-11", "2025-10"):
        publishing.point_latest(write_run(tmp_path / label, label))
        assert (tmp_path / "latest").readlink() == Path(label)
    mine = make_folder(tmp_path / "other" / "latest")
    publishing.point_latest(write_run(tmp_path / "other" / "2025-11", NEW))
    assert not mine.is_symlink()


HOLD = """
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from audit.runs.folder import run_folder
with run_folder.under_construction(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_says_who_holds_the_folder_and_touches_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        before = sorted(tmp_path.iterdir())
        with pytest.raises(ConfigError) as told, run_folder.under_construction(tmp_path):
            pass
        assert told.value.exit_code == ExitCode.USAGE
        assert f"process {holder.pid} on " in told.value.message
        assert ", since 20" in told.value.message
        assert sorted(tmp_path.iterdir()) == before
        holder.kill()
    with run_folder.under_construction(tmp_path) as work:
        assert [path.name for path in tmp_path.iterdir() if path != work.folder] == [run_folder.LOCK]


def test_the_lock_file_is_private_and_is_never_removed(tmp_path: Path) -> None:
    for _ in range(2):
        with run_folder.under_construction(tmp_path):
            number = (tmp_path / run_folder.LOCK).stat().st_ino
        assert (tmp_path / run_folder.LOCK).stat().st_ino == number
    assert (tmp_path / run_folder.LOCK).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "process 7 on des", "\x1b[31mred\n", "\n"])
def test_a_holder_that_has_not_told_of_itself_is_told_without(text: str, tmp_path: Path) -> None:
    with lock.alone(tmp_path / ".lock", "the folder out"):
        (tmp_path / ".lock").write_text(text, encoding="utf-8")
        with pytest.raises(lock.HeldError) as told, lock.alone(tmp_path / ".lock", "the folder out"):
            pass
    assert told.value.message == "Another run is at work in the folder out."


def test_a_file_system_without_locks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(lock.fcntl, "flock", refuse)
    with pytest.raises(ConfigError, match="has no locks"), lock.alone(tmp_path / ".lock", "the folder out"):
        pass


RENDER = """
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from audit.runs.folder import run_folder
with run_folder.undisturbed(Path(sys.argv[1]) / "2025-11"):
    print("held", flush=True)
    sys.stdin.read()
    print(Path(sys.argv[1], "2025-11", "manifest.json").read_text(), flush=True)
"""


def test_a_run_takes_its_place_when_nobody_renders_the_one_that_stands_there(tmp_path: Path) -> None:
    with run_folder.under_construction(tmp_path):
        write_run(tmp_path / "2025-11", MINE)
    with subprocess.Popen(
        [sys.executable, "-c", RENDER, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stdout.readline() == "held\n"
        with run_folder.under_construction(tmp_path) as work:
            waits = threading.Thread(target=run_folder.publish, args=(write_run(work.run, NEW), tmp_path / "2025-11"))
            waits.start()
            waits.join(0.2)
            assert runs(tmp_path) == {"2025-11": MINE}
            reader.stdin.close()
            assert reader.stdout.readline() == f"{MINE}\n", "what is rendered is what was there at first"
            waits.join()
    assert runs(tmp_path)["2025-11"] == NEW


def test_a_run_out_of_its_folder_of_runs_is_rendered_without_a_lock(tmp_path: Path) -> None:
    with run_folder.undisturbed(write_run(tmp_path / "2025-11", MINE)):
        assert [path.name for path in tmp_path.iterdir()] == ["2025-11"]


def test_a_start_removes_drafts_that_are_older_than_a_day(tmp_path: Path) -> None:
    young, old = tmp_path / ".decisions.jsonl.0a.part", tmp_path / ".suppressions.json.0b.part"
    for path in (young, old):
        path.write_text("half", encoding="utf-8")
    os.utime(old, (0, 0))
    with run_folder.under_construction(tmp_path):
        assert (young.exists(), old.exists()) == (True, False)


@pytest.mark.parametrize("comes", ["nothing", "another folder", "another lock"])
def test_a_run_whose_folder_of_runs_went_away_is_not_put_into_another(comes: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with run_folder.under_construction(out) as work:
        work.must_stand()
        out.rename(tmp_path / "gone")
        if comes != "nothing":
            make_folder(out)
        if comes == "another lock":
            (out / run_folder.LOCK).touch()
        with pytest.raises(AuditError, match="was removed, or its disk taken away"):
            work.must_stand()


@pytest.mark.parametrize("name", [".lock", ".runs.lock", "manifests.jsonl", ".manifests.jsonl.lock", "attempts.jsonl"])
@pytest.mark.parametrize("kind", ["folder", "pipe", "loop"])
def test_what_is_no_lock_or_list_is_moved_away_and_the_run_goes_on(kind: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if kind == "folder":
        path.mkdir()
        (path / "mine.txt").write_text("mine", encoding="utf-8")
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(name)
    with run_folder.under_construction(tmp_path) as work:
        assert work.recovered == (f"{name} in {tmp_path} was no plain file; it is kept as {name}.set-aside-1, and begun again.",)
        seals.note(tmp_path, "2025-11", write_run(work.run, NEW), "run", datetime(2026, 1, 5, tzinfo=UTC))
        run_folder.publish(work.run, tmp_path / "2025-11")
    attempts.note(tmp_path, datetime(2026, 1, 5, tzinfo=UTC), None, 0, "2025-11")
    assert runs(tmp_path)["2025-11"] == NEW
    assert (len(seals.read(tmp_path)), (tmp_path / attempts.NAME).is_file()) == (1, True)
    assert kind != "folder" or (tmp_path / f"{name}.set-aside-1" / "mine.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", [".runs.lock", "manifests.jsonl", ".manifests.jsonl.lock"])
def test_what_a_run_writes_at_its_end_and_another_user_holds_stops_it_at_its_start(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).touch()
    monkeypatch.setattr(os, "access", lambda path, _: Path(path).name != name)
    with pytest.raises(ConfigError, match=f"{name} may not be written by this user"), run_folder.under_construction(tmp_path):
        pass
