"""Runs that cannot be read are named, and stand in nobody's way."""

import errno
import os
import random
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.errors import InputError
from audit.runs.folder import soundness
from audit.runs.format import stored
from audit.runs.ledgers import seals
from audit.runs.timeline import history
from tests.report.fixture import make_run


def _remove(path: Path) -> None:
    path.unlink()


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _scrawl(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[8:2000] = random.Random(1).randbytes(1992)
    path.write_bytes(content)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _other_shape(path: Path) -> None:
    pq.write_table(pa.table({"finding": ["PATIENT-0001"]}), path)


def _other_types(path: Path) -> None:
    pq.write_table(pa.table({"finding_id": ["0"], "service_date": ["PATIENT-0001"]}), path)


@pytest.mark.parametrize(
    ("name", "damage", "said"),
    [
        ("manifest.json", _remove, "2025-10 is not the folder of a finished run: it holds no manifest.json."),
        ("manifest.json", _cut, "2025-10/manifest.json cannot be read: it is not JSON."),
        ("manifest.json", _folder, "2025-10/manifest.json cannot be read: Is a directory."),
        ("findings.parquet", _remove, "2025-10/findings.parquet is missing."),
        *(
            ("findings.parquet", damage, "2025-10/findings.parquet cannot be read: it is damaged, or of another shape.")
            for damage in (_cut, _scrawl, _folder, _other_shape, _other_types)
        ),
    ],
)
def test_a_damaged_run_is_named_and_the_others_are_found(
    name: str, damage: Callable[[Path], None], said: str, tmp_path: Path
) -> None:
    sound, broken = make_run(tmp_path / "2025-11"), make_run(tmp_path / "2025-10")
    damage(broken / name)
    (tmp_path / "latest").symlink_to("2025-10")
    found = history.look(tmp_path)
    assert [run.folder for run in found.runs] == [sound]
    assert found.unread == (said,)


def test_a_run_that_lacks_a_column_that_is_compared_is_refused_in_a_sentence(tmp_path: Path) -> None:
    one, other = make_run(tmp_path / "2025-10"), make_run(tmp_path / "2025-11")
    path = one / "findings.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["message"]), path)
    assert len(history.look(tmp_path).runs) == 2
    with pytest.raises(InputError, match="of another shape"):
        history.compare(history.read_run(one), history.read_run(other))


def test_a_folder_that_this_user_may_not_enter_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_run(tmp_path / "2025-11")
    (tmp_path / "2025-10").mkdir()
    may = {tmp_path / "2025-11": True, tmp_path / "2025-10": False}
    monkeypatch.setattr(history.os, "access", lambda path, _: may[path])
    past = history.look(tmp_path)
    assert [run.label for run in past.runs] == ["2025-11"]
    assert past.unread == ("2025-10 is not the folder of a finished run: it holds no manifest.json.",)


@pytest.mark.parametrize("name", ["manifest.json", "findings.parquet"])
@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENOMEM])
def test_a_trouble_of_the_machine_is_no_damage_of_an_earlier_run(
    number: int, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_run(tmp_path / "2025-11")

    def short(path: Path, *_: object) -> bytes:
        raise OSError(number, os.strerror(number), str(path))

    if name == "manifest.json":
        monkeypatch.setattr(stored, "read_whole", short)
    else:
        monkeypatch.setattr(history, "schema_of", short)
    with pytest.raises(OSError, match=os.strerror(number)) as told:
        history.look(tmp_path)
    assert told.value.errno == number


def test_memory_that_arrow_lacks_is_no_damage_of_an_earlier_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_run(tmp_path / "2025-11")

    def short(*_: object) -> None:
        raise pa.lib.ArrowMemoryError("malloc of size 64 failed")

    monkeypatch.setattr(history, "schema_of", short)
    with pytest.raises(MemoryError):
        history.look(tmp_path)


def test_a_folder_of_runs_that_cannot_be_listed_is_not_taken_for_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_run(tmp_path / "2025-11")

    def short(path: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), str(path))

    monkeypatch.setattr(os, "listdir", short)
    monkeypatch.setattr(os, "scandir", short)
    for look in (history.look, history.kept, history.known):
        with pytest.raises(OSError, match="Too many open files"):
            look(tmp_path)


def test_what_was_changed_in_an_earlier_run_and_still_reads_is_named(tmp_path: Path) -> None:
    for label in ("2025-10", "2025-11", "2025-12"):
        folder = make_run(tmp_path / label)
        manifest = stored.write(stored.read(folder), folder, [history.FINDINGS])
        seals.note(tmp_path, label, folder, "run", manifest.run.created_at)
    past = history.look(tmp_path)
    assert [*soundness.altered(past.runs, seals.read(tmp_path))] == []
    changed = tmp_path / "2025-10" / "manifest.json"
    changed.write_bytes(changed.read_bytes().replace(b"\n", b"\r\n"))
    findings = tmp_path / "2025-12" / "findings.parquet"
    pq.write_table(pq.read_table(findings).slice(1), findings)
    told = [*soundness.altered(history.look(tmp_path).runs, seals.read(tmp_path))]
    assert [sentence.partition(" ")[0] for sentence in told] == ["2025-10/manifest.json", "2025-12/findings.parquet"]
    (tmp_path / seals.NAME).unlink()
    assert len([*soundness.altered(past.runs, ())]) == 1, "what no list names cannot be told from it"
