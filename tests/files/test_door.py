"""The one door for files: whole or not at all, its owner's alone, and nothing left of what did not come to an end."""

import ast
import os
from pathlib import Path

import pytest

from audit.files import door
from tests.house.checkout import ROOT


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_file_is_its_owners_alone_and_replaces_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before", encoding="utf-8")
    path.chmod(0o644)
    assert door.write_text(path, "a\nb\r\nü").read_bytes() == "a\nb\r\nü".encode()
    assert mode(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_file_that_does_not_come_to_an_end_leaves_the_one_before(tmp_path: Path, error: type[BaseException]) -> None:
    path = door.write_text(tmp_path / "a.txt", "before")
    with pytest.raises(error), door.new_file(path) as stream:
        stream.write(b"half of it")
        raise error
    assert path.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_nobody_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with door.new_file(path) as stream:
        stream.write(b"half")
        stream.flush()
        assert not path.exists()


def test_a_file_that_must_be_new_keeps_the_one_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "key"
    with door.new_file(path, replacing=False) as stream:
        stream.write(b"first")
    with pytest.raises(FileExistsError), door.new_file(path, replacing=False) as stream:
        stream.write(b"second")
    assert path.read_bytes() == b"first"
    assert mode(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_it_is_new_also_where_the_system_has_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    for content in (b"first", b"second"):
        try:
            with door.new_file(tmp_path / "key", replacing=False) as stream:
                stream.write(content)
        except FileExistsError:
            assert content == b"second"
    assert (tmp_path / "key").read_bytes() == b"first"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_scratch_folder_is_private_and_goes_with_its_content(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="broken"), door.scratch_folder(tmp_path) as folder:
        assert mode(folder) == 0o700
        (folder / "below").mkdir()
        (folder / "below" / "rows.csv").write_text("x", encoding="utf-8")
        raise ValueError("broken")
    assert list(tmp_path.iterdir()) == []


def test_what_a_broken_off_block_left_goes_with_the_process(tmp_path: Path) -> None:
    block = door.scratch_folder(tmp_path)
    folder = block.__enter__()  # and never left
    assert folder.is_dir()
    door._remove_unfinished()
    assert list(tmp_path.iterdir()) == []


# Scratch copies below a scratch folder are no outputs; reference/ still writes its own scratch and record.
_MAY_WRITE = {"audit/files/door.py", "audit/intake", "audit/reference"}
_WRITERS = {"write_text", "write_bytes", "fdopen", "mkstemp", "mkdtemp", "TemporaryDirectory", "NamedTemporaryFile", "mkdir"}


def test_no_other_module_writes_files() -> None:
    for path in sorted((ROOT / "audit").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if any(name.startswith(allowed) for allowed in _MAY_WRITE):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                of_path = node.func.attr in _WRITERS
                assert not of_path, f"{name}, line {node.lineno}: {node.func.attr}() goes past audit/files/door.py"


def test_what_is_no_plain_file_is_not_read(tmp_path: Path) -> None:
    pipe, device, loop, huge = (tmp_path / name for name in ("pipe", "device", "loop", "huge"))
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    loop.symlink_to(loop)
    with huge.open("wb") as file:
        file.truncate((1 << 30) + 1)
    for path, said in (
        (pipe, "no plain file"),
        (device, "no plain file"),
        (tmp_path, "directory"),
        (huge, "larger than 1024 MB"),
    ):
        with pytest.raises(OSError, match=said):
            door.read_whole(path)
    for path in (loop, tmp_path / "none"):
        with pytest.raises(OSError, match=r"symbolic links|No such file"):
            door.read_whole(path)
    for path in (pipe, device):
        with pytest.raises(OSError, match="no plain file"):
            door.add_line(path, b"{}")
