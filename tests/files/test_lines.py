"""Lists of lines beside the runs: what cannot be read of them is passed over, and named."""

import os
from pathlib import Path

import pytest

from audit.errors import InputError
from audit.files import lines
from audit.runs.ledgers import attempts, seals
from audit.runs.ledgers.attempts import Attempt

SOUND = b'{"at": "2026-01-01T06:00:00+0000", "period": "2025-12", "code": 3, "label": null, "said": "no export"}\n'


@pytest.mark.parametrize(
    ("content", "read", "said"),
    [
        (b"", 0, None),
        (SOUND, 1, None),
        (SOUND.replace(b"\n", b"\r\n") + b"\n  \n" + SOUND, 2, None),
        (SOUND + SOUND[:20], 1, "line 2 is damaged and passed over"),
        (SOUND[:20] + b"\n" + SOUND + b"\0\n", 1, "2 of its 3 lines (line 1 first) are damaged and passed over"),
        (b"\xef\xbb\xbf" + SOUND, 0, "line 1 is damaged"),
        (SOUND.decode().encode("utf-16"), 0, "are damaged"),
        (SOUND.replace(b"3", b'"3"'), 0, "line 1 is damaged"),
        (b"[" * 200_000, 0, "line 1 is damaged"),
        (b"null\n", 0, "line 1 is damaged"),
        (b'{"code": NaN}', 0, "line 1 is damaged"),
    ],
)
def test_what_is_damaged_is_passed_over_and_named(content: bytes, read: int, said: str | None, tmp_path: Path) -> None:
    (tmp_path / attempts.NAME).write_bytes(content)
    assert len(lines.read(tmp_path / attempts.NAME, Attempt)) == read
    told = attempts.damage(tmp_path)
    assert len(told) == (said is not None)
    assert said is None or said in told[0]


def test_a_list_that_is_not_there_is_no_damage(tmp_path: Path) -> None:
    assert (attempts.damage(tmp_path), seals.damage(tmp_path), seals.read(tmp_path)) == ((), (), ())


def test_a_list_that_is_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / seals.NAME).mkdir()
    os.mkfifo(tmp_path / attempts.NAME)
    assert "cannot be read: Is a directory. Move it away; it is begun again." in seals.damage(tmp_path)[0]
    assert "cannot be read: it is no plain file." in attempts.damage(tmp_path)[0]


def test_files_that_may_not_be_open_are_no_damage_of_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / attempts.NAME).write_bytes(SOUND)

    def short(_: Path) -> bytes:
        raise OSError(24, os.strerror(24))

    monkeypatch.setattr(lines, "read_whole", short)
    with pytest.raises(OSError, match="Too many open files") as told:
        attempts.failed_since(tmp_path, ())
    assert not isinstance(told.value, InputError)
