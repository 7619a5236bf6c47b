"""What no file of the tree may say, and what the tree must hold."""

import re

import pytest

from tests.house.checkout import ROOT, text_files

# Written apart so that this file does not find itself.
HOSTS = ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "deb." + "debian.org")
FOLDERS = ("/ho" + "me/", "/ro" + "ot/", "/wo" + "rk/", "/op" + "t/", "/Us" + "ers/", "C:" + "\\Users")
UNFINISHED = ("TO" + "DO", "FIX" + "ME", "X" * 3 + ":")


@pytest.mark.parametrize("words", [HOSTS, FOLDERS, UNFINISHED], ids=["package hosts", "one machine's folders", "unfinished"])
def test_no_file_says(words: tuple[str, ...]) -> None:
    said = [f"{path}: {word}" for path, text in text_files() for word in words if word in text]
    assert not said


def test_text_ends_in_one_newline_and_has_no_carriage_return() -> None:
    ours = [(path, text) for path, text in text_files() if path.suffix in {".md", ".py", ".sh", ".sql", ".toml"}]
    assert not [str(path) for path, text in ours if text and (not text.endswith("\n") or text.endswith("\n\n"))]
    assert not [str(path) for path, _ in ours if b"\r" in (ROOT / path).read_bytes()]


def test_git_ignores_no_source_folder() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert not {"reports/", "/reports/", "queries/", "/queries/", "data/", "docs/"} & set(ignored)


def test_every_make_target_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    explained = set(re.findall(r"^([a-z-]+):.*## \S", makefile, re.MULTILINE))
    assert {"audit", "test", "check", "docs", "wheel-test", "bench", "mutate", "lock", "clean", "help"} <= explained


def test_the_changelog_speaks_of_rules_and_of_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in changelog
    assert "### Rules" in changelog


def test_scripts_can_be_run() -> None:
    for name in (".ci/run", ".ci/wheel-test", "requirements/install.sh", "requirements/lock.sh"):
        path = ROOT / name
        assert path.read_bytes().startswith(b"#!"), name
        assert path.stat().st_mode & 0o100, f"{name} is not executable"
